#include "container.h"

#include "stage-events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

bool did(struct container *container, const char *call, const char *format, ...)
{
	va_list arguments;

	snprintf(container->call, sizeof container->call, "%s", call);
	va_start(arguments, format);
	vsnprintf(container->detail, sizeof container->detail, format, arguments);
	va_end(arguments);
	return true;
}

/* In a lab somebody reads the stages. A full queue must not hold up the container for long: a stage
 * that nobody takes within 100 ms goes unsaid. */
void tell_open(struct container *container)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = STAGE_SOCKET };
	struct timeval patience = { .tv_usec = 100000 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	container->events = -1;
	if (fd < 0)
		return;
	if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	container->events = fd;
}

/* Whose pid it is the kernel says, in the reader's own pid namespace (unix(7), SCM_CREDENTIALS): the
 * container's process sends for itself; the keeper may name it when the command has begun. */
static void send_to_lab(const struct container *container, const char *words[STAGE_WORDS])
{
	char data[STAGE_DATA_LIMIT];
	size_t length = 0;
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct ucred credentials = { .pid = container->pid, .uid = getuid(), .gid = getgid() };
	struct iovec part = { data, 0 };
	struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };

	for (size_t i = 0; i < STAGE_WORDS; i++) {
		size_t room = sizeof data - length - (STAGE_WORDS - i), word = strlen(words[i]);

		word = word < room ? word : room;
		memcpy(data + length, words[i], word);
		length += word;
		data[length++] = 0;
	}
	part.iov_len = length;
	if (container->pid) { /* we are the keeper */
		memset(&control, 0, sizeof control);
		control.align = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_CREDENTIALS,
						  .cmsg_len = CMSG_LEN(sizeof credentials) };
		memcpy(CMSG_DATA(&control.align), &credentials, sizeof credentials);
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(sizeof credentials);
	}
	sendmsg(container->events, &header, MSG_NOSIGNAL);
}

static void tell(const struct container *container, const char *kind, enum stage stage, const char *call,
		 const char *detail)
{
	const char *words[STAGE_WORDS] = { kind, container->name, stage_name(stage), call, detail };

	if (container->events >= 0)
		send_to_lab(container, words);
	/* A pause is worth a line without being asked for: somebody has to say `go`. */
	if (!strcmp(kind, "stopped"))
		fprintf(stderr, "container %s: stopped after %s; `container go %s` goes on\n",
			container->name, words[2], container->name);
	else if (container->verbose && strcmp(kind, "failed"))
		fprintf(stderr, "container %s: %-14s %s  %s\n", container->name, words[2], call, detail);
}

void tell_stage(const struct container *container, enum stage stage)
{
	tell(container, "stage", stage, container->call, container->detail);
}

void tell_stopped(const struct container *container, enum stage stage)
{
	tell(container, "stopped", stage, "", "");
}

void tell_failed(const struct container *container, enum stage stage, const struct failure *failure)
{
	tell(container, "failed", stage, failure->call, failure->message);
}
