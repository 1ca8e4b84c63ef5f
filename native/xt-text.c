#include "rule-text.h"

#include "addresses.h"

#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_LOG.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_comment.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define LIMIT_SCALE 10000 /* xt_limit.h: the average is kept in ten-thousandths of a second */

static unsigned big(uint16_t number)
{
	const unsigned char *bytes = (const unsigned char *)&number;

	return (unsigned)bytes[0] << 8 | bytes[1];
}

static void ports(struct rule_text *rule, const char *protocol, const char *field, const uint16_t range[2],
		  bool inverted)
{
	if (!inverted && range[0] == 0 && range[1] == 0xffff)
		return;
	if (range[0] == range[1])
		text_word(&rule->words, "%s %s %s%u", protocol, field, inverted ? "!= " : "", range[0]);
	else
		text_word(&rule->words, "%s %s %s%u-%u", protocol, field, inverted ? "!= " : "", range[0], range[1]);
}

static void tcp(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_tcp tcp;

	(void)revision;
	memcpy(&tcp, info, sizeof tcp);
	ports(rule, "tcp", "sport", tcp.spts, tcp.invflags & XT_TCP_INV_SRCPT);
	ports(rule, "tcp", "dport", tcp.dpts, tcp.invflags & XT_TCP_INV_DSTPT);
	if (tcp.flg_mask)
		text_word(&rule->words, "tcp flags & 0x%x %s 0x%x", tcp.flg_mask,
			  tcp.invflags & XT_TCP_INV_FLAGS ? "!=" : "==", tcp.flg_cmp);
}

static void udp(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_udp udp;

	(void)revision;
	memcpy(&udp, info, sizeof udp);
	ports(rule, "udp", "sport", udp.spts, udp.invflags & XT_UDP_INV_SRCPT);
	ports(rule, "udp", "dport", udp.dpts, udp.invflags & XT_UDP_INV_DSTPT);
}

/* iptables' bits of the states: 1 is invalid, then 2, 4, 8 as nft's, 128 and 256 the NAT ones. */
static void states(struct rule_text *rule, unsigned bits, bool inverted)
{
	char names[64];

	rule->tracks = true;
	state_names(names, sizeof names, bits);
	if (names[0])
		text_word(&rule->words, "ct state %s%s", inverted ? "!= " : "", names);
	if (bits & XT_CONNTRACK_STATE_SNAT || bits & XT_CONNTRACK_STATE_DNAT)
		text_word(&rule->words, "ct status %s%s%s%s", inverted ? "!= " : "",
			  bits & XT_CONNTRACK_STATE_SNAT ? "snat" : "",
			  bits & XT_CONNTRACK_STATE_SNAT && bits & XT_CONNTRACK_STATE_DNAT ? "," : "",
			  bits & XT_CONNTRACK_STATE_DNAT ? "dnat" : "");
}

/* Ports of the connection as it was before and behind NAT; in this revision in the host's byte order. */
static unsigned tracked_ports(struct rule_text *rule, const struct xt_conntrack_mtinfo3 *conntrack)
{
	const struct {
		unsigned flag;
		const char *direction, *field;
		uint16_t range[2];
	} matches[] = {
		{ XT_CONNTRACK_ORIGSRC_PORT, "ct original", "proto-src",
		  { conntrack->origsrc_port, conntrack->origsrc_port_high } },
		{ XT_CONNTRACK_ORIGDST_PORT, "ct original", "proto-dst",
		  { conntrack->origdst_port, conntrack->origdst_port_high } },
		{ XT_CONNTRACK_REPLSRC_PORT, "ct reply", "proto-src",
		  { conntrack->replsrc_port, conntrack->replsrc_port_high } },
		{ XT_CONNTRACK_REPLDST_PORT, "ct reply", "proto-dst",
		  { conntrack->repldst_port, conntrack->repldst_port_high } },
	};
	unsigned told = 0;

	for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
		if (!(conntrack->match_flags & matches[i].flag))
			continue;
		told |= matches[i].flag;
		ports(rule, matches[i].direction, matches[i].field, matches[i].range,
		      conntrack->invert_flags & matches[i].flag);
	}
	return told;
}

static void conntrack(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_conntrack_mtinfo3 conntrack;
	unsigned told = XT_CONNTRACK_STATE;

	memcpy(&conntrack, info, sizeof conntrack);
	rule->tracks = true;
	if (revision == 3 && conntrack.match_flags & XT_CONNTRACK_STATE)
		states(rule, conntrack.state_mask, conntrack.invert_flags & XT_CONNTRACK_STATE);
	if (revision == 3)
		told |= tracked_ports(rule, &conntrack);
	if (revision != 3 || conntrack.match_flags & ~told)
		text_word(&rule->words, "xt match \"conntrack\"");
}

static void state(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_state_info state;

	(void)revision;
	memcpy(&state, info, sizeof state);
	states(rule, state.statemask, false);
}

static void address_kinds(struct rule_text *rule, const char *field, unsigned bits, bool inverted)
{
	for (unsigned type = 0; type < 9; type++)
		if (bits & 1u << type)
			text_word(&rule->words, "fib %s type %s%s", field, inverted ? "!= " : "", address_type(type));
}

static void addrtype(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_addrtype_info_v1 addrtype;

	(void)revision;
	memcpy(&addrtype, info, sizeof addrtype);
	address_kinds(rule, "saddr", addrtype.source, addrtype.flags & XT_ADDRTYPE_INVERT_SOURCE);
	address_kinds(rule, "daddr", addrtype.dest, addrtype.flags & XT_ADDRTYPE_INVERT_DEST);
}

static void comment(struct rule_text *rule, unsigned revision, const void *info)
{
	(void)revision;
	text_word(&rule->words, "comment \"%.*s\"", XT_MAX_COMMENT_LEN, (const char *)info);
}

static void multiport(struct rule_text *rule, unsigned revision, const void *info)
{
	static const char *const fields[] = { "sport", "dport", "port" };
	struct xt_multiport_v1 multiport;
	char list[XT_MULTI_PORTS * 8];
	size_t at = 0;

	(void)revision;
	memcpy(&multiport, info, sizeof multiport);
	list[0] = 0;
	for (size_t i = 0; i < multiport.count && i < XT_MULTI_PORTS && at < sizeof list; i++)
		at += (size_t)snprintf(list + at, sizeof list - at, "%s%u",
				       !i ? "" : multiport.pflags[i - 1] ? "-" : ", ", multiport.ports[i]);
	text_word(&rule->words, "%s %s %s{ %s }", rule->protocol[0] ? rule->protocol : "th",
		  fields[multiport.flags < 3 ? multiport.flags : 2], multiport.invert ? "!= " : "", list);
}

/* ipt_icmp and ip6t_icmp: type, first and last code, what is inverted. */
static void icmp(struct rule_text *rule, unsigned revision, const void *info)
{
	const unsigned char *bytes = info;

	(void)revision;
	text_word(&rule->words, "icmp type %s%u", bytes[3] ? "!= " : "", bytes[0]);
}

static void mark(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_mark_mtinfo1 mark;

	(void)revision;
	memcpy(&mark, info, sizeof mark);
	text_word(&rule->words, "meta mark & 0x%x %s 0x%x", mark.mask, mark.invert ? "!=" : "==", mark.mark);
}

static void limit(struct rule_text *rule, unsigned revision, const void *info)
{
	struct xt_rateinfo limit;

	(void)revision;
	memcpy(&limit, info, sizeof limit);
	/* The average is the time between two packets. */
	if (limit.avg)
		text_word(&rule->words, "limit rate %u/minute", 60u * LIMIT_SCALE / limit.avg);
}

static const struct {
	const char *name;
	unsigned revision; /* at least */
	size_t size;
	void (*say)(struct rule_text *rule, unsigned revision, const void *info);
} matches[] = {
	{ "tcp", 0, sizeof(struct xt_tcp), tcp },
	{ "udp", 0, sizeof(struct xt_udp), udp },
	{ "conntrack", 3, sizeof(struct xt_conntrack_mtinfo3), conntrack },
	{ "state", 0, sizeof(struct xt_state_info), state },
	{ "addrtype", 1, sizeof(struct xt_addrtype_info_v1), addrtype },
	{ "comment", 0, XT_MAX_COMMENT_LEN, comment },
	{ "multiport", 1, sizeof(struct xt_multiport_v1), multiport },
	{ "icmp", 0, 4, icmp },
	{ "icmp6", 0, 4, icmp },
	{ "mark", 1, sizeof(struct xt_mark_mtinfo1), mark },
	{ "limit", 0, sizeof(struct xt_rateinfo), limit },
};

void xt_match(struct rule_text *rule, const char *name, unsigned revision, const void *info, size_t size)
{
	for (size_t i = 0; i < sizeof matches / sizeof *matches; i++)
		if (!strcmp(name, matches[i].name) && revision >= matches[i].revision && size >= matches[i].size) {
			matches[i].say(rule, revision, info);
			return;
		}
	rule->tracks = rule->tracks || !strncmp(name, "conn", 4);
	text_word(&rule->words, "xt match \"%s\"", name);
}

/* One form for all: the older ones hold IPv4 addresses and come as a list of one. */
static bool nat_range(struct nf_nat_range *range, int family, const void *info, size_t size, bool list)
{
	struct nf_nat_ipv4_multi_range_compat old;

	memset(range, 0, sizeof *range);
	if (!list && size >= sizeof *range) {
		memcpy(range, info, sizeof *range);
		return true;
	}
	if (family != AF_INET || size < sizeof old)
		return false;
	memcpy(&old, info, sizeof old);
	range->flags = old.range[0].flags;
	range->min_addr.ip = old.range[0].min_ip;
	range->max_addr.ip = old.range[0].max_ip;
	range->min_proto = old.range[0].min;
	range->max_proto = old.range[0].max;
	return true;
}

static void nat_to(struct text *to, int family, const struct nf_nat_range *range)
{
	char from[64], until[64], address[136] = "", port[32] = "";
	size_t length = family == AF_INET6 ? 16 : 4;
	bool six = family == AF_INET6 && range->flags & NF_NAT_RANGE_PROTO_SPECIFIED;
	unsigned first = big(range->min_proto.all), last = big(range->max_proto.all);

	address_text(from, sizeof from, family, &range->min_addr, length);
	address_text(until, sizeof until, family, &range->max_addr, length);
	if (range->flags & NF_NAT_RANGE_MAP_IPS)
		snprintf(address, sizeof address, strcmp(from, until) ? "%s-%s" : "%s", from, until);
	if (range->flags & NF_NAT_RANGE_PROTO_SPECIFIED)
		snprintf(port, sizeof port, first != last ? ":%u-%u" : ":%u", first, last);
	if (address[0] || port[0])
		text_word(to, "to %s%s%s%s", six ? "[" : "", address, six ? "]" : "", port);
}

static bool nat(struct rule_text *rule, int family, const char *name, unsigned revision, const void *info, size_t size)
{
	static const struct {
		const char *name, *word;
	} known[] = { { "DNAT", "dnat" }, { "SNAT", "snat" }, { "MASQUERADE", "masquerade" }, { "REDIRECT", "redirect" } };
	struct nf_nat_range range;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(name, known[i].name))
			continue;
		rule->tracks = true;
		text_word(&rule->words, "%s", known[i].word);
		if (nat_range(&range, family, info, size, revision == 0 && family == AF_INET))
			nat_to(&rule->words, family, &range);
		return true;
	}
	return false;
}

void xt_target(struct rule_text *rule, int family, const char *name, unsigned revision, const void *info, size_t size)
{
	if (nat(rule, family, name, revision, info, size))
		return;
	if (!strcmp(name, "REJECT"))
		text_word(&rule->words, "reject");
	else if (!strcmp(name, "LOG") && size >= sizeof(struct xt_log_info))
		text_word(&rule->words, "log prefix \"%.30s\"", ((const struct xt_log_info *)info)->prefix);
	else
		text_word(&rule->words, "xt target \"%s\"", name);
	rule->tracks = rule->tracks || !strcmp(name, "CT") || !strncmp(name, "CONN", 4);
}
