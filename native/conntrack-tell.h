/* A tracked connection as the kernel describes it (nfnetlink's CTA_ attributes), told. */
#ifndef CONNTRACK_TELL_H
#define CONNTRACK_TELL_H

#include "netlink.h"
#include "netns.h"

/* One line; `attributes` by CTA_ number. `state` is TCP's, 0 for all else. */
void conntrack_tell(const char *kind, const struct netns *netns, uint32_t id, const struct rtattr **attributes,
		    uint32_t status, uint8_t state);
/* Out of CTA_PROTOINFO. */
uint8_t conntrack_tcp_state(const struct rtattr *nest);

#endif
