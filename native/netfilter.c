#include "netfilter.h"

#include "emit.h"
#include "facts.h"
#include "rule-text.h"
#include "text.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LEGACY_MEMBER "\"legacy\":true"

/* NFPROTO_…, linux/netfilter.h. */
static const char *family_name(unsigned family)
{
	switch (family) {
	case 1: return "inet";
	case 2: return "ip";
	case 3: return "arp";
	case 5: return "netdev";
	case 7: return "bridge";
	case 10: return "ip6";
	default: return "?";
	}
}

static const char *hook_name(unsigned family, unsigned hook)
{
	static const char *const ip[] = { "prerouting", "input", "forward", "output", "postrouting", "ingress" };
	static const char *const arp[] = { "input", "output", "forward" };
	static const char *const netdev[] = { "ingress", "egress" };

	if (family == 3)
		return hook < 3 ? arp[hook] : "?";
	if (family == 5)
		return hook < 2 ? netdev[hook] : "?";
	return hook < 6 ? ip[hook] : "?";
}

static void table_begin(struct netns *netns, const char *family, const char *table)
{
	fact_begin(netns, FACT_TABLE);
	line_text("family", family);
	line_text("table", table);
}

static void put_place(const char *family, const char *table, const char *chain, bool legacy)
{
	if (legacy)
		line_flag("legacy", true);
	line_text("family", family);
	line_text("table", table);
	line_text("chain", chain);
}

bool fact_is_legacy(const struct fact *fact)
{
	return !strncmp(fact->parts[FACT_KEY], LEGACY_MEMBER, strlen(LEGACY_MEMBER));
}

static bool is_not_legacy(const struct fact *fact)
{
	return !fact_is_legacy(fact);
}

void chain_begin(struct netns *netns, const char *family, const char *table, const char *chain, bool legacy)
{
	fact_begin(netns, FACT_CHAIN);
	put_place(family, table, chain, legacy);
}

void rule_begin(struct netns *netns, const char *family, const char *table, const char *chain, uint64_t handle,
		bool legacy)
{
	fact_begin(netns, FACT_RULE);
	put_place(family, table, chain, legacy);
	line_unsigned("handle", handle);
}

/* The name of a table, and all that is below it. */
static bool is_of_table(const struct fact *fact, const void *what)
{
	return is_not_legacy(fact) && !strncmp(fact->parts[FACT_KEY], what, strlen(what));
}

static bool is_new(const struct nlmsghdr *header, unsigned message)
{
	return NFNL_MSG_TYPE(header->nlmsg_type) == message;
}

static void take_table(struct netns *netns, const struct nlmsghdr *header, unsigned family, const struct rtattr **a)
{
	char name[128];

	netlink_text(name, sizeof name, a[NFTA_TABLE_NAME]);
	table_begin(netns, family_name(family), name);
	if (is_new(header, NFT_MSG_NEWTABLE)) {
		fact_take();
		return;
	}
	const struct fact *table = fact_find();
	char *key = table ? print_text("%s", table->parts[FACT_KEY]) : NULL;
	if (key) {
		facts_remove(netns, FACT_RULE, is_of_table, key);
		facts_remove(netns, FACT_CHAIN, is_of_table, key);
	}
	free(key);
	table_begin(netns, family_name(family), name);
	fact_remove();
}

static void put_hook(unsigned family, const struct rtattr **a)
{
	const struct rtattr *inner[NFTA_HOOK_MAX + 1] = { 0 };
	char type[32];

	if (!a[NFTA_CHAIN_HOOK])
		return;
	netlink_parse(inner, NFTA_HOOK_MAX, RTA_DATA(a[NFTA_CHAIN_HOOK]), RTA_PAYLOAD(a[NFTA_CHAIN_HOOK]));
	netlink_text(type, sizeof type, a[NFTA_CHAIN_TYPE]);
	line_text("type", type);
	line_text("hook", hook_name(family, netlink_be32(inner[NFTA_HOOK_HOOKNUM])));
	line_integer("priority", (int32_t)netlink_be32(inner[NFTA_HOOK_PRIORITY]));
	if (a[NFTA_CHAIN_POLICY])
		line_text("policy", netlink_be32(a[NFTA_CHAIN_POLICY]) ? "accept" : "drop");
}

static void take_chain(struct netns *netns, const struct nlmsghdr *header, unsigned family, const struct rtattr **a)
{
	char table[128], chain[128];

	netlink_text(table, sizeof table, a[NFTA_CHAIN_TABLE]);
	netlink_text(chain, sizeof chain, a[NFTA_CHAIN_NAME]);
	chain_begin(netns, family_name(family), table, chain, false);
	if (!is_new(header, NFT_MSG_NEWCHAIN)) {
		fact_remove();
		return;
	}
	fact_part(FACT_BODY);
	put_hook(family, a);
	fact_take();
}

/* libnftnl's udata: type, length, value; type 0 is the comment. */
static void put_comment(struct text *words, const struct rtattr *data)
{
	const unsigned char *at = data ? RTA_DATA(data) : NULL;
	size_t left = data ? RTA_PAYLOAD(data) : 0;

	for (; left >= 2 && left >= 2u + at[1]; left -= 2u + at[1], at += 2u + at[1])
		if (at[0] == 0)
			text_word(words, "comment \"%.*s\"", (int)at[1], (const char *)at + 2);
}

static void take_rule(struct netns *netns, const struct nlmsghdr *header, unsigned family, const struct rtattr **a)
{
	char table[128], chain[128];
	struct rule_text rule = { 0 };

	netlink_text(table, sizeof table, a[NFTA_RULE_TABLE]);
	netlink_text(chain, sizeof chain, a[NFTA_RULE_CHAIN]);
	rule_begin(netns, family_name(family), table, chain, netlink_be64(a[NFTA_RULE_HANDLE]), false);
	if (!is_new(header, NFT_MSG_NEWRULE)) {
		fact_remove();
		return;
	}
	rule_expressions(&rule, (int)family, a[NFTA_RULE_EXPRESSIONS]);
	put_comment(&rule.words, a[NFTA_RULE_USERDATA]);
	fact_part(FACT_BODY);
	line_text("text", rule.words.length ? rule.words.data : "");
	fact_part(FACT_EXTRA);
	if (a[NFTA_RULE_POSITION])
		line_unsigned("previous", netlink_be64(a[NFTA_RULE_POSITION]));
	else if (header->nlmsg_flags & NLM_F_APPEND && !(header->nlmsg_flags & NLM_F_MULTI))
		line_flag("last", true); /* an event: the kernel names the one before only in the middle */
	struct fact *fact = fact_take();
	if (fact && rule.counts)
		fact_count(fact, rule.packets, rule.bytes, netns->counting);
	netns->translates = netns->translates || rule.tracks;
	rule_text_free(&rule);
}

static const struct {
	unsigned add, remove;
	void (*take)(struct netns *netns, const struct nlmsghdr *header, unsigned family, const struct rtattr **a);
} messages[] = {
	{ NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, take_table },
	{ NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, take_chain },
	{ NFT_MSG_NEWRULE, NFT_MSG_DELRULE, take_rule },
};

#define ATTRIBUTES 16

void netfilter_take(struct netns *netns, const struct nlmsghdr *header)
{
	const struct nfgenmsg *body = NLMSG_DATA(header);
	const struct rtattr *attributes[ATTRIBUTES + 1];
	unsigned message = NFNL_MSG_TYPE(header->nlmsg_type);

	if (NFNL_SUBSYS_ID(header->nlmsg_type) != NFNL_SUBSYS_NFTABLES ||
	    header->nlmsg_len < NLMSG_LENGTH(sizeof *body))
		return;
	netlink_parse(attributes, ATTRIBUTES, (const char *)body + NLMSG_ALIGN(sizeof *body),
		      header->nlmsg_len - NLMSG_LENGTH(NLMSG_ALIGN(sizeof *body)));
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		if (message == messages[i].add || message == messages[i].remove)
			messages[i].take(netns, header, body->nfgen_family, attributes);
}

static void take(const struct nlmsghdr *header, void *netns)
{
	netfilter_take(netns, header);
}

static int ask(struct netns *netns, int netfilter, unsigned message)
{
	struct {
		struct nlmsghdr header;
		struct nfgenmsg body;
	} request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_flags = NLM_F_DUMP,
			    .nlmsg_type = (unsigned short)(NFNL_SUBSYS_NFTABLES << 8 | message) },
		.body = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 },
	};

	return netlink_ask(netfilter, &request.header, take, netns);
}

void netfilter_dump(struct netns *netns, int netfilter)
{
	static const struct {
		enum fact_kind kind;
		unsigned message;
	} all[] = { { FACT_TABLE, NFT_MSG_GETTABLE }, { FACT_CHAIN, NFT_MSG_GETCHAIN }, { FACT_RULE, NFT_MSG_GETRULE } };
	bool complete = true;

	for (size_t i = 0; i < 3; i++) {
		facts_unseen(netns, all[i].kind, is_not_legacy);
		complete = ask(netns, netfilter, all[i].message) == 0 && complete;
	}
	/* A chain goes after its rules, a table after its chains. */
	for (size_t i = 3; complete && i-- > 0;)
		facts_remove_unseen(netns, all[i].kind, is_not_legacy);
}

void netfilter_count(struct netns *netns, int netfilter)
{
	netns->counting = true;
	ask(netns, netfilter, NFT_MSG_GETRULE);
	netns->counting = false;
}
