#include "routes.h"

#include "addresses.h"
#include "emit.h"
#include "facts.h"
#include "links.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void put_address(const char *name, int family, const struct rtattr *attribute)
{
	char text[INET6_ADDRSTRLEN];

	if (!attribute)
		return;
	address_text(text, sizeof text, family, RTA_DATA(attribute), RTA_PAYLOAD(attribute));
	line_text(name, text);
}

/* "10.0.0.0/8", or "default" as ip(8) says it. */
static void put_destination(const struct rtmsg *body, const struct rtattr *attribute)
{
	char address[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 8] = "default";

	if (attribute) {
		address_text(address, sizeof address, body->rtm_family, RTA_DATA(attribute),
			     RTA_PAYLOAD(attribute));
		snprintf(text, sizeof text, "%s/%u", address, body->rtm_dst_len);
	}
	line_text("destination", text);
}

static const char *type_name(unsigned type)
{
	switch (type) {
	case RTN_BLACKHOLE: return "blackhole";
	case RTN_UNREACHABLE: return "unreachable";
	case RTN_PROHIBIT: return "prohibit";
	case RTN_THROW: return "throw";
	case RTN_MULTICAST: return "multicast";
	default: return NULL;
	}
}

/* RTA_MULTIPATH: several next hops, of which the first is shown. */
static void first_hop(const struct rtattr **attributes)
{
	const struct rtattr *multipath = attributes[RTA_MULTIPATH], *inner[RTA_GATEWAY + 1];
	const struct rtnexthop *hop;

	if (!multipath || RTA_PAYLOAD(multipath) < sizeof *hop)
		return;
	hop = RTA_DATA(multipath);
	if (hop->rtnh_len < sizeof *hop || hop->rtnh_len > RTA_PAYLOAD(multipath))
		return;
	netlink_parse(inner, RTA_GATEWAY, RTNH_DATA(hop), hop->rtnh_len - sizeof *hop);
	attributes[RTA_GATEWAY] = inner[RTA_GATEWAY];
}

static int link_of(const struct rtattr **attributes)
{
	const struct rtattr *multipath = attributes[RTA_MULTIPATH];

	if (!attributes[RTA_OIF] && multipath && RTA_PAYLOAD(multipath) >= sizeof(struct rtnexthop))
		return ((const struct rtnexthop *)RTA_DATA(multipath))->rtnh_ifindex;
	return (int)netlink_u32(attributes[RTA_OIF]);
}

/* A route is its destination, table and metric; in IPv6 several next hops are several routes. */
static void draft(struct netns *netns, const struct rtmsg *body, const struct rtattr **attributes,
		  unsigned table)
{
	char number[16];
	int index = link_of(attributes);
	const char *link = index ? link_name(netns, index) : NULL, *type = type_name(body->rtm_type);

	first_hop(attributes);
	fact_begin(netns, FACT_ROUTE);
	line_text("family", body->rtm_family == AF_INET6 ? "ip6" : "ip");
	put_destination(body, attributes[RTA_DST]);
	snprintf(number, sizeof number, "%u", table);
	if (table != RT_TABLE_MAIN)
		line_text("table", number);
	if (attributes[RTA_PRIORITY])
		line_integer("metric", netlink_u32(attributes[RTA_PRIORITY]));
	fact_part(body->rtm_family == AF_INET6 ? FACT_KEY : FACT_LABEL);
	put_address("gateway", body->rtm_family, attributes[RTA_GATEWAY]);
	if (index)
		line_integer("index", index);
	fact_part(FACT_LABEL);
	if (link)
		line_json("link", link);
	fact_part(FACT_BODY);
	if (type)
		line_text("type", type);
	put_address("source", body->rtm_family, attributes[RTA_PREFSRC]);
}

void route_take(struct netns *netns, const struct nlmsghdr *header)
{
	const struct rtmsg *body = NLMSG_DATA(header);
	const struct rtattr *attributes[RTA_TABLE + 1];

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof *body) ||
	    (header->nlmsg_type != RTM_NEWROUTE && header->nlmsg_type != RTM_DELROUTE) ||
	    (body->rtm_family != AF_INET && body->rtm_family != AF_INET6) ||
	    body->rtm_flags & RTM_F_CLONED)
		return;
	netlink_parse(attributes, RTA_TABLE, RTM_RTA(body), RTM_PAYLOAD(header));
	unsigned table = attributes[RTA_TABLE] ? netlink_u32(attributes[RTA_TABLE]) : body->rtm_table;
	if (table == RT_TABLE_LOCAL)
		return;
	draft(netns, body, attributes, table);
	if (header->nlmsg_type == RTM_NEWROUTE)
		fact_take();
	else
		fact_remove();
}

static void take(const struct nlmsghdr *header, void *netns)
{
	route_take(netns, header);
}

void routes_dump(struct netns *netns, int route)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg body;
	} request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_GETROUTE, .nlmsg_flags = NLM_F_DUMP },
	};

	facts_unseen(netns, FACT_ROUTE, NULL);
	if (netlink_ask(route, &request.header, take, netns) == 0)
		facts_remove_unseen(netns, FACT_ROUTE, NULL);
}
