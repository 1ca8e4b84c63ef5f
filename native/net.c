#include "net.h"

#include "addresses.h"
#include "conntrack.h"
#include "emit.h"
#include "facts.h"
#include "iptables-legacy.h"
#include "files.h"
#include "links.h"
#include "loop.h"
#include "net-read.h"
#include "net-rules.h"
#include "netlink.h"
#include "netns-enter.h"
#include "netns-find.h"
#include "nsid.h"
#include "routes.h"

#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SOON_NANOSECONDS 2000000

static int route = -1; /* for questions, in the lab's own namespace */

static void heard(struct watch *watch, short events);
static void mounted(struct watch *watch, short events);
static void settle(struct watch *watch, short events);
static struct watch events_watch = { .fd = -1, .events = POLLIN, .ready = heard };
static struct watch mounts_watch = { .fd = -1, .events = POLLPRI, .ready = mounted };
static struct watch timer_watch = { .fd = -1, .events = POLLIN, .ready = settle };
static int events_socket = -1;

/* What comes in bursts is done once, when the burst is over or at least shortly after. */
static void after(long nanoseconds)
{
	struct itimerspec before, in = { .it_value = { .tv_nsec = nanoseconds } };

	if (timer_watch.fd < 0 || timerfd_gettime(timer_watch.fd, &before))
		return;
	if ((!before.it_value.tv_sec && !before.it_value.tv_nsec) || before.it_value.tv_nsec > nanoseconds)
		timerfd_settime(timer_watch.fd, 0, &in, NULL);
}

void net_soon(void)
{
	after(SOON_NANOSECONDS);
}

static void found(struct netns *netns, int namespace)
{
	netns->stale = !net_read_all(netns, namespace, route, net_rules_listens());
	/* Whose peer's namespace was not known may find it now. */
	for (struct netns *each = netns_list; each; each = each->next)
		each->stale_links = each->stale_links || each->distant;
	net_soon();
}

static void settle(struct watch *watch, short events)
{
	uint64_t times;

	(void)events;
	if (read(watch->fd, &times, sizeof times) < 0 && errno != EAGAIN)
		return;
	netns_find_settle(route, found);
	net_rules_seek();
	for (struct netns *netns = netns_list; netns; netns = netns->next) {
		if (netns->stale || netns->stale_routes)
			net_refresh(netns, route, net_rules_listens());
		if (netns->stale || netns->stale_routes)
			after(NETNS_AGAIN_NANOSECONDS);
		if (!netns->stale_links)
			continue;
		net_learn_own_nsid(route);
		links_dump(netns, route);
		netns->stale_links = false;
	}
	if (net_rules_missing())
		after(NETNS_AGAIN_NANOSECONDS);
	if (conntrack_seek())
		after(NETNS_AGAIN_NANOSECONDS);
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
	struct netns *netns = netns_of_nsid(nsid_in(header));

	if (header->nlmsg_type == RTM_DELNSID && netns && !netns_own(netns))
		netns_remove(netns);
	/* After a death too: its inode's number may be in use again already. */
	netns_find_everywhere();
	net_soon();
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
		net_soon();
}

void net_all_stale(void)
{
	for (struct netns *netns = netns_list; netns; netns = netns->next)
		netns->stale = true;
	netns_find_everywhere();
	net_soon();
}

static void heard(struct watch *watch, short events)
{
	(void)events;
	if (!netlink_hear(watch->fd, take))
		net_all_stale();
}

static void mounted(struct watch *watch, short events)
{
	(void)watch;
	(void)events;
	/* At once: what is done there next is to be seen step by step. */
	netns_find_mounts();
	netns_find_settle(route, found);
	net_soon();
}

void net_process(pid_t pid, ino_t inode)
{
	if (netns_find_process(pid, inode))
		net_soon();
}

void net_watch_connections(void)
{
	conntrack_want();
	net_soon();
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
		net_rules_seek();
		net_read_all(own, namespace, route, net_rules_listens());
		netns_find_mounts();
		netns_find_settle(route, found);
		loop_add(&events_watch);
		loop_add(&mounts_watch);
		loop_add(&timer_watch);
		net_rules_start();
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
	net_rules_stop();
	conntrack_stop();
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
	conntrack_pause(pause);
	net_rules_pause(pause);
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
