#include "process-poll.h"

#include "loop.h"
#include "text.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define LOOK_MILLISECONDS 20
#define DEPTH_LIMIT 64
#define ARGUMENTS_LIMIT 4096

struct known {
	pid_t pid;
	uint64_t arguments; /* a hash: other arguments are another program */
	uint32_t status;    /* how it ended, where PID 1 has said so */
	bool there;         /* at the look that is going on */
	bool gone;          /* since the last one */
	struct known *next;
};

static struct known *all;
static pid_t init;
static take_process_event *tell;

static void look(struct watch *watch, short events);
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = look };

static struct known *find(pid_t pid)
{
	struct known *known = all;

	while (known && known->pid != pid)
		known = known->next;
	return known;
}

/* FNV-1a of /proc/PID/cmdline; 0 when there are none, as of a zombie. */
static uint64_t hash_arguments(pid_t pid)
{
	struct text text = { 0 };
	uint64_t hash = 0xcbf29ce484222325u;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	if (!text_read(&text, AT_FDCWD, path, ARGUMENTS_LIMIT) || !text.length)
		hash = 0;
	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
	text_free(&text);
	return hash;
}

static void tell_fork(pid_t parent, pid_t pid)
{
	struct proc_event event = { .what = PROC_EVENT_FORK };

	event.event_data.fork.parent_pid = event.event_data.fork.parent_tgid = parent;
	event.event_data.fork.child_pid = event.event_data.fork.child_tgid = pid;
	tell(&event);
}

static void tell_exec(pid_t pid)
{
	struct proc_event event = { .what = PROC_EVENT_EXEC };

	event.event_data.exec.process_pid = event.event_data.exec.process_tgid = pid;
	tell(&event);
}

static void tell_exit(const struct known *gone)
{
	pid_t pid = gone->pid;
	struct proc_event event = { .what = PROC_EVENT_EXIT };

	event.event_data.exit.process_pid = event.event_data.exit.process_tgid = pid;
	event.event_data.exit.exit_code = gone->status;
	tell(&event);
}

static void meet(pid_t pid, const struct known *parent, pid_t parent_pid)
{
	struct known *known = find(pid);

	if (!known) {
		known = allocate(sizeof *known);
		*known = (struct known){ .pid = pid, .arguments = parent ? parent->arguments : 0,
					  .status = STATUS_UNKNOWN, .next = all };
		all = known;
		tell_fork(parent_pid, pid);
	}
	known->there = true;
	uint64_t arguments = hash_arguments(pid);
	if (arguments && arguments != known->arguments) {
		known->arguments = arguments;
		tell_exec(pid);
	}
}

static void walk(pid_t pid, int depth);

/* proc_tid_children(5): the pids of a thread's children, each with a space after it. */
static void walk_children(pid_t pid, const char *thread, int depth)
{
	char path[64], *pause;
	struct text text = { 0 };

	snprintf(path, sizeof path, "/proc/%d/task/%.16s/children", (int)pid, thread);
	text_read(&text, AT_FDCWD, path, 1 << 20);
	char *rest = text.data;
	while (rest && (pause = strsep(&rest, " "))) {
		pid_t child = (pid_t)atoi(pause);

		if (child <= 0)
			continue;
		meet(child, find(pid), pid);
		walk(child, depth + 1);
	}
	text_free(&text);
}

static void walk(pid_t pid, int depth)
{
	char path[64];
	struct dirent *entry;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *threads = depth < DEPTH_LIMIT ? opendir(path) : NULL;
	while (threads && (entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			walk_children(pid, entry->d_name, depth);
	if (threads)
		closedir(threads);
}

/* proc_tid_children(5): the list may lack a process when another of it ends during the reading. */
static bool exists(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d", (int)pid);
	return access(path, F_OK) == 0;
}

/* Of what is gone at this look PID 1's word may lie in the socket still; at the next one it has been read. */
static void forget_gone(bool awaited)
{
	for (struct known **link = &all; *link;) {
		struct known *known = *link;
		bool there = known->there || exists(known->pid);
		bool unsaid = !known->gone && known->status == STATUS_UNKNOWN;

		known->gone = !there;
		known->there = false;
		if (awaited && (there || unsaid)) {
			link = &known->next;
			continue;
		}
		tell_exit(known);
		*link = known->next;
		free(known);
	}
}

static void look(struct watch *self, short events)
{
	uint64_t missed;

	(void)events;
	if (self->fd >= 0 && read(self->fd, &missed, sizeof missed) < 0)
		return;
	walk(init, 0);
	forget_gone(true);
}

bool process_poll_start(pid_t started, take_process_event *take)
{
	struct itimerspec every = { { 0, LOOK_MILLISECONDS * 1000000l }, { 0, LOOK_MILLISECONDS * 1000000l } };
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)started, (int)started);
	if (access(path, R_OK))
		return false; /* a kernel without CONFIG_PROC_CHILDREN */
	init = started;
	tell = take;
	watch.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	timerfd_settime(watch.fd, 0, &every, NULL);
	loop_add(&watch);
	return true;
}

void process_poll_stop(void)
{
	if (watch.fd < 0)
		return;
	loop_remove(&watch);
	close(watch.fd);
	watch.fd = -1;
	forget_gone(false);
}

void process_poll_ended(pid_t pid, int status)
{
	struct known *known = find(pid);

	if (known)
		known->status = (uint32_t)status;
}
