#include "netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BUFFER (32 << 20)
#define ANSWER_MILLISECONDS 1000
#define DUMP_ATTEMPTS 4
#define MESSAGES_A_TURN 4096

#ifndef NETLINK_LISTEN_ALL_NSID
#define NETLINK_LISTEN_ALL_NSID 8
#endif
#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* netlink(7), NETLINK_LISTEN_ALL_NSID (CAP_NET_BROADCAST): a listener in one namespace for all that
 * have an nsid there. A socket of its own in each would keep each alive for as long as we watch: a
 * stopped container's veth would never vanish. */
int netlink_open(int protocol, bool everywhere)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	int size = RECEIVE_BUFFER;

	if (fd < 0)
		return -1;
	/* SO_RCVBUFFORCE (socket(7)) goes beyond rmem_max, for root alone. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (everywhere)
		setsockopt(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &(int){ 1 }, sizeof(int));
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

bool netlink_join(int fd, const int *groups)
{
	for (; *groups; groups++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, groups, sizeof *groups))
			return false;
	return true;
}

void netlink_parse(const struct rtattr **table, size_t limit, const void *first, size_t length)
{
	const struct rtattr *attribute = first;

	memset(table, 0, (limit + 1) * sizeof *table);
	for (int left = (int)length; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		unsigned type = attribute->rta_type & NLA_TYPE_MASK;

		if (type <= limit)
			table[type] = attribute;
	}
}

static void copy(void *value, size_t size, const struct rtattr *attribute)
{
	memset(value, 0, size);
	if (attribute && RTA_PAYLOAD(attribute) >= size)
		memcpy(value, RTA_DATA(attribute), size);
}

uint8_t netlink_u8(const struct rtattr *attribute)
{
	uint8_t value;

	copy(&value, sizeof value, attribute);
	return value;
}

uint32_t netlink_u32(const struct rtattr *attribute)
{
	uint32_t value;

	copy(&value, sizeof value, attribute);
	return value;
}

uint32_t netlink_be32(const struct rtattr *attribute)
{
	return ntohl(netlink_u32(attribute));
}

uint64_t netlink_be64(const struct rtattr *attribute)
{
	unsigned char bytes[8];
	uint64_t value = 0;

	copy(bytes, sizeof bytes, attribute);
	for (size_t i = 0; i < sizeof bytes; i++)
		value = value << 8 | bytes[i];
	return value;
}

void netlink_text(char *value, size_t size, const struct rtattr *attribute)
{
	value[0] = 0;
	if (attribute)
		snprintf(value, size, "%.*s", (int)RTA_PAYLOAD(attribute),
			 (const char *)RTA_DATA(attribute));
}

ssize_t netlink_receive(int fd, void *data, size_t size, int *nsid)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int)) * 4];
	} control;
	struct sockaddr_nl from = { 0 };
	struct iovec part = { data, size };
	struct msghdr header = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part,
				 .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof control };
	ssize_t got = recvmsg(fd, &header, MSG_DONTWAIT);

	*nsid = NETLINK_OWN_NSID;
	if (got < 0)
		return got;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at; at = CMSG_NXTHDR(&header, at))
		if (at->cmsg_level == SOL_NETLINK && at->cmsg_type == NETLINK_LISTEN_ALL_NSID)
			memcpy(nsid, CMSG_DATA(at), sizeof *nsid);
	/* Port 0 is the kernel; what another process sends us is not believed. */
	return from.nl_pid == 0 ? got : 0;
}

bool netlink_hear(int fd, void (*take)(const struct nlmsghdr *header, int nsid))
{
	static _Alignas(struct nlmsghdr) char data[64 << 10];
	int nsid;

	/* Not for ever: the others want a turn. */
	for (int i = 0; i < MESSAGES_A_TURN; i++) {
		ssize_t got = netlink_receive(fd, data, sizeof data, &nsid);

		/* netlink(7): ENOBUFS says that messages were dropped. */
		if (got < 0)
			return errno != ENOBUFS;
		ssize_t left = got; /* NLMSG_NEXT may go below 0 */
		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left))
			take(header, nsid);
	}
	return true;
}

void netlink_put(struct nlmsghdr *request, unsigned short type, const void *data, size_t length)
{
	struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(length);
	if (length)
		memcpy(RTA_DATA(attribute), data, length);
	request->nlmsg_len = NLMSG_ALIGN(request->nlmsg_len) + RTA_SPACE(length);
}

struct answer {
	bool done, interrupted;
	int error;
};

static void take_answer(struct answer *answer, const struct nlmsghdr *header, netlink_take take,
			void *context)
{
	if (header->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->interrupted = true;
	if (header->nlmsg_type == NLMSG_DONE) {
		answer->done = true;
	} else if (header->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *error = NLMSG_DATA(header);

		answer->done = true;
		answer->error = header->nlmsg_len >= NLMSG_LENGTH(sizeof *error) ? -error->error : EPROTO;
	} else if (take) {
		take(header, context);
	}
}

static int ask_once(int fd, struct nlmsghdr *request, netlink_take take, void *context,
		    bool *interrupted)
{
	static _Alignas(struct nlmsghdr) char data[64 << 10];
	static unsigned sequence;
	struct answer answer = { 0 };
	int nsid;

	request->nlmsg_seq = ++sequence;
	if (send(fd, request, request->nlmsg_len, 0) < 0)
		return errno;
	while (!answer.done) {
		struct pollfd socket = { .fd = fd, .events = POLLIN };

		if (poll(&socket, 1, ANSWER_MILLISECONDS) <= 0)
			return ETIMEDOUT;
		ssize_t got = netlink_receive(fd, data, sizeof data, &nsid);
		if (got < 0)
			return errno;
		ssize_t left = got; /* NLMSG_NEXT may go below 0 */
		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left))
			if (header->nlmsg_seq == request->nlmsg_seq)
				take_answer(&answer, header, take, context);
	}
	*interrupted = answer.interrupted;
	return answer.error;
}

int netlink_ask(int fd, struct nlmsghdr *request, netlink_take take, void *context)
{
	bool interrupted = false;
	int error = 0;

	request->nlmsg_flags |= NLM_F_REQUEST;
	if (!(request->nlmsg_flags & NLM_F_DUMP))
		request->nlmsg_flags |= NLM_F_ACK;
	for (int i = 0; i < DUMP_ATTEMPTS; i++) {
		error = ask_once(fd, request, take, context, &interrupted);
		if (!interrupted)
			break;
	}
	return error;
}
