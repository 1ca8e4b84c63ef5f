/* Connections that the kernel tracks (conntrack(8)): what MASQUERADE and DNAT make of them. */
#ifndef CONNTRACK_H
#define CONNTRACK_H

#include "netlink.h"
#include "netns.h"

/* Takes the socket over: one that hears every namespace. */
void conntrack_start(int socket);
bool conntrack_listens(void);
void conntrack_stop(void);
void conntrack_pause(bool pause);
/* Has a namespace tell of its connections; `netfilter` is a socket there. */
void conntrack_touch(int netfilter);
/* The namespace is gone; NULL: all are. */
void conntrack_forget(const struct netns *netns);
/* One message. */
void conntrack_take(struct netns *netns, const struct nlmsghdr *header);

#endif
