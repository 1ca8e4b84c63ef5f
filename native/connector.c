#include "connector.h"

#include "emit.h"

#include <errno.h>
#include <linux/connector.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER (32 << 20)
#define ACKNOWLEDGE_MILLISECONDS 200

/* netlink(7) header, connector header, event. It is copied out: behind 36 bytes of headers its
 * 64-bit fields are not aligned. */
bool connector_event(const struct nlmsghdr *header, struct proc_event *event)
{
	const struct cn_msg *message = NLMSG_DATA(header);

	if (header->nlmsg_type != NLMSG_DONE ||
	    header->nlmsg_len < NLMSG_LENGTH(sizeof *message + sizeof *event) ||
	    message->id.idx != CN_IDX_PROC || message->id.val != CN_VAL_PROC)
		return false;
	memcpy(event, message->data, sizeof *event);
	return true;
}

ssize_t connector_receive(int fd, void *data, size_t size)
{
	struct sockaddr_nl from = { 0 };
	socklen_t length = sizeof from;
	ssize_t got = recvfrom(fd, data, size, MSG_DONTWAIT, (struct sockaddr *)&from, &length);

	/* Port 0 is the kernel; what another process sends us is not believed. */
	return got > 0 && from.nl_pid != 0 ? 0 : got;
}

void connector_drain(int fd, void (*take)(const struct proc_event *event), void (*lost)(void))
{
	static _Alignas(struct nlmsghdr) char data[16 << 10];

	/* Not for ever: the others want a turn. */
	for (int i = 0; i < 4096; i++) {
		ssize_t got = connector_receive(fd, data, sizeof data);

		if (got < 0 && errno == ENOBUFS)
			lost();
		else if (got < 0)
			return;
		ssize_t left = got > 0 ? got : 0; /* NLMSG_NEXT may go below 0 */
		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left)) {
			struct proc_event event;

			if (connector_event(header, &event))
				take(&event);
		}
	}
}

/* PROC_CN_MCAST_LISTEN: from now on send us every process's events. */
static bool subscribe(int fd, uint32_t number)
{
	_Alignas(struct nlmsghdr) char data[NLMSG_SPACE(sizeof(struct cn_msg) + sizeof(enum proc_cn_mcast_op))];
	struct nlmsghdr *header = (struct nlmsghdr *)data;
	struct cn_msg *message = NLMSG_DATA(header);
	enum proc_cn_mcast_op operation = PROC_CN_MCAST_LISTEN;

	memset(data, 0, sizeof data);
	header->nlmsg_len = NLMSG_LENGTH(sizeof *message + sizeof operation);
	header->nlmsg_type = NLMSG_DONE;
	message->id.idx = CN_IDX_PROC;
	message->id.val = CN_VAL_PROC;
	message->ack = number;
	message->len = sizeof operation;
	memcpy(message->data, &operation, sizeof operation);
	return send(fd, data, header->nlmsg_len, 0) == (ssize_t)header->nlmsg_len;
}

/* The kernel acknowledges with an event of its own, PROC_EVENT_NONE, and every listener hears it: it
 * is ours if it answers our number. Outside the initial pid and
 * user namespaces it says nothing at all. */
static bool wait_acknowledgement(int fd, uint32_t number, bool *same_clock, struct failure *failure)
{
	static _Alignas(struct nlmsghdr) char data[16 << 10];
	uint64_t deadline = monotonic_now() + ACKNOWLEDGE_MILLISECONDS * 1000000ull;
	struct proc_event event;

	for (;;) {
		struct pollfd socket = { .fd = fd, .events = POLLIN };
		uint64_t now = monotonic_now();

		/* We may get the processor too late: what lies in the socket by then is read all the same. */
		int found = poll(&socket, 1, now < deadline ? (int)((deadline - now) / 1000000) : 0);
		if (found == 0)
			break;
		if (found < 0 || connector_receive(fd, data, sizeof data) <= 0)
			continue;
		if (!connector_event((struct nlmsghdr *)data, &event) || (unsigned)event.what != PROC_EVENT_NONE)
			continue;
		if (((const struct cn_msg *)NLMSG_DATA((struct nlmsghdr *)data))->ack != number + 1)
			continue;
		if (event.event_data.ack.err) {
			errno = (int)event.event_data.ack.err;
			return fail(failure, "send", NULL, "the proc connector refuses us");
		}
		/* Is the events' clock ours? A time namespace shifts ours (time_namespaces(7)). */
		int64_t apart = (int64_t)(monotonic_now() - event.timestamp_ns);
		*same_clock = apart >= 0 && apart < 1000000000;
		return true;
	}
	return refuse(failure, ETIMEDOUT, "the proc connector does not answer: it speaks only to the "
		      "host's own pid and user namespaces");
}

int connector_open(bool *same_clock, struct failure *failure)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int size = RECEIVE_BUFFER;
	uint32_t number = (uint32_t)monotonic_now() ^ (uint32_t)getpid() << 16;

	if (fd < 0) {
		fail(failure, "socket", NULL, "there is no proc connector");
		return -1;
	}
	/* SO_RCVBUFFORCE (socket(7)) goes beyond rmem_max; a burst of forks needs it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	bool open = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && subscribe(fd, number);
	if (!open)
		fail(failure, "bind", NULL, "the proc connector cannot be reached");
	else
		open = wait_acknowledgement(fd, number, same_clock, failure);
	if (open)
		return fd;
	close(fd);
	return -1;
}
