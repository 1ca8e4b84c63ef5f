#include "message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(MESSAGE_FD_LIMIT * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

static struct cmsghdr *put_control(struct msghdr *header, struct cmsghdr *at, int type,
				   const void *data, size_t length)
{
	at->cmsg_level = SOL_SOCKET;
	at->cmsg_type = type;
	at->cmsg_len = (socklen_t)CMSG_LEN(length); /* musl and glibc differ in its type */
	memcpy(CMSG_DATA(at), data, length);
	header->msg_controllen += (socklen_t)CMSG_SPACE(length);
	return (struct cmsghdr *)((char *)at + CMSG_SPACE(length));
}

bool message_send(int socket, const struct message *message, const void *data, size_t length,
		  const int *fds, size_t fd_count, pid_t named)
{
	struct iovec parts[2] = {
		{ (void *)message, sizeof *message },
		{ (void *)data, length },
	};
	union control control;
	struct msghdr header = { .msg_iov = parts, .msg_iovlen = length ? 2 : 1 };
	struct ucred credentials = { .pid = named, .uid = getuid(), .gid = getgid() };
	struct cmsghdr *at = &control.align;

	memset(&control, 0, sizeof control);
	if (fd_count)
		at = put_control(&header, at, SCM_RIGHTS, fds, fd_count * sizeof *fds);
	/* unix(7), SCM_CREDENTIALS: the kernel checks that the pid exists here and hands it over
	 * as the receiver's pid namespace knows it, even when the process is a zombie by then. */
	if (named)
		put_control(&header, at, SCM_CREDENTIALS, &credentials, sizeof credentials);
	if (header.msg_controllen)
		header.msg_control = &control;
	for (;;) {
		ssize_t sent = sendmsg(socket, &header, MSG_NOSIGNAL);

		if (sent >= 0 || errno != EINTR)
			return sent >= 0;
	}
}

static void take_descriptors(struct message *message, const struct cmsghdr *at)
{
	size_t count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < count; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(at) + i * sizeof fd, sizeof fd);
		if (message->fd_count < MESSAGE_FD_LIMIT)
			message->fds[message->fd_count++] = fd;
		else
			close(fd);
	}
}

/* The lab's PID 1 may have been taken over (a root lab may trace it): its message is read as a
 * stranger's. What is checked here is what no reader can check later. */
static void distrust(struct message *message)
{
	unsigned char trace, input;

	memcpy(&trace, &message->trace, 1); /* a bool that is neither 0 nor 1 must not be read as one */
	message->trace = trace != 0;
	memcpy(&input, &message->input, 1);
	message->input = input != 0;
	message->id[sizeof message->id - 1] = 0;
	message->failure.call[sizeof message->failure.call - 1] = 0;
	message->failure.path[sizeof message->failure.path - 1] = 0;
	message->failure.message[sizeof message->failure.message - 1] = 0;
}

static void take_control(struct message *message, struct msghdr *header)
{
	message->fd_count = 0;
	message->credential = 0;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(header); at; at = CMSG_NXTHDR(header, at)) {
		if (at->cmsg_level != SOL_SOCKET)
			continue;
		if (at->cmsg_type == SCM_RIGHTS)
			take_descriptors(message, at);
		if (at->cmsg_type == SCM_CREDENTIALS) {
			struct ucred credentials;

			memcpy(&credentials, CMSG_DATA(at), sizeof credentials);
			message->credential = credentials.pid;
		}
	}
}

int message_receive(int socket, struct message *message, char *data, int flags)
{
	struct iovec parts[2] = {
		{ message, sizeof *message },
		{ data, MESSAGE_DATA_LIMIT },
	};
	union control control;
	struct msghdr header = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = &control,
				 .msg_controllen = sizeof control };
	ssize_t got;

	do
		got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC | flags);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == ECONNRESET ? 0 : -1;
	if (got == 0)
		return 0;
	take_control(message, &header);
	if ((size_t)got < sizeof *message) {
		message_close_fds(message);
		errno = EPROTO;
		return -1;
	}
	distrust(message);
	message->length = (size_t)got - sizeof *message;
	return 1;
}

void message_close_fds(struct message *message)
{
	for (size_t i = 0; i < message->fd_count; i++)
		close(message->fds[i]);
	message->fd_count = 0;
}
