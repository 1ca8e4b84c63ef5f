#include "conntrack.h"

#include "conntrack-tell.h"
#include "emit.h"
#include "loop.h"
#include "netns-enter.h"
#include "netns-find.h"
#include "text.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS 1024
#define TOLD_LIMIT 1000	   /* connections at a time */
#define NEW_A_SECOND 200   /* and so many new ones; the others are counted */
#define NEW_AT_ONCE 500
#define ATTEMPTS 100 /* to be answered; a kernel without netfilter has no such socket */

/* What has been told of a connection, and will be told the end of. */
struct connection {
	const struct netns *netns;
	uint32_t id, status;
	uint8_t state;
	struct connection *next;
};

static struct connection *buckets[BUCKETS];
static size_t told;
static uint64_t dropped;
static bool wanted; /* also while no rule needs connections to be tracked */

static void ready(struct watch *watch, short events);
static void say_lost(struct watch *watch, short events);
static int events_socket = -1;
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };
static struct watch timer = { .fd = -1, .events = POLLIN, .ready = say_lost };

static struct connection **place(const struct netns *netns, uint32_t id)
{
	struct connection **at = &buckets[(id ^ id >> 16 ^ (uint32_t)netns->inode) % BUCKETS];

	while (*at && ((*at)->id != id || (*at)->netns != netns))
		at = &(*at)->next;
	return at;
}

static void drop(struct connection **at)
{
	struct connection *gone = *at;

	*at = gone->next;
	free(gone);
	told--;
}

void conntrack_forget(const struct netns *netns)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct connection **at = &buckets[i]; *at;)
			if (!netns || (*at)->netns == netns)
				drop(at);
			else
				at = &(*at)->next;
}

static void tell_lost(bool all)
{
	line_begin("conntrack.lost");
	line_unsigned("dropped", dropped);
	if (all)
		line_flag("all", true);
	line_end();
	dropped = 0;
}

static void say_lost(struct watch *self, short events)
{
	uint64_t times;

	(void)events;
	if (read(self->fd, &times, sizeof times) > 0 && dropped)
		tell_lost(false);
}

static void count_dropped(void)
{
	struct itimerspec in = { .it_value = { .tv_sec = 1 } };

	if (!dropped++ && timer.fd >= 0)
		timerfd_settime(timer.fd, 0, &in, NULL);
}

/* A bucket of tokens: what comes faster than it fills is dropped. */
static bool within_rate(void)
{
	static uint64_t filled_at;
	static double tokens = NEW_AT_ONCE;
	uint64_t now = monotonic_now();

	if (filled_at)
		tokens += (double)(now - filled_at) * NEW_A_SECOND / 1e9;
	filled_at = now;
	if (tokens > NEW_AT_ONCE)
		tokens = NEW_AT_ONCE;
	if (tokens < 1 || told >= TOLD_LIMIT)
		return false;
	tokens--;
	return true;
}

/* A connection whose beginning was not told is new to the reader whenever there is room for it. */
static void seen(const struct netns *netns, uint32_t id, const struct rtattr **a)
{
	struct connection **at = place(netns, id);
	uint32_t status = netlink_be32(a[CTA_STATUS]);
	uint8_t state = conntrack_tcp_state(a[CTA_PROTOINFO]);
	bool known = *at;

	if (known && (*at)->status == status && (*at)->state == state)
		return;
	if (!known && !within_rate()) {
		count_dropped();
		return;
	}
	if (!known) {
		*at = allocate(sizeof **at);
		**at = (struct connection){ .netns = netns, .id = id };
		told++;
	}
	(*at)->status = status;
	(*at)->state = state;
	conntrack_tell(known ? "conntrack.update" : "conntrack.new", netns, id, a, status, state);
}

void conntrack_take(struct netns *netns, const struct nlmsghdr *header)
{
	const struct nfgenmsg *body = NLMSG_DATA(header);
	const struct rtattr *attributes[CTA_ID + 1];
	unsigned message = NFNL_MSG_TYPE(header->nlmsg_type);

	if (NFNL_SUBSYS_ID(header->nlmsg_type) != NFNL_SUBSYS_CTNETLINK ||
	    header->nlmsg_len < NLMSG_LENGTH(sizeof *body))
		return;
	netlink_parse(attributes, CTA_ID, (const char *)body + NLMSG_ALIGN(sizeof *body),
		      header->nlmsg_len - NLMSG_LENGTH(NLMSG_ALIGN(sizeof *body)));
	uint32_t id = netlink_be32(attributes[CTA_ID]);
	struct connection **at = place(netns, id);
	if (message == IPCTNL_MSG_CT_NEW)
		seen(netns, id, attributes);
	else if (message == IPCTNL_MSG_CT_DELETE && *at) {
		conntrack_tell("conntrack.destroy", netns, id, attributes, (*at)->status, (*at)->state);
		drop(at);
	}
}

static void take(const struct nlmsghdr *header, int nsid)
{
	struct netns *netns = netns_of_nsid(nsid);

	if (netns)
		conntrack_take(netns, header);
}

static void ready(struct watch *self, short events)
{
	(void)events;
	if (netlink_hear(self->fd, take))
		return;
	/* Ends may be among what was dropped: nothing that was told can be relied on. */
	conntrack_forget(NULL);
	tell_lost(true);
}

static const int groups[] = { NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE, NFNLGRP_CONNTRACK_DESTROY, 0 };

/* Since Linux 5.19 events are prepared only when somebody listens (nf_conntrack_events = 2). Linux
 * 6.18 counts listeners anywhere; one that counts them in each namespace is told by a socket there,
 * which listens once and is closed: nothing of ours stays in the namespace. */
static bool touch(const struct netns *netns)
{
	int sockets[NETNS_SOCKETS], namespace = netns_find_open(netns);

	if (namespace < 0)
		return false;
	bool answered = netns_sockets(namespace, NETNS_WANT(NETNS_NETFILTER), sockets);
	if (sockets[NETNS_NETFILTER] >= 0)
		netlink_join(sockets[NETNS_NETFILTER], groups);
	netns_close_sockets(sockets);
	close(namespace);
	return answered;
}

static void start(int socket)
{
	if (socket < 0)
		return;
	events_socket = watch.fd = socket;
	timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	loop_add(&watch);
	loop_add(&timer);
	if (!netlink_join(socket, groups))
		emit_diagnostic("connections cannot be watched: %s", strerror(errno));
}

/* In the lab's own namespace: from there every one is heard. */
static bool listen_to_all(void)
{
	int sockets[NETNS_SOCKETS], namespace = netns_find_open(netns_list);

	if (namespace < 0)
		return false;
	bool answered = netns_sockets(namespace, NETNS_WANT(NETNS_CONNTRACK_EVENTS), sockets);
	if (answered)
		start(sockets[NETNS_CONNTRACK_EVENTS]);
	close(namespace);
	return answered;
}

/* conntrack(8) begins in a namespace with the first rule that needs it; so does listening to it,
 * for the listener's socket has the kernel load nf_conntrack_netlink. While it loads nfnetlink for
 * the first such socket, PID 1 may answer too late; a frozen one does not answer at all. */
bool conntrack_seek(void)
{
	static unsigned attempts;
	bool missing = false;

	for (struct netns *netns = netns_list; netns; netns = netns->next) {
		if (netns->tracked || !(netns->translates || (wanted && netns_own(netns))))
			continue;
		netns->tracked = (events_socket >= 0 || listen_to_all()) && (netns_own(netns) || touch(netns));
		missing = missing || !netns->tracked;
	}
	return missing && ++attempts < ATTEMPTS;
}

void conntrack_want(void)
{
	wanted = true;
}

void conntrack_stop(void)
{
	if (events_socket < 0)
		return;
	loop_remove(&watch);
	loop_remove(&timer);
	close(events_socket);
	if (timer.fd >= 0)
		close(timer.fd);
	events_socket = watch.fd = timer.fd = -1;
	conntrack_forget(NULL);
}

void conntrack_pause(bool pause)
{
	watch.fd = pause ? -1 : events_socket;
}
