/* Reading what is in a network namespace, through sockets that are closed at once: one kept open would
 * keep the namespace alive. `route` is an rtnetlink socket of the lab's own namespace. */
#ifndef NET_READ_H
#define NET_READ_H

#include "netns.h"

#include <stdbool.h>

/* Everything; `namespace` is open on it. False when the lab did not answer. */
bool net_read_all(struct netns *netns, int namespace, int route, bool rules);
/* What is stale in it, as far as it can be opened. */
void net_refresh(struct netns *netns, int route, bool rules);
/* The tables of iptables-legacy. All: something may have changed anywhere. Else the known ones are
 * read, for their counters. False when the lab did not answer. */
bool net_read_legacy(bool all);
void net_learn_own_nsid(int route);

#endif
