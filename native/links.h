/* The interfaces of the lab's own network namespace, from rtnetlink(7). */
#ifndef LINKS_H
#define LINKS_H

/* In lab-init, inside the namespace: a netlink socket stays in the one it was made in. -1: none. */
int links_socket(void);
/* In the warden: dump, then listen. Takes the socket over. */
void links_start(int socket);
void links_stop(void);

#endif
