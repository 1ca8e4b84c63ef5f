#include "cgroup-watch.h"

#include "emit.h"
#include "process.h"

#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

/* A write is told when the file is closed: `echo 1 > file` cuts it to nothing first (O_TRUNC), which
 * the kernel reports as a change, too. Who keeps it open is told after this time. */
#define KEPT_OPEN 200000000ull
#define PENDING_LIMIT 32

static struct pending {
	struct group *group; /* NULL: free */
	pid_t pid;
	uint64_t t;
	char file[256];
} pending[PENDING_LIMIT];

static void tell_write(struct pending *write)
{
	struct group *group = write->group;

	write->group = NULL;
	group_line("cgroup.write", group, write->t);
	line_text("file", write->file);
	process_put(write->pid);
	line_end();
	if (strstr(write->file, "freez"))
		group_state_look(group);
}

/* What the kernel changes by itself (cgroup.events, memory.events) comes as a change, too. */
static bool is_kernels(const char *file)
{
	const char *dot = strstr(file, ".events");

	return dot && (!dot[7] || !strcmp(dot, ".events.local"));
}

static struct pending *pending_of(const struct group *group, const char *file, pid_t pid)
{
	for (size_t i = 0; i < PENDING_LIMIT; i++)
		if (pending[i].group == group && pending[i].pid == pid && !strcmp(pending[i].file, file))
			return &pending[i];
	return NULL;
}

static struct pending *new_pending(void)
{
	struct pending *oldest = pending;

	for (size_t i = 0; i < PENDING_LIMIT; i++) {
		if (!pending[i].group)
			return &pending[i];
		if (pending[i].t < oldest->t)
			oldest = &pending[i];
	}
	tell_write(oldest);
	return oldest;
}

void write_seen(struct group *group, const char *file, const struct fanotify_event_metadata *event, uint64_t t)
{
	pid_t pid = event->pid;
	struct pending *write = pending_of(group, file, pid);

	if (is_kernels(file) || pid == getpid())
		return;
	if (event->mask & FAN_MODIFY) {
		write = write ? write : new_pending();
		*write = (struct pending){ .group = group, .pid = pid, .t = t };
		strncpy(write->file, file, sizeof write->file - 1);
		if (!strcmp(file, "cgroup.procs") || !strcmp(file, "tasks") || strstr(file, "freez"))
			group->changed_by = pid;
	}
	if (write && event->mask & FAN_CLOSE_WRITE)
		tell_write(write);
}

void writes_tell_of(const struct group *group)
{
	for (size_t i = 0; i < PENDING_LIMIT; i++)
		if (pending[i].group == group)
			tell_write(&pending[i]);
}

void writes_tell_kept_open(void)
{
	uint64_t now = monotonic_now();

	for (size_t i = 0; i < PENDING_LIMIT; i++)
		if (pending[i].group && now - pending[i].t > KEPT_OPEN)
			tell_write(&pending[i]);
}
