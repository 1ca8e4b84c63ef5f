/* How the lab's network namespaces are found: by the processes in them, by where they are mounted
 * (`ip netns add`, dockerd), by the numbers the kernel gives them. */
#ifndef NETNS_FIND_H
#define NETNS_FIND_H

#include "netns.h"

#include <sys/types.h>

/* `init`: the lab's PID 1, whose /proc/PID/root and mountinfo are read. */
void netns_find_start(pid_t init);
void netns_find_stop(void);
/* mountinfo: POLLPRI when it has changed; -1. */
int netns_find_mountinfo(void);
/* A process is in this one. True when it is not known yet, and will be looked at. */
bool netns_find_process(pid_t pid, ino_t inode);
/* All processes and all mounts are to be looked at. */
void netns_find_everywhere(void);
void netns_find_mounts(void);
/* Takes in what has been noted; `found` is called with a descriptor of each new one. `route` is an
 * rtnetlink socket of the lab's own namespace. */
void netns_find_settle(int route, void (*found)(struct netns *netns, int namespace));
/* Opens it by its mount or by a process in it; -1. */
int netns_find_open(const struct netns *netns);

#endif
