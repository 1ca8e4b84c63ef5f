#include "addresses.h"

#include "emit.h"
#include "facts.h"
#include "links.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void address_text(char *text, size_t size, int family, const void *bytes, size_t length)
{
	text[0] = 0;
	if (length == (family == AF_INET6 ? 16u : 4u))
		inet_ntop(family, bytes, text, (socklen_t)size);
}

static const char *scope_name(unsigned scope)
{
	switch (scope) {
	case RT_SCOPE_UNIVERSE: return "global";
	case RT_SCOPE_SITE: return "site";
	case RT_SCOPE_LINK: return "link";
	case RT_SCOPE_HOST: return "host";
	default: return "nowhere";
	}
}

void address_take(struct netns *netns, const struct nlmsghdr *header)
{
	const struct ifaddrmsg *body = NLMSG_DATA(header);
	const struct rtattr *attributes[IFA_LOCAL + 1], *address;
	char text[INET6_ADDRSTRLEN], with_prefix[INET6_ADDRSTRLEN + 8];

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof *body) ||
	    (header->nlmsg_type != RTM_NEWADDR && header->nlmsg_type != RTM_DELADDR))
		return;
	netlink_parse(attributes, IFA_LOCAL, IFA_RTA(body), IFA_PAYLOAD(header));
	/* IFA_ADDRESS is the other side's on a point-to-point link, IFA_LOCAL always ours. */
	address = attributes[IFA_LOCAL] ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
	if (!address)
		return;
	address_text(text, sizeof text, body->ifa_family, RTA_DATA(address), RTA_PAYLOAD(address));
	snprintf(with_prefix, sizeof with_prefix, "%s/%u", text, body->ifa_prefixlen);
	const char *link = link_name(netns, (int)body->ifa_index);
	fact_begin(netns, FACT_ADDRESS);
	line_integer("index", body->ifa_index);
	line_text("address", with_prefix);
	fact_part(FACT_LABEL);
	line_json("link", link ? link : "\"?\"");
	fact_part(FACT_BODY);
	line_text("scope", scope_name(body->ifa_scope));
	if (header->nlmsg_type == RTM_NEWADDR) {
		fact_take();
		return;
	}
	fact_remove();
	/* Routes that use it as their source went with it, without a word. */
	netns->stale_routes = true;
}

static void take(const struct nlmsghdr *header, void *netns)
{
	address_take(netns, header);
}

void addresses_dump(struct netns *netns, int route)
{
	struct {
		struct nlmsghdr header;
		struct ifaddrmsg body;
	} request = {
		.header = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_GETADDR, .nlmsg_flags = NLM_F_DUMP },
	};

	facts_unseen(netns, FACT_ADDRESS, NULL);
	if (netlink_ask(route, &request.header, take, netns) == 0)
		facts_remove_unseen(netns, FACT_ADDRESS, NULL);
}
