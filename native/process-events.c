#include "process-events.h"

#include "connector.h"
#include "emit.h"
#include "loop.h"
#include "mount-events.h"
#include "net-rules.h"
#include "net.h"
#include "namespaces.h"
#include "process.h"
#include "process-poll.h"
#include "process-tell.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

static struct {
	pid_t init; /* 0: not yet */
	bool kernel_clock; /* the events' own time is CLOCK_MONOTONIC */
	bool lost;
} lab;

static void ready(struct watch *watch, short events);
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };

static uint64_t time_of(const struct proc_event *event)
{
	return lab.kernel_clock ? event->timestamp_ns : monotonic_now();
}

static void forget(pid_t pid)
{
	struct process *process = process_find(pid);

	if (!process)
		return;
	namespaces_exited(process);
	process_forget(pid);
}

/* A child is ours when its parent is; threads (a pid that is not its own tgid) are not told. */
static void forked(const struct proc_event *event)
{
	pid_t parent_pid = event->event_data.fork.parent_tgid, pid = event->event_data.fork.child_tgid;
	if (pid != event->event_data.fork.child_pid)
		return;
	/* A number that is in our table already: we have missed an exit. */
	forget(pid);
	struct process *parent = process_find(parent_pid);
	if (!parent && parent_pid != lab.init)
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
	if (namespaces_forked(child, parent))
		namespaces_tell(child);
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
	bool moved = namespaces_read(process);
	line_begin_at("process.exec", time_of(event));
	process_put_named(process);
	process_put_arguments(process->pid);
	namespaces_put(process, moved);
	line_end();
	net_program(process->pid, process->comm);
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

	if (!process || event->event_data.exit.process_pid != process->pid)
		return;
	process_read_lab_pid(process);
	mount_events_drain(); /* what it has mounted is told while it is known who it was */
	if (!emit_overfull()) {
		line_begin_at("process.exit", time_of(event));
		process_put_named(process);
		if (event->event_data.exit.exit_code != STATUS_UNKNOWN)
			process_put_end((int)event->event_data.exit.exit_code);
		line_end();
	} else {
		lab.lost = true;
	}
	net_program(0, process->comm);
	forget(process->pid);
}

static void tell_lost(void)
{
	line_begin("process.lost");
	line_end();
	lab.lost = false;
}

static void take(const struct proc_event *event)
{
	if (!lab.init)
		return;
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
	(void)events;
	connector_drain(self->fd, take, tell_lost);
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
	if (watch.fd < 0)
		process_poll_start(started->pid, take);
}

void process_events_stop(void)
{
	process_poll_stop();
	if (watch.fd >= 0 && lab.init)
		ready(&watch, POLLIN);
	if (watch.fd >= 0)
		close(watch.fd);
	watch.fd = -1;
	lab.init = 0;
	processes_clear();
}
