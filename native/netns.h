/* The network namespaces of the lab (network_namespaces(7)), as the warden knows them. */
#ifndef NETNS_H
#define NETNS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct netns {
	ino_t inode;
	int nsid;	   /* its number in the lab's own namespace; NETLINK_OWN_NSID: that one itself */
	char *name, *path; /* where it is mounted: /run/netns/NAME; NULL: nowhere */
	bool stale;	   /* the kernel dropped messages about it: everything is to be read again */
	bool stale_routes, stale_links; /* these are */
	bool distant;	   /* a link's peer is in a namespace we do not know yet */
	bool untold;	   /* has lost its name; `ip netns del` most often means its end */
	bool mounted;	   /* in the reading of mountinfo that is going on */
	bool legacy;	   /* has tables of the legacy iptables */
	bool counting;	   /* rules are being read for their counters */
	bool translates;   /* has a rule that needs conntrack */
	bool tracked;	   /* its connections are listened to */
	struct fact *facts;
	struct netns *next;
};

extern struct netns *netns_list; /* the lab's own is the first */

struct netns *netns_add(ino_t inode, int nsid);
struct netns *netns_of_inode(ino_t inode);
struct netns *netns_of_nsid(int nsid);
/* Tells that it is gone, and forgets what was in it. */
void netns_remove(struct netns *netns);
void netns_clear(void);
bool netns_own(const struct netns *netns);
/* True when that is news. NULL: it is mounted nowhere any more. */
bool netns_mounted_at(struct netns *netns, const char *path);
void netns_tell(const struct netns *netns);
/* `"netns":INODE` as a member of the line; nothing for the lab's own. */
void netns_put(const struct netns *netns);

#endif
