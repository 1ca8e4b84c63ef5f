#include "conntrack-tell.h"

#include "addresses.h"
#include "emit.h"
#include "rule-text.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sys/socket.h>

static const char *const tcp_states[] = { "NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
					  "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2" };

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

void conntrack_tell(const char *kind, const struct netns *netns, uint32_t id, const struct rtattr **a, uint32_t status,
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

uint8_t conntrack_tcp_state(const struct rtattr *nest)
{
	const struct rtattr *info[CTA_PROTOINFO_MAX + 1], *tcp[CTA_PROTOINFO_TCP_MAX + 1];

	parse_nest(info, CTA_PROTOINFO_MAX, nest);
	parse_nest(tcp, CTA_PROTOINFO_TCP_MAX, info[CTA_PROTOINFO_TCP]);
	return netlink_u8(tcp[CTA_PROTOINFO_TCP_STATE]);
}
