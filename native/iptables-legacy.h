/* The rules of iptables-legacy, of which the kernel sends no events: read with getsockopt(2). */
#ifndef IPTABLES_LEGACY_H
#define IPTABLES_LEGACY_H

#include "netns.h"

struct text;

/* legacy-tables.c: which tables there are. Only those are asked for: to ask for another would make
 * it. `file`: /proc/net/ip_tables_names of the namespace, -1 where it cannot be read. */
void legacy_note(pid_t pid, const char *comm);
bool legacy_any(int file, bool six, bool own);
void legacy_names(struct text *names, int file, bool six);
/* Tells all chains and rules; `inet`, `inet6`: sockets of the family in that namespace, or -1. */
void legacy_dump(struct netns *netns, int names, int inet);
void legacy_dump6(struct netns *netns, int names, int inet6);

#endif
