#include "listen.h"

#include "connector.h"
#include "emit.h"
#include "files.h"
#include "loop.h"
#include "process.h"
#include "process-tell.h"
#include "text.h"
#include "warden.h"
#include "watchers.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMM_LENGTH 15 /* proc_pid_comm(5): TASK_COMM_LEN, its NUL not counted */

static struct {
	char **names;
	bool kernel_clock, lost, ended;
	ino_t own[NAMESPACE_TYPES];
} host;

static void heard(struct watch *watch, short events);
static void asked(struct watch *watch, short events);
static struct watch kernel = { .fd = -1, .events = POLLIN, .ready = heard };
static struct watch asker = { .fd = STDIN_FILENO, .events = POLLIN, .ready = asked };

static bool is_named(const char *comm)
{
	for (char **name = host.names; *name; name++)
		if (*comm && !strncmp(comm, *name, COMM_LENGTH))
			return true;
	return false;
}

/* Of namespaces(7) those that are not the beholder's. */
static void put_namespaces(pid_t pid)
{
	ino_t inodes[NAMESPACE_TYPES];

	process_read_namespaces(pid, inodes);
	line_open("namespaces", '{');
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		if (inodes[i] && host.own[i] && inodes[i] != host.own[i])
			line_unsigned(namespace_types[i], inodes[i]);
	line_close('}');
}

static uint64_t time_of(const struct proc_event *event)
{
	return host.kernel_clock ? event->timestamp_ns : monotonic_now();
}

static bool may_tell(void)
{
	if (emit_overfull())
		host.lost = true;
	return !emit_overfull();
}

static void tell_lost(void)
{
	line_begin("process.lost");
	line_end();
	host.lost = false;
}

/* A child of one we follow is followed; threads (a pid that is not its own tgid) are not told. */
static void forked(const struct proc_event *event)
{
	pid_t parent_pid = event->event_data.fork.parent_tgid, pid = event->event_data.fork.child_tgid;

	if (pid != event->event_data.fork.child_pid)
		return;
	process_forget(pid);
	const struct process *parent = process_find(parent_pid);
	if (!parent)
		return;
	struct process *child = process_add(pid);
	memcpy(child->comm, parent->comm, sizeof child->comm);
	process_read_lab_pid(child);
	if (!may_tell())
		return;
	line_begin_at("process.fork", time_of(event));
	line_integer("pid", pid);
	line_integer("ppid", parent_pid);
	if (child->lab_pid)
		line_integer("labPid", child->lab_pid);
	line_end();
}

/* Whoever executes a program of a name we were given is followed from here on. */
static void executed(const struct proc_event *event)
{
	pid_t pid = event->event_data.exec.process_tgid;
	struct process *process = process_find(pid), stranger = { .pid = pid };

	process_read_comm(process ? process : &stranger);
	if (!process && !is_named(stranger.comm))
		return;
	if (!process) {
		process = process_add(pid);
		memcpy(process->comm, stranger.comm, sizeof process->comm);
	}
	process_read_lab_pid(process);
	if (!may_tell())
		return;
	line_begin_at("process.exec", time_of(event));
	process_put_named(process);
	process_put_arguments(pid);
	put_namespaces(pid);
	line_end();
}

/* PR_SET_NAME (prctl(2)): runc's stages are files without a name of their own (/proc/self/fd/6), and
 * say themselves who they are. */
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
	if (may_tell()) {
		line_begin_at("process.exit", time_of(event));
		process_put_named(process);
		process_put_end((int)event->event_data.exit.exit_code);
		line_end();
	}
	process_forget(process->pid);
}

static void take(const struct proc_event *event)
{
	if (host.lost && !emit_overfull())
		tell_lost();
	switch ((unsigned)event->what) {
	case PROC_EVENT_FORK: forked(event); break;
	case PROC_EVENT_EXEC: executed(event); break;
	case PROC_EVENT_COMM: renamed(event); break;
	case PROC_EVENT_EXIT: exited(event); break;
	}
}

static void heard(struct watch *self, short events)
{
	(void)events;
	connector_drain(self->fd, take, tell_lost);
}

/* Nothing is asked of us; end of file means that nobody is there any more. */
static void asked(struct watch *self, short events)
{
	char data[4096];

	(void)events;
	if (read(self->fd, data, sizeof data) <= 0)
		host.ended = true;
}

/* proc_pid_stat(5): the parent is the second field behind the name, which may hold anything. */
static pid_t parent_of(pid_t pid)
{
	char path[64];
	struct text stat = { 0 };
	int parent = 0;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	const char *name_end = text_read(&stat, AT_FDCWD, path, 4096) ? strrchr(stat.data, ')') : NULL;
	if (!name_end || sscanf(name_end, ") %*c %d", &parent) != 1)
		parent = 0;
	text_free(&stat);
	return (pid_t)parent;
}

static bool meet(pid_t pid)
{
	struct process found = { .pid = pid };
	pid_t parent_pid = parent_of(pid);

	if (process_find(pid))
		return false;
	process_read_comm(&found);
	if (!found.comm[0] || (!is_named(found.comm) && !process_find(parent_pid)))
		return false;
	process_read_lab_pid(&found);
	struct process *process = process_add(pid);
	memcpy(process->comm, found.comm, sizeof process->comm);
	process->lab_pid = found.lab_pid;
	line_begin("process.found");
	process_put_named(process);
	line_integer("ppid", parent_pid);
	process_put_arguments(pid);
	put_namespaces(pid);
	line_end();
	return true;
}

/* Who is there already. A parent's number may be the higher one, so until nobody is new. */
static void meet_all(void)
{
	for (bool again = true; again;) {
		DIR *all = opendir("/proc");
		struct dirent *entry;

		again = false;
		while (all && (entry = readdir(all)))
			if (atoi(entry->d_name) > 0 && meet((pid_t)atoi(entry->d_name)))
				again = true;
		if (all)
			closedir(all);
	}
}

/* A daemon may live in namespaces of its own: its pids, and what its containers have of their own, are
 * told as it sees them. Where we may not look (ptrace(2), "access mode checking") they are ours. */
static void look_as(pid_t beholder)
{
	ino_t inodes[NAMESPACE_TYPES];

	process_read_namespaces(getpid(), host.own);
	process_read_namespaces(beholder, inodes);
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		if (inodes[i])
			host.own[i] = inodes[i];
	process_lab_level(process_level(beholder));
}

int listen_main(const char *beholder, char **names)
{
	struct failure failure;
	pid_t pid = (pid_t)atoi(beholder);

	host.names = names;
	signal(SIGPIPE, SIG_IGN);
	emit_start();
	warden_hello();
	look_as(pid > 0 ? pid : getpid());
	/* First we listen, then we look around: nobody comes unseen in between. */
	kernel.fd = connector_open(&host.kernel_clock, &failure);
	if (kernel.fd < 0) {
		emit_error(NULL, &failure);
		emit_finish(300);
		return 1;
	}
	watchers_hurry();
	loop_add(&kernel);
	loop_add(&asker);
	meet_all();
	while (!host.ended && !emit_reader_gone())
		loop_turn(-1);
	emit_finish(300);
	return 0;
}
