/* rtnetlink(7) messages with lengths that are not true: the input is what one recv(2) gave. */
#include "../links.c"

#include "../json.h"
#include "fuzz.h"

const char *const fuzz_seeds[] = {
	"\x34\x01\x01\x01\x10\x01\x02\x01\x01\x01\x01\x01\x01\x01\x01\x01" "\x01\x01\x04\x03\x01\x01\x01\x01\x43\x10\x01\x01\xff\xff\xff\xff"
	"\x07\x01\x03\x01lo\x01\x01\x0a\x01\x01\x01\x11\x22\x33\x44\x55\x66\x01\x01\x10\x01\x12\x01\x0c\x01\x01\x01" "bridge\x01\x01", NULL,
};
const char *const fuzz_words[] = { "\x07\x01\x03\x01lo\x01\x01", "\x0a\x01\x01\x01\x11\x22\x33\x44\x55\x66", "\x01\x01",
				   "\xff\xff\xff\xff", "\x10\x01\x12\x01", "bridge", "\x14\x01\x01\x01\x03\x01", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link *next;
	int pair[2];
	char *bytes = allocate(size + 1);

	/* In the texts above 1 stands for the zeros of lengths and indexes. */
	memcpy(bytes, data, size);
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair))
		return 0;
	netlink = pair[0];
	dumping = size % 2;
	for (size_t i = 0; i < 2; i++) {
		for (size_t at = 0; at < size && i; at++)
			bytes[at] = bytes[at] == 1 ? 0 : bytes[at];
		if (send(pair[1], bytes, size, 0) >= 0)
			ready(&watch, POLLIN);
	}
	for (; links; links = next) {
		next = links->next;
		free(links);
	}
	close(pair[0]);
	close(pair[1]);
	free(bytes);
	lines_check(NULL);
	return 0;
}
