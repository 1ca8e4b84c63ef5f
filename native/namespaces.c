#include "namespaces.h"

#include "cgroup-watch.h"
#include "emit.h"
#include "loop.h"
#include "mounts.h"
#include "net.h"

#include <poll.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* unshare(2) and setns(2) without an execve(2) cause no event of the proc connector (nor of
 * anything else that works without kprobes), so from time to time everybody is looked at. */
#define SWEEP_MILLISECONDS 100
/* A look costs 10 us a process: a turn of the loop stays under a millisecond. */
#define SWEEP_PROCESSES 64

static void sweep(struct watch *watch, short events);
static struct watch timer = { .fd = -1, .events = POLLIN, .ready = sweep };
static ino_t own[NAMESPACE_TYPES];
static unsigned turn, seen;

/* The new one first: with the last process a namespace is forgotten. */
static void moved(struct process *process, size_t type, ino_t inode)
{
	ino_t before = process->namespaces[type];

	process->namespaces[type] = inode;
	if (type == NAMESPACE_MNT) {
		if (inode)
			mounts_join(inode, process->pid);
		if (before)
			mounts_leave(before);
	}
	if (type == NAMESPACE_NET && inode)
		net_process(process->pid, inode);
}

bool namespaces_read(struct process *process)
{
	ino_t now[NAMESPACE_TYPES];
	bool changed = false;

	process_read_namespaces(process->pid, now);
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		if (!now[i] || now[i] == process->namespaces[i])
			continue;
		moved(process, i, now[i]);
		changed = true;
	}
	return changed;
}

bool namespaces_forked(struct process *child, struct process *parent)
{
	const ino_t *inherited = parent ? parent->namespaces : own;

	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		if (inherited[i])
			moved(child, i, inherited[i]);
	if (!namespaces_read(child))
		return false;
	/* Made for the child by clone(2), or the parent has gone there before it forked. */
	if (parent && namespaces_read(parent))
		namespaces_tell(parent);
	return true;
}

void namespaces_exited(struct process *process)
{
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		moved(process, i, 0);
}

void namespaces_put(const struct process *process, bool empty)
{
	bool open = empty;

	if (empty)
		line_open("namespaces", '{');
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		ino_t inode = process->namespaces[i];

		if (!inode || inode == own[i])
			continue;
		if (!open)
			line_open("namespaces", '{');
		open = true;
		line_unsigned(namespace_types[i], inode);
	}
	if (open)
		line_close('}');
}

void namespaces_tell(const struct process *process)
{
	line_begin("process.namespaces");
	line_integer("pid", process->pid);
	if (process->lab_pid)
		line_integer("labPid", process->lab_pid);
	if (process->comm[0])
		line_text("comm", process->comm);
	namespaces_put(process, true);
	line_end();
}

static void sweep_one(struct process *process, void *context)
{
	(void)context;
	/* Many processes: each sweep looks at the next of them. */
	unsigned index = seen++;

	if (index < turn || index >= turn + SWEEP_PROCESSES || emit_overfull())
		return;
	if (namespaces_read(process))
		namespaces_tell(process);
}

static void sweep(struct watch *self, short events)
{
	uint64_t times;

	(void)events;
	if (read(self->fd, &times, sizeof times) < 0)
		return;
	seen = 0;
	processes_each(sweep_one, NULL);
	turn = turn + SWEEP_PROCESSES < seen ? turn + SWEEP_PROCESSES : 0;
	mounts_sweep();
	cgroup_watch_sweep();
}

void namespaces_start(pid_t init)
{
	struct itimerspec every = { .it_interval.tv_nsec = SWEEP_MILLISECONDS * 1000000,
				    .it_value.tv_nsec = SWEEP_MILLISECONDS * 1000000 };

	process_read_namespaces(init, own);
	/* timerfd_create(2): time that passes becomes something to read in the loop. */
	timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (timer.fd < 0)
		return;
	timerfd_settime(timer.fd, 0, &every, NULL);
	loop_add(&timer);
}

void namespaces_stop(void)
{
	if (timer.fd < 0)
		return;
	loop_remove(&timer);
	close(timer.fd);
	timer.fd = -1;
}
