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
/* Reads the counters of all rules, and tells those that have changed. */
void net_count(void);
/* Tells connections, also while no rule needs them to be tracked. */
void net_watch_connections(void);
/* A process of the lab that may have changed what the kernel tells nobody of has executed (`pid`), or ended (0). */
void net_program(pid_t pid, const char *comm);
/* `"netns":[…]` as a member of the line: every namespace with what is in it. */
void net_snapshot(void);

#endif
