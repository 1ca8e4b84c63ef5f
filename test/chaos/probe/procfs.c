#include "probe.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t read_proc(pid_t pid, const char *file, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = 0, got = 0;
	while (fd >= 0 && (got = read(fd, text + length, size - 1 - (size_t)length)) > 0)
		length += got;
	if (fd >= 0)
		close(fd);
	text[length] = 0;
	return fd < 0 ? -1 : length;
}

static void add(struct pids *pids, pid_t pid)
{
	if (pids->count < PIDS_LIMIT)
		pids->list[pids->count++] = pid;
}

static void each_number(const char *path, void visit(pid_t number, void *argument), void *argument)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (isdigit((unsigned char)entry->d_name[0]))
			visit(atoi(entry->d_name), argument);
	if (directory)
		closedir(directory);
}

struct threads {
	pid_t pid;
	struct pids *children;
};

static void children_of_thread(pid_t thread, void *argument)
{
	const struct threads *threads = argument;
	char file[64], text[65536], *rest = text, *word;

	snprintf(file, sizeof file, "task/%d/children", (int)thread);
	read_proc(threads->pid, file, text, sizeof text);
	while ((word = strsep(&rest, " ")))
		if (atoi(word) > 0)
			add(threads->children, atoi(word));
}

/* proc_tid_children(5): a child belongs to the thread that made it. */
void children_of(pid_t pid, struct pids *children)
{
	struct threads threads = { pid, children };
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	each_number(path, children_of_thread, &threads);
}

void descendants_of(pid_t pid, struct pids *found)
{
	size_t next = found->count;

	children_of(pid, found);
	for (; next < found->count; next++)
		children_of(found->list[next], found);
}

static void add_number(pid_t number, void *argument)
{
	add(argument, number);
}

void everybody(struct pids *found)
{
	found->count = 0;
	each_number("/proc", add_number, found);
}

char state_of(pid_t pid)
{
	char text[1024];
	const char *end = read_proc(pid, "stat", text, sizeof text) > 0 ? strrchr(text, ')') : NULL;

	return end && end[1] ? end[2] : 0;
}

void comm_of(pid_t pid, char comm[32])
{
	read_proc(pid, "comm", comm, 32);
	for (char *c = comm; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_:.", *c))
			*c = *c == '\n' ? 0 : '?';
}

bool holds(const char *text, size_t length, const char *wanted)
{
	return *wanted && memmem(text, length, wanted, strlen(wanted));
}
