#include "rule-program.h"

#include "netlink.h"

#include <linux/netfilter/nf_tables.h>
#include <stdio.h>
#include <string.h>

static struct loaded *load(struct program *program, const struct rtattr *number, const char *field, enum value value)
{
	struct loaded *loaded = register_at(program, number);

	*loaded = (struct loaded){ .value = value, .prefix = -1 };
	snprintf(loaded->field, sizeof loaded->field, "%s", field);
	return loaded;
}

void load_meta(struct program *program, const struct rtattr **a)
{
	static const struct {
		unsigned key;
		const char *field;
		enum value value;
	} known[] = { { NFT_META_PROTOCOL, "meta protocol", VALUE_HEX }, { NFT_META_MARK, "meta mark", VALUE_HOST },
		      { NFT_META_IIFNAME, "iifname", VALUE_NAME }, { NFT_META_OIFNAME, "oifname", VALUE_NAME },
		      { NFT_META_IIF, "iif", VALUE_HOST }, { NFT_META_OIF, "oif", VALUE_HOST },
		      { NFT_META_SKUID, "meta skuid", VALUE_HOST }, { NFT_META_SKGID, "meta skgid", VALUE_HOST },
		      { NFT_META_NFPROTO, "meta nfproto", VALUE_NFPROTO },
		      { NFT_META_L4PROTO, "meta l4proto", VALUE_PROTOCOL },
		      { NFT_META_PKTTYPE, "meta pkttype", VALUE_HOST }, { NFT_META_CGROUP, "meta cgroup", VALUE_HOST } };
	uint32_t key = netlink_be32(a[NFTA_META_KEY]);
	char field[32], value[128];
	size_t i = 0;

	while (i < sizeof known / sizeof *known && known[i].key != key)
		i++;
	bool found = i < sizeof known / sizeof *known;
	snprintf(field, sizeof field, found ? "%s" : "meta %s%u", found ? known[i].field : "key ", key);
	if (a[NFTA_META_DREG]) {
		load(program, a[NFTA_META_DREG], field, found ? known[i].value : VALUE_HEX);
		return;
	}
	struct loaded *from = register_at(program, a[NFTA_META_SREG]);
	from->value = found ? known[i].value : VALUE_HEX;
	value_text(value, sizeof value, from, from->bytes, from->length);
	text_word(&program->rule->words, "%s set %s", field, value);
}

void load_payload(struct program *program, const struct rtattr **a)
{
	static const struct {
		unsigned base, offset, length;
		int family; /* 0: any */
		const char *field;
		enum value value;
	} known[] = { { NFT_PAYLOAD_NETWORK_HEADER, 12, 4, PROTO_IPV4, "ip saddr", VALUE_IP },
		      { NFT_PAYLOAD_NETWORK_HEADER, 16, 4, PROTO_IPV4, "ip daddr", VALUE_IP },
		      { NFT_PAYLOAD_NETWORK_HEADER, 9, 1, PROTO_IPV4, "ip protocol", VALUE_PROTOCOL },
		      { NFT_PAYLOAD_NETWORK_HEADER, 8, 1, PROTO_IPV4, "ip ttl", VALUE_BIG },
		      { NFT_PAYLOAD_NETWORK_HEADER, 8, 16, PROTO_IPV6, "ip6 saddr", VALUE_IP6 },
		      { NFT_PAYLOAD_NETWORK_HEADER, 24, 16, PROTO_IPV6, "ip6 daddr", VALUE_IP6 },
		      { NFT_PAYLOAD_NETWORK_HEADER, 6, 1, PROTO_IPV6, "ip6 nexthdr", VALUE_PROTOCOL },
		      { NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, 0, "sport", VALUE_BIG },
		      { NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, 0, "dport", VALUE_BIG },
		      { NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, 0, "type", VALUE_BIG },
		      { NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1, 0, "flags", VALUE_HEX },
		      { NFT_PAYLOAD_LL_HEADER, 0, 6, 0, "ether daddr", VALUE_MAC },
		      { NFT_PAYLOAD_LL_HEADER, 6, 6, 0, "ether saddr", VALUE_MAC },
		      { NFT_PAYLOAD_LL_HEADER, 12, 2, 0, "ether type", VALUE_HEX } };
	uint32_t base = netlink_be32(a[NFTA_PAYLOAD_BASE]), offset = netlink_be32(a[NFTA_PAYLOAD_OFFSET]),
		 length = netlink_be32(a[NFTA_PAYLOAD_LEN]);
	int family = program->family == PROTO_IPV6 || (offset == 8 && length == 16) || (offset == 24 && length == 16)
			     ? PROTO_IPV6 : PROTO_IPV4;
	const char *protocol = program->rule->protocol[0] ? program->rule->protocol : "th";
	char field[64];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		bool part = known[i].value == VALUE_IP || known[i].value == VALUE_IP6;

		if (known[i].base != base || known[i].offset != offset || (known[i].family && known[i].family != family) ||
		    (part ? !length || length > known[i].length : length != known[i].length))
			continue;
		bool transport = base == NFT_PAYLOAD_TRANSPORT_HEADER;
		/* "tcp dport" says the protocol, "ip saddr" the family. */
		if (transport || (known[i].family && !strncmp(program->held, "meta nfproto", 12)))
			program->held[0] = 0;
		snprintf(field, sizeof field, "%s%s%s", transport ? protocol : "", transport ? " " : "", known[i].field);
		load(program, a[NFTA_PAYLOAD_DREG], field, known[i].value);
		return;
	}
	snprintf(field, sizeof field, "@%s,%u,%u", base == NFT_PAYLOAD_LL_HEADER ? "ll" :
		 base == NFT_PAYLOAD_NETWORK_HEADER ? "nh" : "th", offset * 8, length * 8);
	load(program, a[NFTA_PAYLOAD_DREG], field, VALUE_HEX);
}

void load_ct(struct program *program, const struct rtattr **a)
{
	static const char *const fields[] = { "state", "direction", "status", "mark" };
	uint32_t key = netlink_be32(a[NFTA_CT_KEY]);
	char field[32], value[128];

	snprintf(field, sizeof field, "ct %s", key < 4 ? fields[key] : "key");
	program->rule->tracks = true;
	if (a[NFTA_CT_DREG]) {
		load(program, a[NFTA_CT_DREG], field, key == NFT_CT_STATE ? VALUE_STATE : VALUE_HOST);
		return;
	}
	struct loaded *from = register_at(program, a[NFTA_CT_SREG]);
	from->value = VALUE_HOST;
	value_text(value, sizeof value, from, from->bytes, from->length);
	text_word(&program->rule->words, "%s set %s", field, value);
}

/* A mask whose ones come first is a prefix; of `ct state` it is the states themselves. */
void load_bitwise(struct program *program, const struct rtattr **a)
{
	struct loaded *to = register_at(program, a[NFTA_BITWISE_DREG]), *from = register_at(program, a[NFTA_BITWISE_SREG]);
	size_t length, ones = 0;
	const unsigned char *mask = data_bytes(a[NFTA_BITWISE_MASK], &length);

	*to = *from;
	while (ones < length * 8 && mask[ones / 8] & 0x80 >> ones % 8)
		ones++;
	to->prefix = (int)ones;
	to->masked = true;
	to->mask = 0;
	memcpy(&to->mask, mask, length < 4 ? length : 4);
}

void load_fib(struct program *program, const struct rtattr **a)
{
	uint32_t flags = netlink_be32(a[NFTA_FIB_FLAGS]), result = netlink_be32(a[NFTA_FIB_RESULT]);
	char field[64];

	snprintf(field, sizeof field, "fib %s%s%s %s", flags & NFTA_FIB_F_SADDR ? "saddr" : "daddr",
		 flags & NFTA_FIB_F_IIF ? " . iif" : "", flags & NFTA_FIB_F_OIF ? " . oif" : "",
		 result == NFT_FIB_RESULT_ADDRTYPE ? "type" : result == NFT_FIB_RESULT_OIFNAME ? "oifname" : "oif");
	load(program, a[NFTA_FIB_DREG], field, result == NFT_FIB_RESULT_ADDRTYPE ? VALUE_TYPE :
	     result == NFT_FIB_RESULT_OIFNAME ? VALUE_NAME : VALUE_HOST);
}

void load_immediate(struct program *program, const struct rtattr **a)
{
	size_t length;

	struct loaded *loaded = load(program, a[NFTA_IMMEDIATE_DREG], "", VALUE_HEX);
	const unsigned char *bytes = data_bytes(a[NFTA_IMMEDIATE_DATA], &length);
	loaded->length = length < sizeof loaded->bytes ? length : sizeof loaded->bytes;
	memcpy(loaded->bytes, bytes, loaded->length);
}
