/* Sockets of a network namespace: PID 1 of the lab goes there and makes them, the warden gets them.
 * Both halves are here: a question on a socket pair of its own, and its answer. */
#ifndef NETNS_ENTER_H
#define NETNS_ENTER_H

#include <stdbool.h>

enum netns_socket {
	NETNS_ROUTE,	       /* rtnetlink(7), for questions */
	NETNS_ROUTE_EVENTS,    /* rtnetlink(7), for what is told of all namespaces */
	NETNS_NETFILTER,       /* nfnetlink, for questions */
	NETNS_NETFILTER_EVENTS,
	NETNS_CONNTRACK_EVENTS,
	NETNS_INET,	       /* any socket of the family carries the legacy iptables' getsockopt(2) */
	NETNS_INET6,
	NETNS_TABLES,	       /* no socket: /proc/net/ip_tables_names */
	NETNS_TABLES6,
	NETNS_SOCKETS,
};

#define NETNS_WANT(socket) (1 << (socket))

/* lab-init: a pair of sockets; our end, and the warden's through `other`. -1: none. */
int netns_pair(int *other);
/* lab-init: reads one question and answers it. */
void netns_answer(int control);

/* The warden: the sockets (-1 where there is none) of the namespace that `namespace` is open on.
 * False when there are none, or the lab does not answer. */
void netns_start(int control);
void netns_stop(void);
bool netns_sockets(int namespace, int wanted, int sockets[NETNS_SOCKETS]);
/* The lab has not answered lately, and is not asked for a while. Whoever still needs to know tries again
 * after this time. */
#define NETNS_AGAIN_NANOSECONDS 500000000
bool netns_silent(void);
void netns_close_sockets(int sockets[NETNS_SOCKETS]);

#endif
