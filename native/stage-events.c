#include "stage-events.h"

#include "container.h"
#include "emit.h"
#include "files.h"
#include "loop.h"
#include "names.h"
#include "process-events.h"
#include "process.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

/* So that a flood from the lab leaves a turn to everybody else. */
#define MOST_AT_ONCE 32
#define PATIENCE_MICROSECONDS 50000

static void ready(struct watch *watch, short events);
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };

int stage_events_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = STAGE_SOCKET };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	/* SO_PASSCRED: the kernel says who the sender is, so that no event can be told of another. */
	if (bind(fd, (struct sockaddr *)&address, sizeof address) || chmod(STAGE_SOCKET, 0600) ||
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &(int){ 1 }, sizeof(int))) {
		close(fd);
		return -1;
	}
	/* Nobody may send us descriptors (Linux 6.16); before, see `impatient`. */
	setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &(int){ 0 }, sizeof(int));
	return fd;
}

/* The words; false when it is not what container-tell.c sends. */
static bool split(char *data, size_t length, const char *words[STAGE_WORDS])
{
	size_t at = 0;

	for (size_t i = 0; i < STAGE_WORDS; i++) {
		char *end = at < length ? memchr(data + at, 0, length - at) : NULL;

		if (!end)
			return false;
		words[i] = data + at;
		at = (size_t)(end - data) + 1;
	}
	return at == length && stage_find(words[2]) != STAGE_NONE && *words[1] &&
	       strlen(words[1]) <= NAME_LIMIT;
}

/* Namespaces are not asked of the container, they are looked at. */
static void put_namespaces(pid_t pid)
{
	line_open("ns", '{');
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		ino_t inode = namespace_inode(pid, namespace_types[i]);

		if (inode)
			line_unsigned(namespace_types[i], inode);
	}
	line_close('}');
}

static void say(const char *words[STAGE_WORDS], pid_t pid)
{
	struct process process = { .pid = pid };
	const char *kinds[] = { "stage", "container.stage", "stopped", "container.stopped",
				"failed", "container.failed" };
	size_t kind = 0;

	while (kind < 6 && strcmp(kinds[kind], words[0]))
		kind += 2;
	if (kind == 6)
		return;
	process_read_lab_pid(&process);
	line_begin(kinds[kind + 1]);
	line_text("container", words[1]);
	line_text("stage", words[2]);
	line_integer("pid", pid);
	if (process.lab_pid)
		line_integer("labPid", process.lab_pid);
	if (*words[3])
		line_text("call", words[3]);
	if (kind != 2)
		line_text(kind == 4 ? "message" : "detail", words[4]);
	enum stage stage = stage_find(words[2]);
	if (kind == 0 && (stage == STAGE_CLONE || stage == STAGE_TIME_OFFSET || stage == STAGE_CGROUP))
		put_namespaces(pid);
	line_end();
}

static pid_t sender(struct msghdr *header)
{
	struct ucred credentials = { 0 };

	for (struct cmsghdr *at = CMSG_FIRSTHDR(header); at; at = CMSG_NXTHDR(header, at))
		if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_CREDENTIALS)
			memcpy(&credentials, CMSG_DATA(at), sizeof credentials);
	return credentials.pid;
}

static void interrupt(int number)
{
	(void)number;
}

/* Descriptors that come with a datagram (there is no room for them) are closed by the kernel, within
 * our recvmsg(2). A socket that lingers (socket(7), SO_LINGER) would have us wait there for as long
 * as its sender likes; a signal ends that (signal(7), setitimer(2)). */
static void impatient(bool begin)
{
	struct itimerval patience = { 0 };
	struct sigaction action = { .sa_handler = interrupt };

	if (begin) {
		sigaction(SIGALRM, &action, NULL);
		patience.it_value.tv_usec = patience.it_interval.tv_usec = PATIENCE_MICROSECONDS;
	}
	setitimer(ITIMER_REAL, &patience, NULL);
}

static void ready(struct watch *from, short events)
{
	char data[STAGE_DATA_LIMIT];
	const char *words[STAGE_WORDS];
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control;

	(void)events;
	impatient(true);
	for (int i = 0; i < MOST_AT_ONCE; i++) {
		struct iovec part = { data, sizeof data };
		struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
					 .msg_controllen = sizeof control };
		ssize_t got = recvmsg(from->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (got < 0)
			break;
		pid_t pid = sender(&header);
		if (pid > 0 && !(header.msg_flags & MSG_TRUNC) && split(data, (size_t)got, words))
			say(words, pid);
	}
	impatient(false);
}

static int descriptor = -1;

void stage_events_start(int fd)
{
	if (fd < 0)
		return;
	descriptor = watch.fd = fd;
	loop_add(&watch);
}

/* While the UI is slow the containers wait, each stage for a moment. */
void stage_events_pause(bool pause)
{
	watch.fd = pause ? -1 : descriptor;
}

void stage_events_stop(void)
{
	if (descriptor < 0)
		return;
	loop_remove(&watch);
	close(descriptor);
	descriptor = watch.fd = -1;
}
