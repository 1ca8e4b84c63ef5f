#include "legacy-table.h"

#include "addresses.h"

#include <string.h>
#include <sys/socket.h>

static void say_verdict(const struct table *table, const struct entry *entry, struct rule_text *rule)
{
	int verdict = ((const struct xt_standard_target *)target_of(table, entry))->verdict;

	if (verdict == XT_RETURN)
		text_word(&rule->words, "return");
	else if (verdict < 0)
		text_word(&rule->words, -verdict - 1 == 0 ? "drop" : -verdict - 1 == 1 ? "accept" : "queue");
	else if ((unsigned)verdict != entry->next)
		text_word(&rule->words, "jump %s", chain_at(table, (unsigned)verdict));
}

static unsigned ones(const unsigned char *mask, size_t length)
{
	unsigned count = 0;

	while (count < length * 8 && mask[count / 8] & 0x80 >> count % 8)
		count++;
	return count;
}

static void say_address(struct rule_text *rule, const struct layout *layout, const char *field, const void *address,
			const void *mask, bool inverted)
{
	size_t length = layout->family == AF_INET6 ? 16 : 4;
	unsigned prefix = ones(mask, length);
	char text[64];

	if (!prefix)
		return;
	address_text(text, sizeof text, layout->family, address, length);
	text_word(&rule->words, prefix == length * 8 ? "%s %s %s%s" : "%s %s %s%s/%u", layout->name, field,
		  inverted ? "!= " : "", text, prefix);
}

/* "veth+" is kept as a name whose mask ends before the "+". */
static void say_interface(struct rule_text *rule, const char *field, const char *name, const unsigned char *mask,
			  bool inverted)
{
	size_t length = strnlen(name, IFNAMSIZ), masked = 0;

	while (masked < length && mask[masked])
		masked++;
	if (length)
		text_word(&rule->words, "%s %s\"%.*s%s\"", field, inverted ? "!= " : "", (int)masked, name,
			  length < IFNAMSIZ && !mask[length] ? "*" : "");
}

/* The rows of both families' headers that mean the same. */
#define SAY_HEADER(header, flags) do { \
	say_interface(rule, "iifname", (header).iniface, (header).iniface_mask, (flags) & IPT_INV_VIA_IN); \
	say_interface(rule, "oifname", (header).outiface, (header).outiface_mask, (flags) & IPT_INV_VIA_OUT); \
	say_address(rule, table->layout, "saddr", &(header).src, &(header).smsk, (flags) & IPT_INV_SRCIP); \
	say_address(rule, table->layout, "daddr", &(header).dst, &(header).dmsk, (flags) & IPT_INV_DSTIP); \
	if ((header).proto) \
		protocol_name(rule->protocol, sizeof rule->protocol, (header).proto); \
	inverted = (flags) & XT_INV_PROTO; \
} while (0)

/* "tcp dport 80" says the protocol. */
static bool says_protocol(const struct table *table, const struct entry *entry, const char *protocol)
{
	unsigned at = entry->at + (unsigned)table->layout->entry;
	const struct xt_entry_match *match = (const struct xt_entry_match *)(table->data + at);

	if (entry->target - at < sizeof *match)
		return false;
	return !strcmp(match->u.user.name, protocol) || !strcmp(match->u.user.name, "multiport");
}

static void say_header(const struct table *table, const struct entry *entry, struct rule_text *rule)
{
	bool inverted = false;

	if (table->layout == &four) {
		struct ipt_entry raw;

		memcpy(&raw, table->data + entry->at, sizeof raw);
		SAY_HEADER(raw.ip, raw.ip.invflags);
	} else {
		struct ip6t_entry raw;

		memcpy(&raw, table->data + entry->at, sizeof raw);
		SAY_HEADER(raw.ipv6, raw.ipv6.invflags);
	}
	if (rule->protocol[0] && (inverted || !says_protocol(table, entry, rule->protocol)))
		text_word(&rule->words, "meta l4proto %s%s", inverted ? "!= " : "", rule->protocol);
}

void legacy_rule(const struct table *table, const struct entry *entry, struct rule_text *rule)
{
	const struct xt_entry_target *target = target_of(table, entry);

	say_header(table, entry, rule);
	for (unsigned at = entry->at + (unsigned)table->layout->entry; at < entry->target;) {
		const struct xt_entry_match *match = (const struct xt_entry_match *)(table->data + at);
		unsigned size = match->u.match_size;

		if (size < sizeof *match || size > entry->target - at || size % XT_ALIGNMENT)
			break;
		xt_match(rule, match->u.user.name, match->u.user.revision, match->data, size - sizeof *match);
		at += size;
	}
	if (!strcmp(target->u.user.name, XT_STANDARD_TARGET))
		say_verdict(table, entry, rule);
	else if (target->u.target_size >= sizeof *target && entry->target + target->u.target_size <= entry->next)
		xt_target(rule, table->layout->family, target->u.user.name, target->u.user.revision, target->data,
			  target->u.target_size - sizeof *target);
}
