/* A firewall rule in nft(8)'s words. */
#ifndef RULE_TEXT_H
#define RULE_TEXT_H

#include "text.h"

#include <linux/rtnetlink.h>
#include <stdint.h>

struct rule_text {
	struct text words;
	bool counts;	/* it has a counter */
	bool tracks;	/* it needs conntrack */
	uint64_t packets, bytes;
	char protocol[16]; /* "tcp", once it is known */
};

/* rule-text.c: NFTA_RULE_EXPRESSIONS. `family`: NFPROTO_… of the table. */
void rule_expressions(struct rule_text *rule, int family, const struct rtattr *list);
void rule_text_free(struct rule_text *rule);
/* "tcp", or the number. */
void protocol_name(char *name, size_t size, unsigned protocol);
/* "new,established" out of the bits of `ct state`: invalid 1, established 2, related 4, new 8. */
void state_names(char *names, size_t size, unsigned bits);
/* "local" out of RTN_…: where an address belongs. */
const char *address_type(unsigned type);

/* xt-text.c: matches and targets of xtables, as iptables-nft and iptables-legacy use them. `family`:
 * AF_INET or AF_INET6. */
void xt_match(struct rule_text *rule, const char *name, unsigned revision, const void *info, size_t size);
void xt_target(struct rule_text *rule, int family, const char *name, unsigned revision, const void *info,
	       size_t size);

#endif
