/* The network, watched: all network namespaces of the lab, and what is in them. */
#ifndef NET_H
#define NET_H

#include "lab.h"
#include "netns.h"

/* Takes lab->netns over. */
void net_start(const struct lab *lab);
void net_stop(void);
/* Paused, the kernel drops what it has no room for, and says so: then everything is read again. */
void net_pause(bool pause);
/* A process of the lab is in this network namespace. */
void net_process(pid_t pid, ino_t inode);
/* By a number of the lab's own namespace; NULL when it is not known yet. */
struct netns *net_of_nsid(int nsid);
/* Tells connections, also while no rule needs them to be tracked. */
void net_watch_connections(void);
/* `"netns":[…]` as a member of the line: every namespace with what is in it. */
void net_snapshot(void);

/* What is stale is read again, once the burst of changes is over. */
void net_soon(void);
/* Messages were dropped: everything is stale. */
void net_all_stale(void);

#endif
