/* Datagrams to the socket in the lab that anybody in there may write to: the input is several, each
 * behind a byte with its length. */
#include <signal.h>
#include <sys/time.h>

/* The loop's own alarm tells a hang. */
#undef SIGALRM
#define SIGALRM SIGUSR1
#define setitimer fuzz_setitimer
static int fuzz_setitimer(int which, const struct itimerval *value, struct itimerval *before)
{
	return which == ITIMER_REAL && value && !before ? 0 : -1;
}

#include "../stage-events.c"

#include "../json.h"
#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>

/* 1 stands for the NUL after each word. */
const char *const fuzz_seeds[] = { "\x23stage\x01" "a\x01" "clone\x01" "clone3\x01" "CLONE_NEWPID\x01", "\x18stopped\x01" "a\x01" "pivot_root\x01\x01\x01",
				   "\x1c" "failed\x01" "a\x01overlay\x01mount\x01why\x01", NULL };
const char *const fuzz_words[] = { "\x01", "stage\x01", "stopped\x01", "failed\x01", "clone\x01", "cgroup\x01", "\xff", "\xc3", NULL };

static void look(const struct json *line)
{
	int64_t pid;

	MUST(!strncmp(json_text(line, "kind"), "container.", 10));
	MUST(json_text(line, "container") && *json_text(line, "container"));
	MUST(json_text(line, "stage"));
	MUST(json_integer(line, "pid", &pid) && pid == getpid());
}

static void send_one(int fd, struct input *input)
{
	char data[256];
	size_t length;
	uint8_t size = take_byte(input);
	const uint8_t *bytes = take_bytes(input, size, &length);

	for (size_t i = 0; i < length; i++)
		data[i] = (char)(bytes[i] == 1 ? 0 : bytes[i]);
	send(fd, data, length, MSG_DONTWAIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair))
		abort();
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &(int){ 1 }, sizeof(int));
	while (input.left) {
		struct watch from = { .fd = pair[0] };

		send_one(pair[1], &input);
		ready(&from, POLLIN);
	}
	close(pair[0]);
	close(pair[1]);
	lines_check(look);
	return 0;
}
