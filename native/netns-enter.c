#include "netns-enter.h"

#include "emit.h"
#include "message.h"
#include "netlink.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#define ANSWER_MILLISECONDS 200
#define FIRST_MILLISECONDS 5000 /* of a PID 1 that has just said that it is ready: nobody can hold it up yet */
#define LATE_ANSWERS 64
#define BACK_OFF_NANOSECONDS 1000000000ull

int netns_pair(int *other)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -1;
	*other = pair[1];
	return pair[0];
}

static int domain_of(enum netns_socket socket_kind)
{
	return socket_kind == NETNS_INET ? AF_INET : socket_kind == NETNS_INET6 ? AF_INET6 : AF_NETLINK;
}

static int make(enum netns_socket socket_kind)
{
	switch (socket_kind) {
	case NETNS_ROUTE: return netlink_open(NETLINK_ROUTE, false);
	case NETNS_ROUTE_EVENTS: return netlink_open(NETLINK_ROUTE, true);
	case NETNS_NETFILTER: return netlink_open(NETLINK_NETFILTER, false);
	case NETNS_NETFILTER_EVENTS:
	case NETNS_CONNTRACK_EVENTS: return netlink_open(NETLINK_NETFILTER, true);
	case NETNS_INET: return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	case NETNS_INET6: return socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* proc(5): net/ is that of the thread that opens it. */
	case NETNS_TABLES: return open("/proc/thread-self/net/ip_tables_names", O_RDONLY | O_CLOEXEC);
	case NETNS_TABLES6: return open("/proc/thread-self/net/ip6_tables_names", O_RDONLY | O_CLOEXEC);
	default: return -1;
	}
}

/* A socket belongs to the network namespace in which it was made, for ever. setns(2) moves the
 * calling thread; PID 1 has one, so it goes there, makes the sockets and comes back before anything
 * else of it runs. Should the way back be closed it must not go on in a stranger's namespace. */
static void make_there(int namespace, int wanted, struct message *answer, int *fds, size_t *count)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (home < 0 || setns(namespace, CLONE_NEWNET)) {
		answer->number = 0;
		answer->failure.error = errno;
		if (home >= 0)
			close(home);
		return;
	}
	for (enum netns_socket i = 0; i < NETNS_SOCKETS && *count < MESSAGE_FD_LIMIT; i++) {
		int fd = wanted & NETNS_WANT(i) ? make(i) : -1;

		if (fd < 0)
			continue;
		answer->number |= NETNS_WANT(i);
		fds[(*count)++] = fd;
	}
	if (setns(home, CLONE_NEWNET))
		_exit(1);
	close(home);
}

void netns_answer(int control)
{
	static char data[MESSAGE_DATA_LIMIT];
	struct message question, answer = { .kind = MESSAGE_NETNS };
	int fds[NETNS_SOCKETS];
	size_t count = 0;

	if (message_receive(control, &question, data, MSG_DONTWAIT) <= 0)
		return;
	answer.run = question.run;
	if (question.kind == MESSAGE_NETNS && question.fd_count == 1)
		make_there(question.fds[0], question.number, &answer, fds, &count);
	message_send(control, &answer, NULL, 0, fds, count, 0);
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	message_close_fds(&question);
}

static int asked = -1;
static int patience; /* milliseconds */
static uint64_t silent_until; /* PID 1 can be frozen with the lab: then we ask seldom */

void netns_start(int control)
{
	asked = control;
	patience = FIRST_MILLISECONDS;
}

void netns_stop(void)
{
	if (asked >= 0)
		close(asked);
	asked = -1;
}

/* A PID 1 that has been taken over may hand us anything: what is no such socket would not answer as
 * the kernel does. */
static bool is_socket_of(int fd, int domain)
{
	int value = 0;
	socklen_t length = sizeof value;

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &length) == 0 && value == domain;
}

/* A list of tables is a file of proc; there are some that wait for something to read. */
static bool is_list(int fd)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 && system.f_type == PROC_SUPER_MAGIC &&
	       fcntl(fd, F_SETFL, O_RDONLY | O_NONBLOCK) == 0;
}

static bool is_wanted(int fd, enum netns_socket socket_kind)
{
	bool list = socket_kind == NETNS_TABLES || socket_kind == NETNS_TABLES6;

	return list ? is_list(fd) : is_socket_of(fd, domain_of(socket_kind));
}

/* Answers to questions that we had given up on are thrown away. */
static bool receive(int64_t number, struct message *answer)
{
	static char data[MESSAGE_DATA_LIMIT];

	for (int late = 0; late < LATE_ANSWERS; late++) {
		struct pollfd socket = { .fd = asked, .events = POLLIN };

		if (poll(&socket, 1, patience) <= 0)
			return false;
		if (message_receive(asked, answer, data, MSG_DONTWAIT) <= 0)
			return false;
		if (answer->run == number)
			return true;
		message_close_fds(answer);
	}
	return false;
}

bool netns_sockets(int namespace, int wanted, int sockets[NETNS_SOCKETS])
{
	static int64_t number;
	struct message question = { .kind = MESSAGE_NETNS, .number = wanted, .run = ++number }, answer;
	size_t at = 0;

	for (size_t i = 0; i < NETNS_SOCKETS; i++)
		sockets[i] = -1;
	if (asked < 0 || monotonic_now() < silent_until)
		return false;
	bool answered = message_send(asked, &question, NULL, 0, &namespace, 1, 0) && receive(number, &answer);
	patience = ANSWER_MILLISECONDS;
	if (!answered) {
		silent_until = monotonic_now() + BACK_OFF_NANOSECONDS;
		return false;
	}
	for (enum netns_socket i = 0; i < NETNS_SOCKETS && at < answer.fd_count; i++) {
		if (!(answer.number & NETNS_WANT(i)))
			continue;
		if (is_wanted(answer.fds[at], i))
			sockets[i] = answer.fds[at];
		else
			close(answer.fds[at]);
		at++;
	}
	while (at < answer.fd_count)
		close(answer.fds[at++]);
	return answer.number != 0;
}

bool netns_silent(void)
{
	return monotonic_now() < silent_until;
}

void netns_close_sockets(int sockets[NETNS_SOCKETS])
{
	for (size_t i = 0; i < NETNS_SOCKETS; i++) {
		if (sockets[i] >= 0)
			close(sockets[i]);
		sockets[i] = -1;
	}
}
