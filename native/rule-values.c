#include "rule-program.h"

#include "addresses.h"
#include "netlink.h"

#include <linux/netfilter/nf_tables.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void protocol_name(char *name, size_t size, unsigned protocol)
{
	static const struct {
		unsigned number;
		const char *name;
	} known[] = { { 1, "icmp" }, { 2, "igmp" }, { 6, "tcp" }, { 17, "udp" }, { 47, "gre" }, { 50, "esp" },
		      { 51, "ah" }, { 58, "ipv6-icmp" }, { 132, "sctp" }, { 136, "udplite" } };

	snprintf(name, size, "%u", protocol);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].number == protocol)
			snprintf(name, size, "%s", known[i].name);
}

void state_names(char *names, size_t size, unsigned bits)
{
	static const struct {
		unsigned bit;
		const char *name;
	} known[] = { { 1, "invalid" }, { 2, "established" }, { 4, "related" }, { 8, "new" }, { 64, "untracked" } };
	size_t at = 0;

	names[0] = 0;
	for (size_t i = 0; i < sizeof known / sizeof *known && at < size; i++)
		if (bits & known[i].bit)
			at += (size_t)snprintf(names + at, size - at, "%s%s", at ? "," : "", known[i].name);
}

const char *address_type(unsigned type)
{
	static const char *const names[] = { "unspec", "unicast", "local", "broadcast", "anycast", "multicast",
					     "blackhole", "unreachable", "prohibit" };

	return type < sizeof names / sizeof *names ? names[type] : "?";
}

/* Bytes cut off at the end are zeros: `ip saddr 172.18.0.0/16` compares two. */
void value_text(char *text, size_t size, const struct loaded *loaded, const unsigned char *bytes, size_t length)
{
	unsigned char whole[16] = { 0 };
	uint64_t number = 0;
	uint32_t host = 0;

	memcpy(whole, bytes, length < sizeof whole ? length : sizeof whole);
	memcpy(&host, whole, length < sizeof host ? length : sizeof host);
	for (size_t i = 0; i < length && i < 8; i++)
		number = number << 8 | bytes[i];
	text[0] = 0;
	switch (loaded->value) {
	case VALUE_IP: address_text(text, size, AF_INET, whole, 4); break;
	case VALUE_IP6: address_text(text, size, AF_INET6, whole, 16); break;
	case VALUE_BIG: snprintf(text, size, "%llu", (unsigned long long)number); break;
	case VALUE_HOST: snprintf(text, size, "%u", host); break;
	case VALUE_PROTOCOL: protocol_name(text, size, bytes[0]); break;
	case VALUE_STATE: state_names(text, size, host); break;
	case VALUE_TYPE: snprintf(text, size, "%s", address_type(host)); break;
	case VALUE_NFPROTO:
		snprintf(text, size, "%s", bytes[0] == PROTO_IPV4 ? "ipv4" : bytes[0] == PROTO_IPV6 ? "ipv6" : "?");
		break;
	case VALUE_NAME:
		/* Without its NUL it is the beginning of a name. */
		snprintf(text, size, "\"%.*s%s\"", (int)length, (const char *)bytes,
			 length < 16 && !memchr(bytes, 0, length) ? "*" : "");
		break;
	case VALUE_MAC:
		snprintf(text, size, "%02x:%02x:%02x:%02x:%02x:%02x", whole[0], whole[1], whole[2], whole[3],
			 whole[4], whole[5]);
		break;
	case VALUE_HEX: snprintf(text, size, "0x%llx", (unsigned long long)number); break;
	}
	size_t full = loaded->value == VALUE_IP ? 4 : loaded->value == VALUE_IP6 ? 16 : length;
	int prefix = loaded->prefix >= 0 ? loaded->prefix : length < full ? (int)length * 8 : -1;
	if (prefix >= 0 && full > 2)
		snprintf(text + strlen(text), size - strlen(text), "/%d", prefix);
}

struct loaded *register_at(struct program *program, const struct rtattr *number)
{
	uint32_t index = number ? netlink_be32(number) : 0;

	return &program->registers[index < REGISTERS ? index : 0];
}

const unsigned char *data_bytes(const struct rtattr *nest, size_t *length)
{
	const struct rtattr *inner[NFTA_DATA_MAX + 1] = { 0 };

	if (nest)
		netlink_parse(inner, NFTA_DATA_MAX, RTA_DATA(nest), RTA_PAYLOAD(nest));
	*length = inner[NFTA_DATA_VALUE] ? RTA_PAYLOAD(inner[NFTA_DATA_VALUE]) : 0;
	return *length ? RTA_DATA(inner[NFTA_DATA_VALUE]) : (const unsigned char *)"";
}

void held_value(char *text, size_t size, struct program *program, const struct rtattr *number, enum value value)
{
	struct loaded *loaded = register_at(program, number);

	text[0] = 0;
	if (!number || !loaded->length)
		return;
	loaded->value = value;
	value_text(text, size, loaded, loaded->bytes, loaded->length);
}

