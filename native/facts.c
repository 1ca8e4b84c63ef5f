#include "facts.h"

#include "emit.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096
#define FACT_LIMIT 65536 /* a lab that makes more is not shown whole, and the warden stays small */

static const struct {
	const char *add, *remove, *plural;
} kinds[FACT_KINDS] = {
	{ "link.add", "link.remove", "links" },	   { "address.add", "address.remove", "addresses" },
	{ "route.add", "route.remove", "routes" }, { "table.add", "table.remove", "tables" },
	{ "chain.add", "chain.remove", "chains" }, { "rule.add", "rule.remove", "rules" },
};

static struct fact *buckets[BUCKETS];
static size_t count;

static struct {
	struct netns *netns;
	enum fact_kind kind;
	struct text parts[FACT_PARTS];
} draft;

void fact_begin(struct netns *netns, enum fact_kind kind)
{
	draft.netns = netns;
	draft.kind = kind;
	for (size_t i = 0; i < FACT_PARTS; i++)
		draft.parts[i].length = 0;
	line_capture(&draft.parts[FACT_KEY]);
}

void fact_part(enum fact_part part)
{
	line_capture(&draft.parts[part]);
}

static const char *drafted(enum fact_part part)
{
	return draft.parts[part].length ? draft.parts[part].data : "";
}

/* FNV-1a over the key. */
static size_t bucket_of(const struct netns *netns, enum fact_kind kind, const char *key)
{
	uint64_t hash = 14695981039346656037u ^ netns->inode ^ ((uint64_t)kind << 40);

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return (hash ^ hash >> 32) % BUCKETS;
}

static struct fact **place(const struct netns *netns, enum fact_kind kind, const char *key)
{
	struct fact **at = &buckets[bucket_of(netns, kind, key)];

	while (*at && ((*at)->netns != netns || (*at)->kind != kind || strcmp((*at)->parts[FACT_KEY], key)))
		at = &(*at)->next_alike;
	return at;
}

static void put_part(const char *members)
{
	if (members && *members)
		line_json(NULL, members);
}

static void tell(const struct fact *fact, const char *kind, enum fact_part last)
{
	line_begin(kind);
	netns_put(fact->netns);
	for (enum fact_part part = FACT_KEY; part <= last; part++)
		put_part(fact->parts[part]);
	line_end();
}

static void free_parts(struct fact *fact)
{
	for (size_t i = 0; i < FACT_PARTS; i++)
		free(fact->parts[i]);
}

struct fact *fact_find(void)
{
	line_capture(NULL);
	return *place(draft.netns, draft.kind, drafted(FACT_KEY));
}

static struct fact *new_fact(struct fact **at)
{
	if (count == FACT_LIMIT)
		emit_diagnostic("the lab's networks hold more than %d things: the rest is not told", FACT_LIMIT);
	if (count >= FACT_LIMIT)
		return NULL;
	count++;
	struct fact *fact = allocate(sizeof *fact);
	fact->netns = draft.netns;
	fact->kind = draft.kind;
	*at = fact;
	fact->next = draft.netns->facts;
	draft.netns->facts = fact;
	return fact;
}

struct fact *fact_take(void)
{
	struct fact **at, *fact;

	line_capture(NULL);
	at = place(draft.netns, draft.kind, drafted(FACT_KEY));
	fact = *at;
	if (fact && !strcmp(fact->parts[FACT_LABEL], drafted(FACT_LABEL)) &&
	    !strcmp(fact->parts[FACT_BODY], drafted(FACT_BODY))) {
		fact->seen = true;
		return fact;
	}
	if (!fact && !(fact = new_fact(at)))
		return NULL;
	free_parts(fact);
	for (enum fact_part i = 0; i < FACT_PARTS; i++)
		fact->parts[i] = print_text("%s", drafted(i));
	fact->seen = true;
	tell(fact, kinds[fact->kind].add, FACT_EXTRA);
	return fact;
}

static void unlink_fact(struct fact *fact)
{
	struct fact **at = place(fact->netns, fact->kind, fact->parts[FACT_KEY]);

	*at = fact->next_alike;
	free_parts(fact);
	free(fact);
	count--;
}

/* `at`: where its namespace's list names it. */
static void remove_at(struct fact **at)
{
	struct fact *fact = *at;

	tell(fact, kinds[fact->kind].remove, FACT_LABEL);
	*at = fact->next;
	unlink_fact(fact);
}

void fact_remove(void)
{
	struct fact *fact = fact_find();

	if (!fact)
		return;
	struct fact **at = &fact->netns->facts;
	while (*at != fact)
		at = &(*at)->next;
	remove_at(at);
}

void facts_unseen(struct netns *netns, enum fact_kind kind, bool (*chosen)(const struct fact *fact))
{
	for (struct fact *fact = netns->facts; fact; fact = fact->next)
		if (fact->kind == kind && (!chosen || chosen(fact)))
			fact->seen = false;
}

void facts_remove_unseen(struct netns *netns, enum fact_kind kind,
			 bool (*chosen)(const struct fact *fact))
{
	struct fact **at = &netns->facts;

	while (*at)
		if ((*at)->kind == kind && !(*at)->seen && (!chosen || chosen(*at)))
			remove_at(at);
		else
			at = &(*at)->next;
}

void facts_remove(struct netns *netns, enum fact_kind kind,
		  bool (*chosen)(const struct fact *fact, const void *what), const void *what)
{
	struct fact **at = &netns->facts;

	while (*at)
		if ((*at)->kind == kind && chosen(*at, what))
			remove_at(at);
		else
			at = &(*at)->next;
}

void facts_forget(struct netns *netns)
{
	while (netns->facts) {
		struct fact *fact = netns->facts;

		netns->facts = fact->next;
		unlink_fact(fact);
	}
}

void fact_count(struct fact *fact, uint64_t packets, uint64_t bytes, bool tell_now)
{
	bool changed = !fact->counts || fact->packets != packets || fact->bytes != bytes;

	if (!tell_now)
		return;
	fact->counts = true;
	fact->packets = packets;
	fact->bytes = bytes;
	if (!changed)
		return;
	line_begin("rule.count");
	netns_put(fact->netns);
	put_part(fact->parts[FACT_KEY]);
	line_unsigned("packets", packets);
	line_unsigned("bytes", bytes);
	line_end();
}

static void list_kind(const struct netns *netns, enum fact_kind kind)
{
	line_open(kinds[kind].plural, '[');
	for (const struct fact *fact = netns->facts; fact; fact = fact->next) {
		if (fact->kind != kind)
			continue;
		line_open(NULL, '{');
		for (size_t i = 0; i < FACT_PARTS; i++)
			put_part(fact->parts[i]);
		if (fact->counts) {
			line_unsigned("packets", fact->packets);
			line_unsigned("bytes", fact->bytes);
		}
		line_close('}');
	}
	line_close(']');
}

void facts_list(const struct netns *netns)
{
	for (enum fact_kind kind = 0; kind < FACT_KINDS; kind++)
		list_kind(netns, kind);
}
