/* The table that IPT_SO_GET_ENTRIES gives: entries, matches and targets behind one another, each with
 * the length and the contents that somebody in the lab chose. Lengths are mostly true. */
#include "../iptables-legacy.c"

#include "../json.h"
#include "../netlink.h"
#include "fuzz.h"

#define DATA_LIMIT 8192

const char *const fuzz_seeds[] = { "abcdefghijklmnopqrstuvwxyz0123456789", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a", NULL };
const char *const fuzz_words[] = { "\xff\xff\xff\xff", "\xfe\xff\xff\xff", "veth+", "eth0", "\x7f", "\x06", "\x11", NULL };

static const char *const match_names[] = { "tcp", "udp", "multiport", "conntrack", "state", "addrtype", "comment", "limit", "mark", "x" };
static const char *const target_names[] = { "", "", "ERROR", "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "REJECT", "LOG", "CT" };

static struct input input;
static struct { _Alignas(8) char bytes[DATA_LIMIT + 512]; } blob;

static unsigned put(unsigned at, const char *name, unsigned fixed)
{
	struct xt_entry_match head = { 0 };
	size_t length;
	uint8_t form = take_byte(&input);
	const uint8_t *bytes = take_bytes(&input, form % 96, &length);
	unsigned size = fixed ? fixed : (unsigned)(sizeof head + (length + 7) / 8 * 8);

	if (form > 250) /* not true, now and then */
		size = take_byte(&input);
	head.u.user.match_size = (uint16_t)size;
	strncpy(head.u.user.name, name, sizeof head.u.user.name - 1);
	head.u.user.revision = form % 4;
	memcpy(blob.bytes + at, &head, sizeof head);
	memcpy(blob.bytes + at + sizeof head, bytes, length);
	return at + size;
}

static unsigned put_entry(unsigned at, bool is_six)
{
	unsigned fixed = is_six ? sizeof(struct ip6t_entry) : sizeof(struct ipt_entry), end = at + fixed;
	size_t length;
	const uint8_t *header = take_bytes(&input, take_byte(&input) % 84, &length);
	uint8_t form = take_byte(&input);
	const char *target = target_names[take_byte(&input) % 10];

	memcpy(blob.bytes + at, header, length);
	for (uint8_t matches = form % 4; matches && end < at + 300; matches--)
		end = put(end, match_names[take_byte(&input) % 10], 0);
	uint16_t offset = (uint16_t)(end - at), next;
	end = put(end, target, form % 2 && !*target ? sizeof(struct xt_standard_target) : 0);
	next = (uint16_t)(end - at);
	if (form > 240)
		offset = take_byte(&input), next = take_byte(&input);
	if (is_six) {
		((struct ip6t_entry *)(void *)(blob.bytes + at))->target_offset = offset;
		((struct ip6t_entry *)(void *)(blob.bytes + at))->next_offset = next;
	} else {
		((struct ipt_entry *)(void *)(blob.bytes + at))->target_offset = offset;
		((struct ipt_entry *)(void *)(blob.bytes + at))->next_offset = next;
	}
	return (end + 7) / 8 * 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned at = 0;

	input = (struct input){ data, size };
	memset(&blob, 0, sizeof blob);
	bool is_six = take_byte(&input) % 2;
	struct table table = { .netns = netns_add(4026531840, NETLINK_OWN_NSID), .layout = is_six ? &six : &four,
			       .name = "filter" };
	table.info.valid_hooks = take_byte(&input);
	for (int i = 0; i < HOOKS; i++) {
		table.info.hook_entry[i] = take_byte(&input) * 8u;
		table.info.underflow[i] = take_byte(&input) * 8u;
	}
	while (input.left && at + 512 < DATA_LIMIT)
		at = put_entry(at, is_six);
	table.info.size = at;
	/* As much as the kernel gave, and not a byte more. */
	table.data = memcpy(allocate(at), blob.bytes, at);
	take_entries(&table);
	free(table.data);
	netns_clear();
	lines_check(NULL);
	return 0;
}
