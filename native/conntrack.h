/* Connections that the kernel tracks (conntrack(8)): what MASQUERADE and DNAT make of them. */
#ifndef CONNTRACK_H
#define CONNTRACK_H

#include "netlink.h"
#include "netns.h"

/* Listens to the connections of each namespace that has a rule for which they are tracked. True: it
 * could not be done yet, and is to be tried again. */
bool conntrack_seek(void);
/* And from the next time on to those of the lab's own, whatever its rules. */
void conntrack_want(void);
void conntrack_stop(void);
void conntrack_pause(bool pause);
/* The namespace is gone; NULL: all are. */
void conntrack_forget(const struct netns *netns);
/* One message. */
void conntrack_take(struct netns *netns, const struct nlmsghdr *header);

#endif
