#include "process-events.h"

#include "emit.h"
#include "files.h"
#include "loop.h"
#include "names.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECEIVE_BUFFER (32 << 20)
#define ACKNOWLEDGE_MILLISECONDS 200
#define ARGUMENTS_LIMIT 4096

const char *const namespace_types[NAMESPACE_TYPES] = {
	"pid", "mnt", "net", "uts", "ipc", "cgroup", "user", "time",
};

static struct {
	pid_t init; /* 0: not yet */
	ino_t namespaces[NAMESPACE_TYPES];
	bool kernel_clock; /* the events' own time is CLOCK_MONOTONIC */
	bool lost;
} lab;

static void ready(struct watch *watch, short events);
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };

static uint64_t time_of(const struct proc_event *event)
{
	return lab.kernel_clock ? event->timestamp_ns : monotonic_now();
}

static void put_pids(const struct process *process)
{
	line_integer("pid", process->pid);
	if (process->lab_pid)
		line_integer("labPid", process->lab_pid);
}

/* A child is ours when its parent is; threads (a pid that is not its own tgid) are not told. */
static void forked(const struct proc_event *event)
{
	pid_t parent_pid = event->event_data.fork.parent_tgid, pid = event->event_data.fork.child_tgid;
	const struct process *parent = process_find(parent_pid);

	if (pid != event->event_data.fork.child_pid || (!parent && parent_pid != lab.init))
		return;
	struct process *child = process_add(pid);
	snprintf(child->comm, sizeof child->comm, "%s", parent ? parent->comm : "lab-init");
	process_read_lab_pid(child);
	if (emit_overfull()) {
		lab.lost = true;
		return;
	}
	line_begin_at("process.fork", time_of(event));
	line_integer("pid", pid);
	line_integer("ppid", parent_pid);
	if (child->lab_pid)
		line_integer("labPid", child->lab_pid);
	line_end();
}

/* proc_pid_cmdline(5): the arguments, NUL after each. */
static void put_arguments(pid_t pid)
{
	char path[64];
	struct text text = { 0 };

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	if (text_read(&text, AT_FDCWD, path, ARGUMENTS_LIMIT) && text.length) {
		line_open("argv", '[');
		for (size_t at = 0; at < text.length; at += strlen(text.data + at) + 1)
			line_text(NULL, text.data + at);
		line_close(']');
	}
	text_free(&text);
}

/* Only the namespaces in which the process differs from the lab's PID 1. */
static void put_namespaces(pid_t pid)
{
	bool open = false;

	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		ino_t inode = namespace_inode(pid, namespace_types[i]);

		if (!inode || inode == lab.namespaces[i])
			continue;
		if (!open)
			line_open("namespaces", '{');
		open = true;
		line_unsigned(namespace_types[i], inode);
	}
	if (open)
		line_close('}');
}

static void executed(const struct proc_event *event)
{
	struct process *process = process_find(event->event_data.exec.process_tgid);

	if (!process)
		return;
	process_read_lab_pid(process);
	process_read_comm(process);
	if (emit_overfull()) {
		lab.lost = true;
		return;
	}
	line_begin_at("process.exec", time_of(event));
	put_pids(process);
	if (process->comm[0])
		line_text("comm", process->comm);
	put_arguments(process->pid);
	put_namespaces(process->pid);
	line_end();
}

static void renamed(const struct proc_event *event)
{
	struct process *process = process_find(event->event_data.comm.process_tgid);

	if (process && event->event_data.comm.process_pid == process->pid)
		snprintf(process->comm, sizeof process->comm, "%.16s", event->event_data.comm.comm);
}

static void exited(const struct proc_event *event)
{
	struct process *process = process_find(event->event_data.exit.process_tgid);
	int status = (int)event->event_data.exit.exit_code;

	if (!process || event->event_data.exit.process_pid != process->pid)
		return;
	process_read_lab_pid(process);
	if (!emit_overfull()) {
		line_begin_at("process.exit", time_of(event));
		put_pids(process);
		if (process->comm[0])
			line_text("comm", process->comm);
		/* exit_code is what wait(2) gives the parent. */
		if (WIFSIGNALED(status))
			line_text("signal", signal_name(WTERMSIG(status)));
		else
			line_integer("code", WEXITSTATUS(status));
		line_end();
	} else {
		lab.lost = true;
	}
	process_forget(process->pid);
}

static void tell_lost(void)
{
	line_begin("process.lost");
	line_end();
	lab.lost = false;
}

static void take(const struct proc_event *event)
{
	if (lab.lost && !emit_overfull())
		tell_lost();
	switch ((unsigned)event->what) {
	case PROC_EVENT_FORK: forked(event); break;
	case PROC_EVENT_EXEC: executed(event); break;
	case PROC_EVENT_COMM: renamed(event); break;
	case PROC_EVENT_EXIT: exited(event); break;
	}
}

/* netlink(7) header, connector header, event. It is copied out: behind 36 bytes of headers its
 * 64-bit fields are not aligned. */
static bool read_event(const struct nlmsghdr *header, struct proc_event *event)
{
	const struct cn_msg *message = NLMSG_DATA(header);

	if (header->nlmsg_type != NLMSG_DONE ||
	    header->nlmsg_len < NLMSG_LENGTH(sizeof *message + sizeof *event) ||
	    message->id.idx != CN_IDX_PROC || message->id.val != CN_VAL_PROC)
		return false;
	memcpy(event, message->data, sizeof *event);
	return true;
}

static ssize_t receive(int fd, void *data, size_t size)
{
	struct sockaddr_nl from = { 0 };
	socklen_t length = sizeof from;
	ssize_t got = recvfrom(fd, data, size, MSG_DONTWAIT, (struct sockaddr *)&from, &length);

	/* Port 0 is the kernel; what another process sends us is not believed. */
	return got > 0 && from.nl_pid != 0 ? 0 : got;
}

static void ready(struct watch *self, short events)
{
	static _Alignas(struct nlmsghdr) char data[16 << 10];

	(void)events;
	/* Not for ever: the others want a turn. */
	for (int i = 0; i < 4096; i++) {
		ssize_t got = receive(self->fd, data, sizeof data);

		if (got < 0 && errno == ENOBUFS)
			tell_lost();
		else if (got < 0)
			return;
		size_t left = got > 0 ? (size_t)got : 0;
		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left)) {
			struct proc_event event;

			if (lab.init && read_event(header, &event))
				take(&event);
		}
	}
}

/* PROC_CN_MCAST_LISTEN: from now on send us every process's events. */
static bool subscribe(int fd)
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
	message->len = sizeof operation;
	memcpy(message->data, &operation, sizeof operation);
	return send(fd, data, header->nlmsg_len, 0) == (ssize_t)header->nlmsg_len;
}

/* The kernel acknowledges with an event of its own, PROC_EVENT_NONE. Outside the initial pid and
 * user namespaces it says nothing at all. */
static bool wait_acknowledgement(int fd, struct failure *failure)
{
	static _Alignas(struct nlmsghdr) char data[16 << 10];
	uint64_t deadline = monotonic_now() + ACKNOWLEDGE_MILLISECONDS * 1000000ull;
	struct proc_event event;

	while (monotonic_now() < deadline) {
		struct pollfd socket = { .fd = fd, .events = POLLIN };

		if (poll(&socket, 1, ACKNOWLEDGE_MILLISECONDS) <= 0 || receive(fd, data, sizeof data) <= 0)
			continue;
		if (!read_event((struct nlmsghdr *)data, &event) || (unsigned)event.what != PROC_EVENT_NONE)
			continue;
		if (event.event_data.ack.err) {
			errno = (int)event.event_data.ack.err;
			return fail(failure, "send", NULL, "the proc connector refuses us");
		}
		/* Is the events' clock ours? A time namespace shifts ours (time_namespaces(7)). */
		int64_t apart = (int64_t)(monotonic_now() - event.timestamp_ns);
		lab.kernel_clock = apart >= 0 && apart < 1000000000;
		return true;
	}
	return refuse(failure, ETIMEDOUT, "the proc connector does not answer: it speaks only to the "
		      "host's own pid and user namespaces");
}

bool process_events_open(struct failure *failure)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int size = RECEIVE_BUFFER;

	if (fd < 0)
		return fail(failure, "socket", NULL, "there is no proc connector");
	/* SO_RCVBUFFORCE (socket(7)) goes beyond rmem_max; a burst of forks needs it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	bool open = bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && subscribe(fd);
	if (!open)
		fail(failure, "bind", NULL, "the proc connector cannot be reached");
	else
		open = wait_acknowledgement(fd, failure);
	if (open)
		watch.fd = fd;
	else
		close(fd);
	return open;
}

void process_events_watch(void)
{
	loop_add(&watch);
}

void process_events_start(const struct lab *started)
{
	lab.init = started->pid;
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		lab.namespaces[i] = namespace_inode(started->pid, namespace_types[i]);
}

void process_events_stop(void)
{
	if (watch.fd < 0)
		return;
	if (lab.init)
		ready(&watch, POLLIN);
	close(watch.fd);
	watch.fd = -1;
	lab.init = 0;
	processes_clear();
}
