#include "snapshot.h"

#include "emit.h"
#include "namespaces.h"
#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_LIMIT 512

static bool read_of(pid_t pid, const char *file, struct text *text, size_t limit)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	return text_read(text, AT_FDCWD, path, limit);
}

/* proc_pid_stat(5): "4711 (comm) S 4700 …"; the name may hold anything, so from its last bracket on.
 * False: it has ended. Where /proc is looked at, that is known only at the next look. */
static bool read_state(pid_t pid, char *state, int *parent)
{
	struct text text = { 0 };

	const char *rest = read_of(pid, "stat", &text, 4096) ? strrchr(text.data, ')') : NULL;
	bool read = rest && sscanf(rest, ") %1c %d", state, parent) == 2;
	text_free(&text);
	return read && *state != 'Z' && *state != 'X';
}

static void put_arguments(pid_t pid)
{
	struct text text = { 0 };

	if (read_of(pid, "cmdline", &text, ARGUMENTS_LIMIT) && text.length) {
		line_open("argv", '[');
		for (size_t at = 0; at < text.length; at += strlen(text.data + at) + 1)
			line_text(NULL, text.data + at);
		line_close(']');
	}
	text_free(&text);
}

static const struct hierarchy *hierarchy_of(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->cgroups.count; i++)
		if (lab->cgroups.list[i].made && !strcmp(lab->cgroups.list[i].name, name))
			return &lab->cgroups.list[i];
	return NULL;
}

/* "4:memory:/a/tsi-x-1/demo" (cgroups(7)): what is below the lab's own cgroup, and only that. */
static void put_cgroup(const struct lab *lab, char *line)
{
	strsep(&line, ":");
	const char *name = line ? strsep(&line, ":") : NULL;
	const struct hierarchy *hierarchy = line ? hierarchy_of(lab, name) : NULL;
	size_t length;

	if (!hierarchy)
		return;
	const char *own = hierarchy->path + strlen(hierarchy->mount_point);
	length = strlen(own);
	if (!strncmp(line, own, length) && line[length] == '/')
		line_text(name, line + length);
}

static void put_cgroups(const struct lab *lab, pid_t pid)
{
	struct text text = { 0 };
	char *line, *rest;

	line_open("cgroups", '{');
	rest = read_of(pid, "cgroup", &text, 64 << 10) ? text.data : NULL;
	while (rest && (line = strsep(&rest, "\n")))
		put_cgroup(lab, line);
	line_close('}');
	text_free(&text);
}

static void put_process(const struct lab *lab, const struct process *process)
{
	char state[2] = "";
	int parent;

	if (!read_state(process->pid, state, &parent))
		return;
	line_open(NULL, '{');
	line_integer("pid", process->pid);
	if (process->lab_pid)
		line_integer("labPid", process->lab_pid);
	if (process->comm[0])
		line_text("comm", process->comm);
	line_integer("ppid", parent);
	line_text("state", state);
	put_arguments(process->pid);
	namespaces_put(process, true);
	put_cgroups(lab, process->pid);
	line_close('}');
}

size_t snapshot_processes(const struct lab *lab, struct process *const *processes, size_t count)
{
	size_t told = count < SNAPSHOT_PROCESSES ? count : SNAPSHOT_PROCESSES;

	line_open("processes", '[');
	for (size_t i = 0; i < told; i++)
		put_process(lab, processes[i]);
	line_close(']');
	return count - told;
}
