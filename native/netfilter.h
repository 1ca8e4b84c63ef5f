/* nftables' tables, chains and rules, from nfnetlink (NFNL_SUBSYS_NFTABLES); `nft monitor` hears the
 * same. What iptables-nft makes is among them; iptables-legacy is not. */
#ifndef NETFILTER_H
#define NETFILTER_H

#include "netlink.h"
#include "netns.h"

/* One message of the group NFNLGRP_NFTABLES, or of an answer. */
void netfilter_take(struct netns *netns, const struct nlmsghdr *header);
/* Asks for all; `netfilter` is a socket in that namespace. */
void netfilter_dump(struct netns *netns, int netfilter);
/* Reads the rules' counters, and tells those that have changed. */
void netfilter_count(struct netns *netns, int netfilter);

/* A chain or a rule, begun as a fact; shared with the legacy ones. */
void chain_begin(struct netns *netns, const char *family, const char *table, const char *chain, bool legacy);
void rule_begin(struct netns *netns, const char *family, const char *table, const char *chain, uint64_t handle,
		bool legacy);
bool fact_is_legacy(const struct fact *fact);

#endif
