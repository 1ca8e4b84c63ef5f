#include "process-events.h"

#include "connector.h"
#include "emit.h"
#include "files.h"
#include "loop.h"
#include "names.h"
#include "net.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

	if (pid != event->event_data.fork.child_pid)
		return;
	if (!parent && parent_pid != lab.init) {
		/* Somebody else's now; if it is in our table, we have missed an exit. */
		process_forget(pid);
		return;
	}
	struct process *child = process_add(pid);
	snprintf(child->comm, sizeof child->comm, "%s", parent ? parent->comm : "lab-init");
	process_read_lab_pid(child);
	/* clone3(2) with CLONE_NEWNET: it need not execute anything to be worth watching. */
	net_process(pid, namespace_inode(pid, "net"));
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
		if (!strcmp(namespace_types[i], "net"))
			net_process(pid, inode);
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

static void ready(struct watch *self, short events)
{
	static _Alignas(struct nlmsghdr) char data[16 << 10];

	(void)events;
	/* Not for ever: the others want a turn. */
	for (int i = 0; i < 4096; i++) {
		ssize_t got = connector_receive(self->fd, data, sizeof data);

		if (got < 0 && errno == ENOBUFS)
			tell_lost();
		else if (got < 0)
			return;
		ssize_t left = got > 0 ? got : 0; /* NLMSG_NEXT may go below 0 */
		for (struct nlmsghdr *header = (struct nlmsghdr *)data; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left)) {
			struct proc_event event;

			if (lab.init && connector_event(header, &event))
				take(&event);
		}
	}
}

bool process_events_open(struct failure *failure)
{
	watch.fd = connector_open(&lab.kernel_clock, failure);
	return watch.fd >= 0;
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
