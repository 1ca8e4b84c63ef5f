/* IP addresses, from rtnetlink(7). */
#ifndef ADDRESSES_H
#define ADDRESSES_H

#include "netlink.h"
#include "netns.h"

/* RTM_NEWADDR or RTM_DELADDR. */
void address_take(struct netns *netns, const struct nlmsghdr *header);
/* Asks for all; `route` is a socket in that namespace. */
void addresses_dump(struct netns *netns, int route);
/* "10.0.0.1" of 4 or 16 bytes; "" for none. */
void address_text(char *text, size_t size, int family, const void *bytes, size_t length);

#endif
