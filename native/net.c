#include "net.h"

#include "addresses.h"
#include "emit.h"
#include "facts.h"
#include "files.h"
#include "links.h"
#include "loop.h"
#include "netlink.h"
#include "netns-enter.h"
#include "netns-find.h"
#include "routes.h"

#include <errno.h>
#include <linux/net_namespace.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SOON_NANOSECONDS 2000000
#define MESSAGES_A_TURN 4096

static int route = -1; /* for questions, in the lab's own namespace */
static int own_nsid = NETLINK_OWN_NSID;

static void heard(struct watch *watch, short events);
static void mounted(struct watch *watch, short events);
static void settle(struct watch *watch, short events);
static struct watch events_watch = { .fd = -1, .events = POLLIN, .ready = heard };
static struct watch mounts_watch = { .fd = -1, .events = POLLPRI, .ready = mounted };
static struct watch timer_watch = { .fd = -1, .events = POLLIN, .ready = settle };
static int events_socket = -1;

/* What comes in bursts is done once, when the burst is over or at least shortly after. */
static void soon(void)
{
	struct itimerspec before, in = { .it_value = { .tv_nsec = SOON_NANOSECONDS } };

	if (timer_watch.fd < 0 || timerfd_gettime(timer_watch.fd, &before))
		return;
	if (!before.it_value.tv_sec && !before.it_value.tv_nsec)
		timerfd_settime(timer_watch.fd, 0, &in, NULL);
}

struct netns *net_of_nsid(int nsid)
{
	struct netns *netns = netns_of_nsid(nsid);

	return netns || nsid != own_nsid ? netns : netns_list;
}

/* The kernel numbers the lab's own namespace in itself when it speaks of another one's veth whose
 * other end is in the lab. */
static void learn_own_nsid(void)
{
	int own = own_nsid == NETLINK_OWN_NSID ? netns_find_open(netns_list) : -1;

	if (own < 0)
		return;
	own_nsid = netns_find_nsid(route, own);
	close(own);
}

/* Everything in one namespace, through sockets that are closed at once: one kept open would keep
 * the namespace alive. */
static bool read_all(struct netns *netns, int namespace)
{
	int sockets[NETNS_SOCKETS];

	links_dump(netns, route);
	if (!netns_sockets(namespace, NETNS_WANT(NETNS_ROUTE), sockets))
		return false;
	addresses_dump(netns, sockets[NETNS_ROUTE]);
	routes_dump(netns, sockets[NETNS_ROUTE]);
	netns_close_sockets(sockets);
	netns->stale = netns->stale_routes = false;
	return true;
}

static void read_routes(struct netns *netns, int namespace)
{
	int sockets[NETNS_SOCKETS];

	if (!netns_sockets(namespace, NETNS_WANT(NETNS_ROUTE), sockets))
		return;
	routes_dump(netns, sockets[NETNS_ROUTE]);
	netns_close_sockets(sockets);
	netns->stale_routes = false;
}

static void found(struct netns *netns, int namespace)
{
	netns->stale = !read_all(netns, namespace);
	/* Whose peer's namespace was not known may find it now. */
	for (struct netns *each = netns_list; each; each = each->next)
		each->stale_links = each->stale_links || each->distant;
	soon();
}

static void refresh(struct netns *netns)
{
	int namespace = netns_find_open(netns);

	if (namespace < 0)
		return;
	if (netns->stale)
		read_all(netns, namespace);
	else
		read_routes(netns, namespace);
	close(namespace);
}

static void settle(struct watch *watch, short events)
{
	uint64_t times;

	(void)events;
	if (read(watch->fd, &times, sizeof times) < 0 && errno != EAGAIN)
		return;
	netns_find_settle(route, found);
	for (struct netns *netns = netns_list; netns; netns = netns->next) {
		if (netns->stale || netns->stale_routes)
			refresh(netns);
		if (!netns->stale_links)
			continue;
		learn_own_nsid();
		links_dump(netns, route);
		netns->stale_links = false;
	}
	for (struct netns *netns = netns_list; netns; netns = netns->next) {
		if (netns->untold)
			netns_tell(netns);
		netns->untold = false;
	}
}

/* RTM_DELNSID is the kernel's word that a namespace has died; RTM_NEWNSID that somebody, perhaps a
 * veth that was moved, has given a number to one that we may not know. */
static void take_nsid(const struct nlmsghdr *header)
{
	const struct rtattr *attributes[NETNSA_NSID + 1];
	const char *body = NLMSG_DATA(header);
	struct netns *netns;

	if (header->nlmsg_len < NLMSG_SPACE(sizeof(struct rtgenmsg)))
		return;
	netlink_parse(attributes, NETNSA_NSID, body + NLMSG_ALIGN(sizeof(struct rtgenmsg)),
		      header->nlmsg_len - NLMSG_SPACE(sizeof(struct rtgenmsg)));
	netns = attributes[NETNSA_NSID] ? netns_of_nsid((int)netlink_u32(attributes[NETNSA_NSID])) : NULL;
	if (header->nlmsg_type == RTM_DELNSID && netns && !netns_own(netns))
		netns_remove(netns);
	/* After a death too: its inode's number may be in use again already. */
	netns_find_everywhere();
	soon();
}

static void take(const struct nlmsghdr *header, int nsid)
{
	struct netns *netns = netns_of_nsid(nsid);

	if (header->nlmsg_type == RTM_NEWNSID || header->nlmsg_type == RTM_DELNSID) {
		if (nsid == NETLINK_OWN_NSID)
			take_nsid(header);
		return;
	}
	/* Not known yet: it is read as a whole once it is. */
	if (!netns)
		return;
	link_take(netns, header, netns_own(netns) ? NUMBERS_OF_LAB : NUMBERS_OF_ITS_OWN, route);
	address_take(netns, header);
	route_take(netns, header);
	if (netns->stale_routes || netns->stale_links)
		soon();
}

/* netlink(7): ENOBUFS says that messages were dropped. */
static void all_stale(void)
{
	for (struct netns *netns = netns_list; netns; netns = netns->next)
		netns->stale = true;
	netns_find_everywhere();
	soon();
}

static void heard(struct watch *watch, short events)
{
	static _Alignas(struct nlmsghdr) char data[64 << 10];
	int nsid;

	(void)events;
	/* Not for ever: the others want a turn. */
	for (int i = 0; i < MESSAGES_A_TURN; i++) {
		ssize_t got = netlink_receive(watch->fd, data, sizeof data, &nsid);

		if (got < 0) {
			if (errno == ENOBUFS)
				all_stale();
			return;
		}
		ssize_t left = got; /* NLMSG_NEXT may go below 0 */
		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left))
			take(header, nsid);
	}
}

static void mounted(struct watch *watch, short events)
{
	(void)watch;
	(void)events;
	/* At once: what is done there next is to be seen step by step. */
	netns_find_mounts();
	netns_find_settle(route, found);
	soon();
}

void net_process(pid_t pid, ino_t inode)
{
	if (netns_find_process(pid, inode))
		soon();
}

static bool open_sockets(int namespace)
{
	static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
				      RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_NSID, 0 };
	int sockets[NETNS_SOCKETS];

	if (!netns_sockets(namespace, NETNS_WANT(NETNS_ROUTE) | NETNS_WANT(NETNS_ROUTE_EVENTS), sockets))
		return false;
	route = sockets[NETNS_ROUTE];
	events_socket = events_watch.fd = sockets[NETNS_ROUTE_EVENTS];
	return route >= 0 && events_socket >= 0 && netlink_join(events_socket, groups);
}

void net_start(const struct lab *lab)
{
	struct netns *own = netns_add(namespace_inode(lab->pid, "net"), NETLINK_OWN_NSID);

	if (lab->netns < 0)
		return;
	netns_start(lab->netns);
	netns_find_start(lab->pid);
	int namespace = netns_find_open(own);
	if (namespace >= 0 && open_sockets(namespace)) {
		timer_watch.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
		mounts_watch.fd = netns_find_mountinfo();
		read_all(own, namespace);
		netns_find_mounts();
		netns_find_settle(route, found);
		loop_add(&events_watch);
		loop_add(&mounts_watch);
		loop_add(&timer_watch);
	} else {
		emit_diagnostic("the lab's network cannot be watched: its PID 1 gives no netlink sockets");
	}
	if (namespace >= 0)
		close(namespace);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void net_stop(void)
{
	if (events_socket >= 0) {
		loop_remove(&events_watch);
		loop_remove(&mounts_watch);
		loop_remove(&timer_watch);
	}
	close_one(&route);
	close_one(&events_socket);
	close_one(&timer_watch.fd);
	netns_find_stop();
	netns_stop();
	netns_clear();
}

void net_pause(bool pause)
{
	events_watch.fd = pause ? -1 : events_socket;
	mounts_watch.fd = pause ? -1 : netns_find_mountinfo();
}

void net_snapshot(void)
{
	line_open("netns", '[');
	for (const struct netns *netns = netns_list; netns; netns = netns->next) {
		line_open(NULL, '{');
		line_unsigned("netns", netns->inode);
		if (netns_own(netns))
			line_flag("own", true);
		if (netns->name)
			line_text("name", netns->name);
		facts_list(netns);
		line_close('}');
	}
	line_close(']');
}
