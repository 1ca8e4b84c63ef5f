#include "links.h"

#include "emit.h"
#include "loop.h"
#include "text.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IFF_UP
#define IFF_UP 1 /* net/if.h does not go together with linux/if_arp.h everywhere */
#endif

struct link {
	int index;
	bool up, seen; /* seen: in the dump that is going on */
	char name[64], type[32], mac[64];
	struct link *next;
};

static struct link *links;
static bool dumping;

static void ready(struct watch *watch, short events);
static int netlink = -1;
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };

int links_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int size = 4 << 20;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

/* rtnetlink(7), RTM_GETLINK with NLM_F_DUMP: all interfaces, one message each. */
static void ask_for_all(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg body;
	} request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .ifi_family = AF_UNSPEC },
	};

	for (struct link *link = links; link; link = link->next)
		link->seen = false;
	dumping = send(netlink, &request, sizeof request, 0) == sizeof request;
}

static struct link **place_of(int index)
{
	struct link **place = &links;

	while (*place && (*place)->index != index)
		place = &(*place)->next;
	return place;
}

static void tell_add(const struct link *link)
{
	line_begin("link.add");
	line_integer("index", link->index);
	line_text("name", link->name);
	line_flag("up", link->up);
	if (link->type[0])
		line_text("type", link->type);
	if (link->mac[0])
		line_text("mac", link->mac);
	line_end();
}

static void remove_at(struct link **place)
{
	struct link *gone = *place;

	line_begin("link.remove");
	line_integer("index", gone->index);
	line_text("name", gone->name);
	line_end();
	*place = gone->next;
	free(gone);
}

static void read_mac(struct link *link, const struct rtattr *attribute)
{
	const unsigned char *bytes = RTA_DATA(attribute);

	link->mac[0] = 0;
	if (RTA_PAYLOAD(attribute) != 6)
		return;
	snprintf(link->mac, sizeof link->mac, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1],
		 bytes[2], bytes[3], bytes[4], bytes[5]);
}

static void read_text(char *value, size_t size, const struct rtattr *attribute)
{
	snprintf(value, size, "%.*s", (int)RTA_PAYLOAD(attribute), (const char *)RTA_DATA(attribute));
}

/* IFLA_LINKINFO is a nest: the driver's kind ("bridge", "veth") is one of the attributes inside. */
static void read_kind(struct link *link, const struct rtattr *nest)
{
	const struct rtattr *inner = RTA_DATA(nest);

	for (int left = (int)RTA_PAYLOAD(nest); RTA_OK(inner, left); inner = RTA_NEXT(inner, left))
		if (inner->rta_type == IFLA_INFO_KIND)
			read_text(link->type, sizeof link->type, inner);
}

static void read_link(struct link *link, const struct nlmsghdr *header, const struct ifinfomsg *body)
{
	const struct rtattr *attribute = IFLA_RTA(body);

	link->index = body->ifi_index;
	link->up = body->ifi_flags & IFF_UP;
	if (body->ifi_type == ARPHRD_LOOPBACK)
		snprintf(link->type, sizeof link->type, "loopback");
	for (int left = (int)IFLA_PAYLOAD(header); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left)) {
		int type = attribute->rta_type & NLA_TYPE_MASK;

		if (type == IFLA_IFNAME)
			read_text(link->name, sizeof link->name, attribute);
		else if (type == IFLA_ADDRESS)
			read_mac(link, attribute);
		else if (type == IFLA_LINKINFO)
			read_kind(link, attribute);
	}
}

/* Told again only when something that is shown has changed: the kernel announces a link several
 * times while it comes up. */
static void take_link(const struct nlmsghdr *header, const struct ifinfomsg *body)
{
	struct link now = { .seen = true }, **place = place_of(body->ifi_index);

	read_link(&now, header, body);
	if (*place && (*place)->up == now.up && !strcmp((*place)->name, now.name) &&
	    !strcmp((*place)->type, now.type) && !strcmp((*place)->mac, now.mac)) {
		(*place)->seen = true;
		return;
	}
	if (!*place)
		*place = allocate(sizeof **place);
	now.next = (*place)->next;
	**place = now;
	tell_add(*place);
}

static void end_dump(void)
{
	struct link **place = &links;

	dumping = false;
	while (*place) {
		if ((*place)->seen)
			place = &(*place)->next;
		else
			remove_at(place);
	}
}

static void take(const struct nlmsghdr *header)
{
	const struct ifinfomsg *body = NLMSG_DATA(header);

	if (header->nlmsg_type == NLMSG_DONE && dumping)
		end_dump();
	if (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK)
		return;
	/* AF_BRIDGE messages are about a bridge's ports: a port that leaves its bridge sends
	 * RTM_DELLINK, and is still there. */
	if (header->nlmsg_len < NLMSG_LENGTH(sizeof *body) || body->ifi_family == AF_BRIDGE)
		return;
	if (header->nlmsg_type == RTM_NEWLINK)
		take_link(header, body);
	else if (*place_of(body->ifi_index))
		remove_at(place_of(body->ifi_index));
}

static void ready(struct watch *self, short events)
{
	static _Alignas(struct nlmsghdr) char data[64 << 10];
	ssize_t got;

	(void)self;
	(void)events;
	while ((got = recv(netlink, data, sizeof data, MSG_DONTWAIT)) > 0) {
		ssize_t left = got; /* NLMSG_NEXT may go below 0 */

		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left))
			take(header);
	}
	/* netlink(7): ENOBUFS says that messages were dropped; the dump says what is there now. */
	if (got < 0 && errno == ENOBUFS)
		ask_for_all();
}

void links_start(int socket)
{
	netlink = watch.fd = socket;
	if (socket < 0)
		return;
	loop_add(&watch);
	ask_for_all();
}

void links_stop(void)
{
	if (netlink < 0)
		return;
	loop_remove(&watch);
	close(netlink);
	netlink = -1;
}

void links_pause(bool pause)
{
	watch.fd = pause ? -1 : netlink;
}
