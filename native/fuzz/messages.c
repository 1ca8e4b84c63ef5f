/* A PID 1 of the lab that has been taken over, and says to the warden whatever it likes: messages
 * with any numbers, texts that do not end, descriptors of every kind; between them ordinary requests.
 * The warden answers each request exactly once, says only whole lines, and waits for nothing. */
#include "../warden.c"

#include "../json.h"
#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

/* Ask for a run with a trace; say that it has started, with a pipe; that it has ended; the same with a
 * terminal; ask for a file and say what is in it. */
#define ASK_RUN "cde"
#define SAY_STARTED "dpqee0000dp\x05"
#define ASK_PTY "cie"
#define SAY_STARTED_PTY "dpqee0000dp\x06"
#define ASK_WRITE "cke"
#define ASK_RESIZE "cme"
#define SAY_EXITED "dqqee0000dp"
#define ASK_READ "cge"
#define SAY_DONE "dmqee0000dz0123456789"

const char *const fuzz_seeds[] = { ASK_RUN SAY_STARTED SAY_EXITED, ASK_RUN SAY_STARTED SAY_STARTED SAY_EXITED SAY_EXITED,
				   ASK_PTY SAY_STARTED_PTY ASK_WRITE ASK_RESIZE SAY_EXITED, ASK_PTY SAY_STARTED_PTY SAY_EXITED ASK_WRITE,
				   ASK_RUN SAY_EXITED SAY_STARTED, ASK_READ SAY_DONE SAY_DONE, NULL };
const char *const fuzz_words[] = { ASK_RUN, SAY_STARTED, SAY_EXITED, ASK_READ, SAY_DONE, ASK_PTY, SAY_STARTED_PTY, ASK_WRITE, ASK_RESIZE,
				   "dp", "dq", "\xff", NULL };

static struct input input;
static int other_end;         /* lab-init's */
static unsigned asked_count;  /* requests so far: their ids are 1, 2, … */
static unsigned answers[4096];

static void ask(void)
{
	static const char *const requests[] = {
		"{\"op\":\"run\",\"run\":%u,\"argv\":[\"true\"],\"trace\":true}",
		"{\"op\":\"run\",\"run\":%u,\"argv\":[\"true\"]}",
		"{\"op\":\"signal\",\"run\":%u,\"signal\":\"KILL\"}",
		"{\"op\":\"read\",\"path\":\"/etc/%u\"}",
		"{\"op\":\"nothing\",\"run\":%u}",
		"{\"op\":\"run\",\"run\":%u,\"argv\":[\"true\"],\"trace\":true,\"pty\":{\"rows\":24,\"columns\":80}}",
		"{\"op\":\"run\",\"run\":%u,\"argv\":[\"true\"],\"stdin\":true}",
		"{\"op\":\"write\",\"run\":%u,\"text\":\"typed\"}",
		"{\"op\":\"write\",\"run\":%u,\"base64\":\"AwQ=\",\"end\":true}",
		"{\"op\":\"resize\",\"run\":%u,\"rows\":1,\"columns\":2}",
	};
	struct json_document document;
	char id[16];

	if (asked_count + 1 >= sizeof answers / sizeof *answers)
		return;
	snprintf(id, sizeof id, "%u", ++asked_count);
	char *line = print_text(requests[take_byte(&input) % 10], take_byte(&input) % 4);
	bool parsed = json_parse(&document, line, strlen(line));
	MUST(parsed);
	operation_take(document.root, id);
	json_free(&document);
	free(line);
}

static int descriptor(uint8_t kind)
{
	int pair[2];

	switch (kind % 12) {
	case 0: return open("/dev/null", O_RDWR | O_CLOEXEC);
	case 1: return open("/", O_RDONLY | O_CLOEXEC);
	case 2: return open("/dev/zero", O_RDWR | O_CLOEXEC);
	case 3: return memfd_create("fuzz", MFD_CLOEXEC);
	case 4: return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	case 6: return open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	}
	if (pipe2(pair, O_CLOEXEC))
		return -1;
	if (write(pair[1], "trace\xff", kind % 7) < 0)
		abort();
	close(pair[1]);
	return pair[0];
}

/* Some fields as an honest PID 1 would have them, or else no message would get far. */
static void say(void)
{
	struct message message = { .kind = (enum message_kind)(take_byte(&input) % 12) };
	uint8_t form = take_byte(&input);
	int fds[8];
	size_t count = 0, length, size;

	const uint8_t *bytes = take_bytes(&input, form % 8 ? 0 : sizeof message - 4, &size);
	memcpy((char *)&message + 4, bytes, size);
	message.run = take_byte(&input) % 4;
	message.pid = form % 3 ? take_byte(&input) % 4 : (pid_t)take_number(&input);
	message.number = (int)take_number(&input);
	if (form % 16)
		snprintf(message.id, sizeof message.id, "%u", asked_count - take_byte(&input) % 4);
	if (form % 5 == 1)
		snprintf(message.failure.message, sizeof message.failure.message, "it is so");
	bytes = take_bytes(&input, take_byte(&input) % 16, &length);
	for (; count < form % 7u; count++)
		if ((fds[count] = descriptor(take_byte(&input))) < 0)
			break;
	if (form == 255)
		send(other_end, &message, length < sizeof message ? length : sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
	else
		message_send(other_end, &message, bytes, length, fds, count < MESSAGE_FD_LIMIT ? count : MESSAGE_FD_LIMIT, 0);
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

/* The number that the next descriptor gets: the same before and after, or one has been left open. */
static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

static void look(const struct json *line)
{
	const char *kind = json_text(line, "kind");
	int64_t id;

	if (strcmp(kind, "ok") && strcmp(kind, "error"))
		return;
	MUST(json_integer(line, "id", &id));
	MUST(id >= 1 && id <= asked_count);
	MUST(++answers[id] == 1);
}

/* What the warden has asked is taken out, or it would block nobody but fill the queue. */
static void drain(void)
{
	static char data[sizeof(struct message) + MESSAGE_DATA_LIMIT];

	while (recv(other_end, data, sizeof data, MSG_DONTWAIT) > 0)
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int pair[2], next = next_descriptor();

	signal(SIGPIPE, SIG_IGN); /* as hear_signals() does */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		abort();
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &(int){ 1 }, sizeof(int));
	input = (struct input){ data, size };
	asked_count = 0;
	memset(answers, 0, sizeof answers);
	memset(&warden, 0, sizeof warden);
	warden.up = true;
	control.fd = warden.lab.control = pair[0];
	other_end = pair[1];
	while (input.left) {
		uint8_t step = take_byte(&input) % 3;

		if (step == 0)
			ask();
		else
			say();
		take_answers();
		loop_turn(0);
		drain();
	}
	close(other_end);
	while (take_answers() > 0)
		;
	control_ended();
	asked_give_up("the lab is gone");
	runs_finish();
	close(pair[0]);
	lines_check(look);
	for (unsigned id = 1; id <= asked_count; id++)
		MUST(answers[id] == 1);
	MUST(next_descriptor() == next);
	return 0;
}
