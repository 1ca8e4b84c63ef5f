/* Interfaces, from rtnetlink(7). */
#ifndef LINKS_H
#define LINKS_H

#include "netlink.h"
#include "netns.h"

/* In whose numbers a message speaks of other namespaces: the lab's, or its own namespace's. */
enum numbering { NUMBERS_OF_LAB, NUMBERS_OF_ITS_OWN };

/* RTM_NEWLINK or RTM_DELLINK. `route`: where to ask, in the lab's own namespace. */
void link_take(struct netns *netns, const struct nlmsghdr *header, enum numbering numbering, int route);
/* Asks for all, from the lab's own namespace. */
void links_dump(struct netns *netns, int route);
/* `"NAME"`, as JSON, of the interface; NULL when it is not known. Valid until the next call. */
const char *link_name(struct netns *netns, int index);

#endif
