/* A table of iptables-legacy, as getsockopt(2) gives it. */
#ifndef LEGACY_TABLE_H
#define LEGACY_TABLE_H

#include "netns.h"
#include "rule-text.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

/* Of entries, matches and targets alike; the kernel takes no others. */
#define XT_ALIGNMENT _Alignof(struct ipt_entry)

/* What differs between the two families. */
struct layout {
	int family, level, get_info, get_entries;
	const char *name;
	size_t entry; /* sizeof the fixed part of an entry */
};

extern const struct layout four, six;

/* A table is one piece of memory: chain after chain, an entry a rule. Jumps are offsets into it. */
struct table {
	struct netns *netns;
	const struct layout *layout;
	const char *name;
	struct ipt_getinfo info; /* ip6t_getinfo is the same */
	char *data;
};

struct entry {
	unsigned at, next, target; /* offsets */
	uint64_t packets, bytes;
};

/* False at the end, and where the table is not what it should be. */
bool entry_at(const struct table *table, unsigned at, struct entry *entry);
const struct xt_entry_target *target_of(const struct table *table, const struct entry *entry);
/* The chain whose first rule is at this offset. */
const char *chain_at(const struct table *table, unsigned at);

/* legacy-rules.c: an entry in words. */
void legacy_rule(const struct table *table, const struct entry *entry, struct rule_text *rule);

#endif
