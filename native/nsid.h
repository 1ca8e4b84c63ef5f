/* The numbers that a network namespace gives to others (ip-netns(8), `ip netns list-id`), by which the
 * kernel speaks of them there. `route` is an rtnetlink socket of the lab's own namespace, `namespace`
 * is open on another one. */
#ifndef NSID_H
#define NSID_H

#include "netlink.h"

/* NETLINK_OWN_NSID when it has none. */
int nsid_of(int route, int namespace);
/* The one it has, or else a new one. */
int nsid_give(int route, int namespace);
/* Out of RTM_NEWNSID or RTM_DELNSID; NETLINK_OWN_NSID when there is none in it. */
int nsid_in(const struct nlmsghdr *header);

#endif
