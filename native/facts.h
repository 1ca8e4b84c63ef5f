/* What is known of the lab's networks: links, addresses, routes, tables, chains, rules. Each is told
 * when it comes, again when it changes, and when it goes. */
#ifndef FACTS_H
#define FACTS_H

#include "netns.h"

enum fact_kind { FACT_LINK, FACT_ADDRESS, FACT_ROUTE, FACT_TABLE, FACT_CHAIN, FACT_RULE, FACT_KINDS };

/* Members of the event, as JSON. */
enum fact_part {
	FACT_KEY,   /* what makes it this one */
	FACT_LABEL, /* told when it goes as well */
	FACT_BODY,  /* told again when it differs */
	FACT_EXTRA, /* told, and no difference */
	FACT_PARTS,
};

struct fact {
	struct netns *netns;
	enum fact_kind kind;
	char *parts[FACT_PARTS];
	uint64_t packets, bytes; /* of a rule with a counter, as last told */
	bool counts, seen;
	struct fact *next_alike; /* in the hash table */
	struct fact *next;       /* of its namespace */
};

/* A draft: begin with the key, go on with line_… for each part, then one of the three ends. */
void fact_begin(struct netns *netns, enum fact_kind kind);
void fact_part(enum fact_part part);
/* NULL when there are too many. */
struct fact *fact_take(void);
void fact_remove(void);
struct fact *fact_find(void);

/* A dump: what it does not mention is gone. `chosen`: only those it says yes to; NULL: all. */
void facts_unseen(struct netns *netns, enum fact_kind kind, bool (*chosen)(const struct fact *fact));
void facts_remove_unseen(struct netns *netns, enum fact_kind kind,
			 bool (*chosen)(const struct fact *fact));
/* Removes those it says yes to, and tells it. */
void facts_remove(struct netns *netns, enum fact_kind kind,
		  bool (*chosen)(const struct fact *fact, const void *what), const void *what);
/* The namespace is gone, and nobody needs to be told what was in it. */
void facts_forget(struct netns *netns);
/* Counters of a rule, told when they differ from what was told last. */
void fact_count(struct fact *fact, uint64_t packets, uint64_t bytes, bool tell);
/* `"links":[…],…` of one namespace, as members of the line. */
void facts_list(const struct netns *netns);

#endif
