#include "process.h"

#include "emit.h"
#include "files.h"
#include "text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const namespace_types[NAMESPACE_TYPES] = {
	"pid", "mnt", "net", "uts", "ipc", "cgroup", "user", "time",
};

#define BUCKETS 4096 /* a power of two; pids are dense, so the low bits spread them well */

static struct process *buckets[BUCKETS];

static struct process **place_of(pid_t pid)
{
	struct process **place = &buckets[(unsigned)pid % BUCKETS];

	while (*place && (*place)->pid != pid)
		place = &(*place)->next;
	return place;
}

struct process *process_find(pid_t pid)
{
	return *place_of(pid);
}

struct process *process_add(pid_t pid)
{
	struct process **place = place_of(pid);

	if (!*place)
		*place = allocate(sizeof **place);
	struct process *next = (*place)->next;
	**place = (struct process){ .pid = pid, .next = next };
	return *place;
}

void process_forget(pid_t pid)
{
	struct process **place = place_of(pid), *gone = *place;

	if (!gone)
		return;
	*place = gone->next;
	free(gone);
}

void processes_clear(void)
{
	for (size_t i = 0; i < BUCKETS; i++)
		while (buckets[i])
			process_forget(buckets[i]->pid);
}

void processes_each(void (*take)(struct process *process, void *context), void *context)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct process *process = buckets[i]; process; process = process->next)
			take(process, context);
}

static unsigned lab_level = 1;

void process_lab_level(unsigned level)
{
	lab_level = level;
}

/* proc_pid_status(5): "NSpid:\t4711\t12\t1" is the pid in each namespace, from the reader's inwards.
 * The last of them that is not deeper than `level`; where that is, into `level`. */
static pid_t pid_within(pid_t pid, unsigned *level)
{
	char path[64];
	struct text status = { 0 };
	unsigned most = *level;

	*level = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	if (text_read(&status, AT_FDCWD, path, 16 << 10)) {
		char *at = strstr(status.data, "\nNSpid:");

		if (at)
			at += strlen("\nNSpid:");
		for (unsigned depth = 0; at && *at == '\t' && depth <= most; depth++) {
			pid = (pid_t)strtol(at, &at, 10);
			*level = depth;
		}
	}
	text_free(&status);
	return pid;
}

unsigned process_level(pid_t pid)
{
	unsigned level = UINT_MAX - 1;

	pid_within(pid, &level);
	return level;
}

/* The lab is the namespace below ours; a process that is not in one so deep has no pid there. */
void process_read_lab_pid(struct process *process)
{
	unsigned level = lab_level;

	if (process->lab_pid)
		return;
	pid_t pid = pid_within(process->pid, &level);
	if (level == lab_level)
		process->lab_pid = pid;
}

void process_read_comm(struct process *process)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/comm", (int)process->pid);
	read_line(AT_FDCWD, path, process->comm, sizeof process->comm);
}

/* The directory is looked up once: eight times /proc/PID costs as much as all the rest. */
void process_read_namespaces(pid_t pid, ino_t inodes[NAMESPACE_TYPES])
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof path, "/proc/%d/ns", (int)pid);
	int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		inodes[i] = directory >= 0 && fstatat(directory, namespace_types[i], &status, 0) == 0
				    ? status.st_ino
				    : 0;
	if (directory >= 0)
		close(directory);
}

void process_put(pid_t pid)
{
	const struct process *process = pid > 0 ? process_find(pid) : NULL;

	if (!process)
		return;
	line_integer("pid", pid);
	if (process->lab_pid)
		line_integer("labPid", process->lab_pid);
	if (process->comm[0])
		line_text("comm", process->comm);
}
