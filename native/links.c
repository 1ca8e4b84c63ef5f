#include "links.h"

#include "emit.h"
#include "facts.h"
#include "net.h"

#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#ifndef IFF_UP
#define IFF_UP 1 /* net/if.h does not go together with linux/if_arp.h everywhere */
#endif

#define LABEL_START "\"name\":"

/* rfc2863(5) by number: linux/if.h, IF_OPER_… */
static const char *const operstates[] = {
	"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up",
};

static void begin(struct netns *netns, int index)
{
	fact_begin(netns, FACT_LINK);
	line_integer("index", index);
}

const char *link_name(struct netns *netns, int index)
{
	begin(netns, index);
	const struct fact *link = fact_find();
	return link ? link->parts[FACT_LABEL] + strlen(LABEL_START) : NULL;
}

static void put_mac(const struct rtattr *attribute)
{
	char mac[18];

	if (!attribute || RTA_PAYLOAD(attribute) != 6)
		return;
	const unsigned char *bytes = RTA_DATA(attribute);
	snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3],
		 bytes[4], bytes[5]);
	line_text("mac", mac);
}

/* IFLA_LINKINFO is a nest: the driver's kind ("bridge", "veth") is one of the attributes inside. */
static void read_kind(char *kind, size_t size, const struct ifinfomsg *body, const struct rtattr *nest)
{
	const struct rtattr *inner[IFLA_INFO_KIND + 1] = { 0 };

	if (nest)
		netlink_parse(inner, IFLA_INFO_KIND, RTA_DATA(nest), RTA_PAYLOAD(nest));
	netlink_text(kind, size, inner[IFLA_INFO_KIND]);
	if (body->ifi_type == ARPHRD_LOOPBACK)
		snprintf(kind, size, "loopback");
}

/* IFLA_LINK is the index of what the interface belongs to: a veth's other end, a vlan's device. It
 * may lie in another namespace, which IFLA_LINK_NETNSID names. */
static void put_other_end(struct netns *netns, const char *kind, const struct rtattr **attributes)
{
	bool pair = !strcmp(kind, "veth") || !strcmp(kind, "netkit");
	int index = (int)netlink_u32(attributes[IFLA_LINK]);
	const struct rtattr *nsid = attributes[IFLA_LINK_NETNSID];
	const struct netns *there = nsid ? net_of_nsid((int)netlink_u32(nsid)) : netns;

	if (index <= 0)
		return;
	if (nsid && !there) {
		netns->distant = netns->stale_links = true;
		return;
	}
	line_open(pair ? "peer" : "lower", '{');
	netns_put(there);
	line_integer("index", index);
	line_close('}');
}

static void put_master(const struct rtattr *attribute, const char *name)
{
	if (!attribute || !netlink_u32(attribute))
		return;
	line_open("master", '{');
	line_integer("index", netlink_u32(attribute));
	if (name)
		line_json("name", name);
	line_close('}');
}

static void take_new(struct netns *netns, const struct ifinfomsg *body, const struct rtattr **attributes)
{
	const struct rtattr *master = attributes[IFLA_MASTER];
	/* Before the draft: the name is looked up with one. */
	const char *master_name = master ? link_name(netns, (int)netlink_u32(master)) : NULL;
	char name[64], kind[32];
	unsigned state = netlink_u8(attributes[IFLA_OPERSTATE]);

	netlink_text(name, sizeof name, attributes[IFLA_IFNAME]);
	read_kind(kind, sizeof kind, body, attributes[IFLA_LINKINFO]);
	begin(netns, body->ifi_index);
	fact_part(FACT_LABEL);
	line_text("name", name);
	fact_part(FACT_BODY);
	line_flag("up", body->ifi_flags & IFF_UP);
	if (kind[0])
		line_text("type", kind);
	put_mac(attributes[IFLA_ADDRESS]);
	line_integer("mtu", netlink_u32(attributes[IFLA_MTU]));
	if (state < sizeof operstates / sizeof *operstates)
		line_text("operstate", operstates[state]);
	put_master(master, master_name);
	put_other_end(netns, kind, attributes);
	fact_take();
}

struct place {
	struct netns *netns;
	int route;
};

static void take_asked(const struct nlmsghdr *header, void *context)
{
	const struct place *place = context;

	link_take(place->netns, header, NUMBERS_OF_LAB, place->route);
}

struct link_request {
	struct nlmsghdr header;
	struct ifinfomsg body;
	char room[64];
};

/* IFLA_TARGET_NETNSID: asked in the lab's own namespace about another one, so that the answer speaks
 * of further namespaces in the lab's numbers. Nobody has to go there. */
static int ask(struct netns *netns, int route, int index, unsigned short flags, netlink_take take)
{
	struct link_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof request.body), .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = flags },
		.body = { .ifi_family = AF_UNSPEC, .ifi_index = index },
	};
	struct place place = { netns, route };

	if (!netns_own(netns))
		netlink_put(&request.header, IFLA_TARGET_NETNSID, &netns->nsid, sizeof netns->nsid);
	return netlink_ask(route, &request.header, take, &place);
}

static void take_gone(struct netns *netns, int index)
{
	begin(netns, index);
	fact_remove();
	/* The kernel drops an interface's routes without a word. */
	netns->stale_routes = true;
}

void link_take(struct netns *netns, const struct nlmsghdr *header, enum numbering numbering, int route)
{
	const struct ifinfomsg *body = NLMSG_DATA(header);
	const struct rtattr *attributes[IFLA_LINK_NETNSID + 1];

	/* AF_BRIDGE messages are about a bridge's ports: a port that leaves its bridge sends
	 * RTM_DELLINK, and is still there. */
	if (header->nlmsg_len < NLMSG_LENGTH(sizeof *body) || body->ifi_family == AF_BRIDGE)
		return;
	if (header->nlmsg_type == RTM_DELLINK) {
		take_gone(netns, body->ifi_index);
		return;
	}
	if (header->nlmsg_type != RTM_NEWLINK)
		return;
	netlink_parse(attributes, IFLA_LINK_NETNSID, IFLA_RTA(body), IFLA_PAYLOAD(header));
	if (!(body->ifi_flags & IFF_UP))
		netns->stale_routes = true;
	if (numbering == NUMBERS_OF_ITS_OWN && attributes[IFLA_LINK_NETNSID]) {
		if (ask(netns, route, body->ifi_index, 0, take_asked) == 0)
			return;
		attributes[IFLA_LINK] = NULL;
	}
	take_new(netns, body, attributes);
}

void links_dump(struct netns *netns, int route)
{
	netns->distant = false;
	facts_unseen(netns, FACT_LINK, NULL);
	if (ask(netns, route, 0, NLM_F_DUMP, take_asked) == 0)
		facts_remove_unseen(netns, FACT_LINK, NULL);
}
