#include "iptables-legacy.h"

#include "emit.h"
#include "facts.h"
#include "legacy-table.h"
#include "netfilter.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOOKS 5
#define TABLE_LIMIT (16u << 20)

const struct layout four = { AF_INET, IPPROTO_IP, IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES, "ip", sizeof(struct ipt_entry) };
const struct layout six = { AF_INET6, IPPROTO_IPV6, IP6T_SO_GET_INFO, IP6T_SO_GET_ENTRIES, "ip6", sizeof(struct ip6t_entry) };

static const char *const chains[HOOKS] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" };
static const char *const hooks[HOOKS] = { "prerouting", "input", "forward", "output", "postrouting" };

bool entry_at(const struct table *table, unsigned at, struct entry *entry)
{
	unsigned size = table->info.size;

	if (at > size || size - at < table->layout->entry)
		return false;
	if (table->layout == &four) {
		struct ipt_entry raw;

		memcpy(&raw, table->data + at, sizeof raw);
		*entry = (struct entry){ at, at + raw.next_offset, at + raw.target_offset, raw.counters.pcnt, raw.counters.bcnt };
	} else {
		struct ip6t_entry raw;

		memcpy(&raw, table->data + at, sizeof raw);
		*entry = (struct entry){ at, at + raw.next_offset, at + raw.target_offset, raw.counters.pcnt, raw.counters.bcnt };
	}
	return entry->next > at && entry->next <= size && entry->target >= at + table->layout->entry &&
	       entry->target + sizeof(struct xt_standard_target) <= entry->next &&
	       entry->next % XT_ALIGNMENT == 0 && entry->target % XT_ALIGNMENT == 0;
}

const struct xt_entry_target *target_of(const struct table *table, const struct entry *entry)
{
	return (const struct xt_entry_target *)(table->data + entry->target);
}

/* An ERROR target is no rule but the head of a chain of the user's, or the table's end. */
static bool is_head(const struct table *table, const struct entry *entry)
{
	return entry->next - entry->target >= sizeof(struct xt_error_target) &&
	       !strcmp(target_of(table, entry)->u.user.name, XT_ERROR_TARGET);
}

static const char *head_name(const struct table *table, const struct entry *entry)
{
	return ((const struct xt_error_target *)target_of(table, entry))->errorname;
}

static int hook_at(const struct table *table, unsigned at, const unsigned *offsets)
{
	for (int i = 0; i < HOOKS; i++)
		if (table->info.valid_hooks & 1u << i && offsets[i] == at)
			return i;
	return -1;
}

/* The chain whose first rule is at this offset. */
const char *chain_at(const struct table *table, unsigned at)
{
	struct entry entry;

	for (unsigned place = 0; entry_at(table, place, &entry); place = entry.next)
		if (entry.next == at && is_head(table, &entry))
			return head_name(table, &entry);
	return "?";
}

/* A legacy rule has no handle: a hash of its chain and text, and which of several alike it is. */
static uint64_t handle_of(const char *chain, const char *text, unsigned alike)
{
	uint64_t hash = 14695981039346656037u + alike;

	for (const char *at = chain; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211u;
	for (const char *at = text; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211u;
	return hash >> 16;
}

static uint64_t take_rule(const struct table *table, const char *chain, const struct entry *entry, uint64_t previous)
{
	struct rule_text rule = { 0 };
	struct fact *fact = NULL;
	uint64_t handle = 0;

	legacy_rule(table, entry, &rule);
	const char *text = rule.words.length ? rule.words.data : "";
	for (unsigned alike = 0; alike < 1000; alike++) {
		handle = handle_of(chain, text, alike);
		rule_begin(table->netns, table->layout->name, table->name, chain, handle, true);
		fact = fact_find();
		if (!fact || !fact->seen)
			break;
	}
	rule_begin(table->netns, table->layout->name, table->name, chain, handle, true);
	fact_part(FACT_BODY);
	line_text("text", text);
	fact_part(FACT_EXTRA);
	if (previous)
		line_unsigned("previous", previous);
	fact = fact_take();
	if (fact)
		fact_count(fact, entry->packets, entry->bytes, table->netns->counting);
	table->netns->translates = table->netns->translates || rule.tracks;
	rule_text_free(&rule);
	return handle;
}

static void take_chain(const struct table *table, const char *chain, int hook)
{
	struct entry policy;

	chain_begin(table->netns, table->layout->name, table->name, chain, true);
	fact_part(FACT_BODY);
	if (hook >= 0) {
		line_text("type", table->name);
		line_text("hook", hooks[hook]);
		if (entry_at(table, table->info.underflow[hook], &policy))
			line_text("policy", ((const struct xt_standard_target *)target_of(table, &policy))->verdict == -1
				  ? "drop" : "accept");
	}
	fact_take();
}

static void take_entries(const struct table *table)
{
	struct entry entry, next;
	uint64_t previous = 0;
	const char *chain = NULL;

	for (unsigned at = 0; entry_at(table, at, &entry); at = entry.next) {
		int hook = hook_at(table, at, table->info.hook_entry);
		bool last = entry.next >= table->info.size;

		if (is_head(table, &entry) && last)
			return;
		if (hook >= 0 || is_head(table, &entry)) {
			chain = hook >= 0 ? chains[hook] : head_name(table, &entry);
			previous = 0;
			take_chain(table, chain, hook);
		}
		/* The end of a chain is an entry too: the policy, or a return. */
		bool end = hook_at(table, at, table->info.underflow) >= 0 ||
			   (entry_at(table, entry.next, &next) && is_head(table, &next));
		if (!is_head(table, &entry) && !end && chain)
			previous = take_rule(table, chain, &entry, previous);
	}
}

static void dump_table(struct netns *netns, const struct layout *layout, const char *name, int socket)
{
	struct table table = { .netns = netns, .layout = layout, .name = name };
	socklen_t length = sizeof table.info;

	snprintf(table.info.name, sizeof table.info.name, "%s", name);
	if (getsockopt(socket, layout->level, layout->get_info, &table.info, &length) || table.info.size > TABLE_LIMIT)
		return;
	/* struct ipt_get_entries: the name, the size, then the entries. */
	length = (socklen_t)(sizeof(struct ipt_get_entries) + table.info.size);
	struct ipt_get_entries *entries = allocate(length);
	memcpy(entries->name, table.info.name, sizeof entries->name);
	entries->size = table.info.size;
	if (getsockopt(socket, layout->level, layout->get_entries, entries, &length) == 0) {
		table.data = (char *)entries->entrytable;
		take_entries(&table);
	}
	free(entries);
}

static void dump(struct netns *netns, const struct layout *layout, int names, int socket)
{
	struct text text = { 0 };
	char *name;

	if (socket < 0 || (names < 0 && !netns_own(netns)))
		return;
	legacy_names(&text, names, layout == &six);
	if (text.length) {
		char *rest = text.data;

		while ((name = strsep(&rest, " \n")))
			if (*name)
				dump_table(netns, layout, name, socket);
	}
	text_free(&text);
}

void legacy_dump(struct netns *netns, int names, int inet)
{
	dump(netns, &four, names, inet);
}

void legacy_dump6(struct netns *netns, int names, int inet6)
{
	dump(netns, &six, names, inet6);
}
