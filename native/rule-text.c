#include "rule-program.h"

#include "netlink.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void rule_text_free(struct rule_text *rule)
{
	text_free(&rule->words);
}

static void say_held(struct program *program)
{
	if (program->held[0])
		text_word(&program->rule->words, "%s", program->held);
	program->held[0] = 0;
}

static void compare(struct program *program, const struct rtattr **a)
{
	static const char *const operators[] = { " ", " != ", " < ", " <= ", " > ", " >= " };
	struct loaded *loaded = register_at(program, a[NFTA_CMP_SREG]), states = *loaded;
	uint32_t operator = netlink_be32(a[NFTA_CMP_OP]);
	char value[160];
	size_t length;
	const unsigned char *bytes = data_bytes(a[NFTA_CMP_DATA], &length);

	if (loaded->masked && loaded->value == VALUE_STATE && operator == NFT_CMP_NEQ) {
		/* ct state & (related|established) != 0 */
		value_text(value, sizeof value, (states.prefix = -1, &states), (unsigned char *)&loaded->mask, 4);
		operator = NFT_CMP_EQ;
	} else {
		value_text(value, sizeof value, loaded, bytes, length);
	}
	if (loaded->masked && loaded->value != VALUE_IP && loaded->value != VALUE_IP6 && loaded->value != VALUE_STATE) {
		loaded->prefix = -1;
		value_text(value, sizeof value, loaded, bytes, length);
		say_held(program);
		text_word(&program->rule->words, "%s & 0x%x%s%s", loaded->field, loaded->mask,
			  operator == NFT_CMP_EQ ? " == " : operators[operator < 6 ? operator : 0], value);
		return;
	}
	bool protocol = loaded->value == VALUE_PROTOCOL && operator == NFT_CMP_EQ;
	if (protocol)
		snprintf(program->rule->protocol, sizeof program->rule->protocol, "%.15s", value);
	if (loaded->value == VALUE_NFPROTO && operator == NFT_CMP_EQ && length)
		program->family = bytes[0];
	say_held(program);
	if (protocol || (loaded->value == VALUE_NFPROTO && operator == NFT_CMP_EQ))
		snprintf(program->held, sizeof program->held, "%.16s %.14s", loaded->field, value);
	else
		text_word(&program->rule->words, "%s%s%s", loaded->field, operators[operator < 6 ? operator : 0], value);
}

static void range(struct program *program, const struct rtattr **a)
{
	struct loaded *loaded = register_at(program, a[NFTA_RANGE_SREG]);
	char from[160], to[160];
	size_t length;
	const unsigned char *bytes = data_bytes(a[NFTA_RANGE_FROM_DATA], &length);

	value_text(from, sizeof from, loaded, bytes, length);
	bytes = data_bytes(a[NFTA_RANGE_TO_DATA], &length);
	value_text(to, sizeof to, loaded, bytes, length);
	say_held(program);
	text_word(&program->rule->words, "%s%s%s-%s", loaded->field,
		  netlink_be32(a[NFTA_RANGE_OP]) == NFT_RANGE_NEQ ? " != " : " ", from, to);
}

static void verdict(struct program *program, const struct rtattr *nest)
{
	const struct rtattr *inner[NFTA_VERDICT_MAX + 1] = { 0 };
	char chain[128];

	if (nest)
		netlink_parse(inner, NFTA_VERDICT_MAX, RTA_DATA(nest), RTA_PAYLOAD(nest));
	netlink_text(chain, sizeof chain, inner[NFTA_VERDICT_CHAIN]);
	switch ((int)netlink_be32(inner[NFTA_VERDICT_CODE])) {
	case 0: text_word(&program->rule->words, "drop"); break;
	case 1: text_word(&program->rule->words, "accept"); break;
	case 3: text_word(&program->rule->words, "queue"); break;
	case NFT_JUMP: text_word(&program->rule->words, "jump %s", chain); break;
	case NFT_GOTO: text_word(&program->rule->words, "goto %s", chain); break;
	case NFT_RETURN: text_word(&program->rule->words, "return"); break;
	default: text_word(&program->rule->words, "continue"); break;
	}
}

static void immediate(struct program *program, const struct rtattr **a)
{
	const struct rtattr *inner[NFTA_DATA_MAX + 1] = { 0 };

	if (a[NFTA_IMMEDIATE_DATA])
		netlink_parse(inner, NFTA_DATA_MAX, RTA_DATA(a[NFTA_IMMEDIATE_DATA]),
			      RTA_PAYLOAD(a[NFTA_IMMEDIATE_DATA]));
	if (!inner[NFTA_DATA_VERDICT]) {
		load_immediate(program, a);
		return;
	}
	say_held(program);
	verdict(program, inner[NFTA_DATA_VERDICT]);
}

static void nat(struct program *program, const struct rtattr **a)
{
	bool six = netlink_be32(a[NFTA_NAT_FAMILY]) == PROTO_IPV6;
	enum value value = six ? VALUE_IP6 : VALUE_IP;
	char from[64], to[64], port[64], last[64];

	program->rule->tracks = true;
	held_value(from, sizeof from, program, a[NFTA_NAT_REG_ADDR_MIN], value);
	held_value(to, sizeof to, program, a[NFTA_NAT_REG_ADDR_MAX], value);
	held_value(port, sizeof port, program, a[NFTA_NAT_REG_PROTO_MIN], VALUE_BIG);
	held_value(last, sizeof last, program, a[NFTA_NAT_REG_PROTO_MAX], VALUE_BIG);
	if (!strcmp(from, to))
		to[0] = 0;
	if (!strcmp(port, last))
		last[0] = 0;
	text_word(&program->rule->words, "%s to %s%s%s%s%s%s%s%s%s",
		  netlink_be32(a[NFTA_NAT_TYPE]) == NFT_NAT_DNAT ? "dnat" : "snat", six && port[0] ? "[" : "", from,
		  to[0] ? "-" : "", to, six && port[0] ? "]" : "", port[0] ? ":" : "", port, last[0] ? "-" : "", last);
}

static void masquerade(struct program *program, const struct rtattr **a)
{
	(void)a;
	program->rule->tracks = true;
	text_word(&program->rule->words, "masquerade");
}

static void redirect(struct program *program, const struct rtattr **a)
{
	char port[64];

	program->rule->tracks = true;
	held_value(port, sizeof port, program, a[NFTA_REDIR_REG_PROTO_MIN], VALUE_BIG);
	text_word(&program->rule->words, "redirect%s%s", port[0] ? " to :" : "", port);
}

static void counter(struct program *program, const struct rtattr **a)
{
	program->rule->counts = true;
	program->rule->packets = netlink_be64(a[NFTA_COUNTER_PACKETS]);
	program->rule->bytes = netlink_be64(a[NFTA_COUNTER_BYTES]);
}

static void lookup(struct program *program, const struct rtattr **a)
{
	struct loaded *loaded = register_at(program, a[NFTA_LOOKUP_SREG]);
	char set[128];

	netlink_text(set, sizeof set, a[NFTA_LOOKUP_SET]);
	say_held(program);
	text_word(&program->rule->words, "%s %s%s@%s", loaded->field,
		  netlink_be32(a[NFTA_LOOKUP_FLAGS]) & NFT_LOOKUP_F_INV ? "!= " : "", a[NFTA_LOOKUP_DREG] ? "vmap " : "",
		  set);
}

static void reject(struct program *program, const struct rtattr **a)
{
	bool reset = netlink_be32(a[NFTA_REJECT_TYPE]) == NFT_REJECT_TCP_RST;

	text_word(&program->rule->words, reset ? "reject with tcp reset" : "reject");
}

static void log_packet(struct program *program, const struct rtattr **a)
{
	char prefix[128];

	netlink_text(prefix, sizeof prefix, a[NFTA_LOG_PREFIX]);
	text_word(&program->rule->words, prefix[0] ? "log prefix \"%s\"" : "log%s", prefix);
}

static void limit(struct program *program, const struct rtattr **a)
{
	unsigned long long rate = netlink_be64(a[NFTA_LIMIT_RATE]), unit = netlink_be64(a[NFTA_LIMIT_UNIT]);
	const char *per = unit == 1 ? "second" : unit == 60 ? "minute" : unit == 3600 ? "hour" : "day";

	text_word(&program->rule->words, "limit rate %s%llu%s/%s",
		  netlink_be32(a[NFTA_LIMIT_FLAGS]) & NFT_LIMIT_F_INV ? "over " : "", rate,
		  netlink_be32(a[NFTA_LIMIT_TYPE]) == NFT_LIMIT_PKT_BYTES ? " bytes" : "", per);
}

static const void *info_of(const struct rtattr *attribute, size_t *size)
{
	*size = attribute ? RTA_PAYLOAD(attribute) : 0;
	return attribute ? RTA_DATA(attribute) : "";
}

static void match(struct program *program, const struct rtattr **a)
{
	char name[32];
	size_t size;
	const void *info = info_of(a[NFTA_MATCH_INFO], &size);

	netlink_text(name, sizeof name, a[NFTA_MATCH_NAME]);
	if (!strcmp(name, program->rule->protocol) || !strcmp(name, "multiport"))
		program->held[0] = 0; /* these say the protocol */
	xt_match(program->rule, name, netlink_be32(a[NFTA_MATCH_REV]), info, size);
}

static void target(struct program *program, const struct rtattr **a)
{
	char name[32];
	size_t size;
	const void *info = info_of(a[NFTA_TARGET_INFO], &size);

	netlink_text(name, sizeof name, a[NFTA_TARGET_NAME]);
	xt_target(program->rule, program->family == PROTO_IPV6 ? AF_INET6 : AF_INET, name,
		  netlink_be32(a[NFTA_TARGET_REV]), info, size);
}

static const struct {
	const char *name;
	void (*take)(struct program *program, const struct rtattr **attributes);
	bool loads; /* says nothing itself: what is held back may still be said by what follows */
} expressions[] = {
	{ "meta", load_meta, true },	      { "payload", load_payload, true },    { "ct", load_ct, true },
	{ "bitwise", load_bitwise, true }, { "cmp", compare, true },	       { "range", range, true },
	{ "immediate", immediate, true }, { "fib", load_fib, true },	       { "counter", counter, true },
	{ "match", match, true },     { "lookup", lookup, true },      { "nat", nat, false },
	{ "masq", masquerade, false }, { "redir", redirect, false },   { "reject", reject, false },
	{ "log", log_packet, false }, { "limit", limit, false },       { "target", target, false },
};

#define ATTRIBUTES 16 /* none of these expressions has more */

static void take(struct program *program, const struct rtattr *element)
{
	const struct rtattr *outer[NFTA_EXPR_MAX + 1], *inner[ATTRIBUTES + 1] = { 0 };
	char name[32];

	netlink_parse(outer, NFTA_EXPR_MAX, RTA_DATA(element), RTA_PAYLOAD(element));
	netlink_text(name, sizeof name, outer[NFTA_EXPR_NAME]);
	if (outer[NFTA_EXPR_DATA])
		netlink_parse(inner, ATTRIBUTES, RTA_DATA(outer[NFTA_EXPR_DATA]), RTA_PAYLOAD(outer[NFTA_EXPR_DATA]));
	for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
		if (strcmp(name, expressions[i].name))
			continue;
		if (!expressions[i].loads)
			say_held(program);
		expressions[i].take(program, inner);
		return;
	}
	say_held(program);
	text_word(&program->rule->words, "[%s]", name);
}

void rule_expressions(struct rule_text *rule, int family, const struct rtattr *list)
{
	struct program program = { .rule = rule, .family = family };
	const struct rtattr *element = list ? RTA_DATA(list) : NULL;

	for (size_t i = 0; i < REGISTERS; i++)
		program.registers[i].prefix = -1;
	for (int left = list ? (int)RTA_PAYLOAD(list) : 0; RTA_OK(element, left); element = RTA_NEXT(element, left))
		take(&program, element);
	say_held(&program);
}
