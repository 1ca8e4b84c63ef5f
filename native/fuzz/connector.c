/* The proc connector's messages: forks, executions and exits of pids that were never there, with
 * lengths that are not true. The input is what one recv(2) gave; /proc is not asked. */
#define text_read fuzz_text_read
#define process_read_namespaces fuzz_read_namespaces
#include "../namespaces.c"
#include "../process-tell.c"
#include "../process-events.c"
#undef text_read
#undef process_read_namespaces

#include "../json.h"
#include "fuzz.h"

#include <linux/connector.h>
#include <sys/socket.h>

const char *const fuzz_seeds[] = { "fork 1 2 exec 2 exit 2", "\x01\x02\x03\x04\x05\x06\x07\x08", NULL };
const char *const fuzz_words[] = { "\x01", "\x02", "\x03", "\x04", "\x05", "bash", "\xff\xff\xff\xff", NULL };

static struct input input;

bool fuzz_text_read(struct text *text, int directory, const char *path, size_t limit)
{
	size_t length;
	const uint8_t *bytes = take_bytes(&input, take_byte(&input), &length);

	(void)directory, (void)path;
	text->length = 0;
	text_append(text, bytes, length < limit ? length : limit);
	return length % 5;
}

void fuzz_read_namespaces(pid_t pid, ino_t inodes[NAMESPACE_TYPES])
{
	(void)pid;
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		inodes[i] = take_byte(&input) % 3;
}

/* One message; most are of the right size and form. */
static size_t put_message(char *at)
{
	struct proc_event event = { .what = 0 };
	struct nlmsghdr header = { .nlmsg_type = NLMSG_DONE };
	struct cn_msg message = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof event };
	static const unsigned kinds[] = { PROC_EVENT_FORK, PROC_EVENT_EXEC, PROC_EVENT_COMM, PROC_EVENT_EXIT, 0x80000000u };
	uint8_t form = take_byte(&input);
	unsigned what = kinds[take_byte(&input) % 5];
	size_t length;

	memcpy(&event.what, &what, sizeof what);
	for (size_t i = 0; i < 4; i++) {
		uint32_t pid = take_byte(&input) % 4 + 1;
		memcpy((char *)&event.event_data + i * 4, &pid, 4);
	}
	const uint8_t *rest = take_bytes(&input, form % 2 ? 16 : 0, &length);
	memcpy((char *)&event.event_data + 8, rest, length);
	header.nlmsg_len = NLMSG_LENGTH(sizeof message + sizeof event);
	if (form > 200 && form <= 230)
		header.nlmsg_len = take_number(&input) >> (form % 32);
	memcpy(at, &header, sizeof header);
	memcpy(at + NLMSG_HDRLEN, &message, sizeof message);
	memcpy(at + NLMSG_HDRLEN + sizeof message, &event, sizeof event);
	if (form > 230) /* the last one is cut: the next would begin behind the end */
		header.nlmsg_len += 3, memcpy(at, &header, sizeof header);
	return header.nlmsg_len > 512 ? 64 : form > 230 ? header.nlmsg_len : NLMSG_ALIGN(header.nlmsg_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair))
		return 0;
	input = (struct input){ data, size };
	lab.init = 1;
	while (input.left) {
		char bytes[1024] = { 0 };
		size_t length = 0;

		for (uint8_t count = take_byte(&input) % 4; length < 512 && count--;)
			length += put_message(bytes + length);
		if (send(pair[1], bytes, length, 0) >= 0) {
			watch.fd = pair[0];
			ready(&watch, POLLIN);
		}
	}
	close(pair[1]);
	process_events_stop();
	lines_check(NULL);
	return 0;
}
