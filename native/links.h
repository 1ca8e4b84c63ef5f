/* The interfaces of the lab's own network namespace, from rtnetlink(7). */
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>

/* In lab-init, inside the namespace: a netlink socket stays in the one it was made in. -1: none. */
int links_socket(void);
/* In the warden: dump, then listen. Takes the socket over. */
void links_start(int socket);
void links_stop(void);
/* Paused, the kernel drops what it has no room for, and says so: then all are asked for. */
void links_pause(bool pause);

#endif
