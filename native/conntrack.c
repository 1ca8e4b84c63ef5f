#include "conntrack.h"

#include "addresses.h"
#include "emit.h"
#include "loop.h"
#include "rule-text.h"
#include "text.h"

#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define BUCKETS 1024
#define TOLD_LIMIT 1000	   /* connections at a time */
#define NEW_A_SECOND 200   /* and so many new ones; the others are counted */
#define NEW_AT_ONCE 500

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

static void ready(struct watch *watch, short events);
static void say_lost(struct watch *watch, short events);
static int events_socket = -1;
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };
static struct watch timer = { .fd = -1, .events = POLLIN, .ready = say_lost };

static const char *const tcp_states[] = { "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
					  "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2" };

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

static void forget(const struct netns *netns)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct connection **at = &buckets[i]; *at;)
			if (!netns || (*at)->netns == netns)
				drop(at);
			else
				at = &(*at)->next;
}

void conntrack_forget(const struct netns *netns)
{
	forget(netns);
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

static void parse_nest(const struct rtattr **table, size_t limit, const struct rtattr *nest)
{
	netlink_parse(table, limit, nest ? RTA_DATA(nest) : NULL, nest ? RTA_PAYLOAD(nest) : 0);
}

static unsigned big16(const struct rtattr *attribute)
{
	const unsigned char *bytes = RTA_DATA(attribute);

	return RTA_PAYLOAD(attribute) < 2 ? 0 : (unsigned)bytes[0] << 8 | bytes[1];
}

static void put_address(const char *name, const struct rtattr *four, const struct rtattr *six)
{
	const struct rtattr *attribute = four ? four : six;
	char text[64] = "";

	if (attribute)
		address_text(text, sizeof text, four ? AF_INET : AF_INET6, RTA_DATA(attribute), RTA_PAYLOAD(attribute));
	line_text(name, text);
}

static void put_tuple(const char *name, const struct rtattr *nest)
{
	const struct rtattr *tuple[CTA_TUPLE_MAX + 1], *ip[CTA_IP_MAX + 1], *proto[CTA_PROTO_MAX + 1];

	parse_nest(tuple, CTA_TUPLE_MAX, nest);
	parse_nest(ip, CTA_IP_MAX, tuple[CTA_TUPLE_IP]);
	parse_nest(proto, CTA_PROTO_MAX, tuple[CTA_TUPLE_PROTO]);
	line_open(name, '{');
	put_address("src", ip[CTA_IP_V4_SRC], ip[CTA_IP_V6_SRC]);
	put_address("dst", ip[CTA_IP_V4_DST], ip[CTA_IP_V6_DST]);
	if (proto[CTA_PROTO_SRC_PORT])
		line_integer("sport", big16(proto[CTA_PROTO_SRC_PORT]));
	if (proto[CTA_PROTO_DST_PORT])
		line_integer("dport", big16(proto[CTA_PROTO_DST_PORT]));
	line_close('}');
}

static void put_protocol(const struct rtattr *nest)
{
	const struct rtattr *tuple[CTA_TUPLE_MAX + 1], *proto[CTA_PROTO_MAX + 1];
	char name[16];

	parse_nest(tuple, CTA_TUPLE_MAX, nest);
	parse_nest(proto, CTA_PROTO_MAX, tuple[CTA_TUPLE_PROTO]);
	protocol_name(name, sizeof name, netlink_u8(proto[CTA_PROTO_NUM]));
	line_text("protocol", name);
}

static void put_status(uint32_t status)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} known[] = { { IPS_SEEN_REPLY, "seen-reply" }, { IPS_ASSURED, "assured" }, { IPS_SRC_NAT, "src-nat" },
		      { IPS_DST_NAT, "dst-nat" } };

	line_open("status", '[');
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (status & known[i].bit)
			line_text(NULL, known[i].name);
	line_close(']');
}

static void tell(const char *kind, const struct netns *netns, uint32_t id, const struct rtattr **a, uint32_t status,
		 uint8_t state)
{
	line_begin(kind);
	netns_put(netns);
	line_unsigned("connection", id);
	put_protocol(a[CTA_TUPLE_ORIG]);
	put_tuple("original", a[CTA_TUPLE_ORIG]);
	put_tuple("reply", a[CTA_TUPLE_REPLY]);
	put_status(status);
	if (state && state < sizeof tcp_states / sizeof *tcp_states)
		line_text("state", tcp_states[state]);
	line_end();
}

static uint8_t tcp_state(const struct rtattr *nest)
{
	const struct rtattr *info[CTA_PROTOINFO_MAX + 1], *tcp[CTA_PROTOINFO_TCP_MAX + 1];

	parse_nest(info, CTA_PROTOINFO_MAX, nest);
	parse_nest(tcp, CTA_PROTOINFO_TCP_MAX, info[CTA_PROTOINFO_TCP]);
	return netlink_u8(tcp[CTA_PROTOINFO_TCP_STATE]);
}

/* A connection whose beginning was not told is new to the reader whenever there is room for it. */
static void seen(const struct netns *netns, uint32_t id, const struct rtattr **a)
{
	struct connection **at = place(netns, id);
	uint32_t status = netlink_be32(a[CTA_STATUS]);
	uint8_t state = tcp_state(a[CTA_PROTOINFO]);
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
	tell(known ? "conntrack.update" : "conntrack.new", netns, id, a, status, state);
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
		tell("conntrack.destroy", netns, id, attributes, (*at)->status, (*at)->state);
		drop(at);
	}
}

static void take(int fd, const struct nlmsghdr *header, int nsid)
{
	struct netns *netns = netns_of_nsid(nsid);

	(void)fd;
	if (netns)
		conntrack_take(netns, header);
}

static void ready(struct watch *self, short events)
{
	(void)events;
	if (netlink_hear(self->fd, take))
		return;
	/* Ends may be among what was dropped: nothing that was told can be relied on. */
	forget(NULL);
	tell_lost(true);
}

static const int groups[] = { NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE, NFNLGRP_CONNTRACK_DESTROY, 0 };

/* Since Linux 5.19 events are prepared only when somebody listens (nf_conntrack_events = 2). Linux
 * 6.18 counts listeners anywhere; one that counts them in each namespace is told by a socket there,
 * which listens once and is closed: nothing of ours stays in the namespace. */
void conntrack_touch(int netfilter)
{
	if (netfilter >= 0)
		netlink_join(netfilter, groups);
}

void conntrack_start(int socket)
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

bool conntrack_listens(void)
{
	return events_socket >= 0;
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
	forget(NULL);
}

void conntrack_pause(bool pause)
{
	watch.fd = pause ? -1 : events_socket;
}
