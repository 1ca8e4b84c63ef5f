/* Routes, from rtnetlink(7): every table but `local`, which the kernel fills by itself. */
#ifndef ROUTES_H
#define ROUTES_H

#include "netlink.h"
#include "netns.h"

/* RTM_NEWROUTE or RTM_DELROUTE. */
void route_take(struct netns *netns, const struct nlmsghdr *header);
/* Asks for all; `route` is a socket in that namespace. */
void routes_dump(struct netns *netns, int route);

#endif
