#include "cgroup.h"

#include "emit.h"
#include "files.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#ifndef CGROUP2_SUPER_MAGIC
#define CGROUP2_SUPER_MAGIC 0x63677270
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#define DEPTH_LIMIT 256

/* Opens a directory only if it is one of a cgroup file system: nothing else is ever walked. */
static DIR *open_cgroup(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct statfs status;

	if (fd < 0)
		return NULL;
	DIR *opened = NULL;
	if (fstatfs(fd, &status) == 0 &&
	    (status.f_type == CGROUP_SUPER_MAGIC || status.f_type == CGROUP2_SUPER_MAGIC))
		opened = fdopendir(fd);
	if (!opened)
		close(fd);
	return opened;
}

typedef void visit_cgroup(int directory, const void *argument);

/* Calls `before` on a cgroup and then on those below it; with `remove`, rmdir(2)s on the way back:
 * a cgroup with children is busy, even when they are empty, so the tree goes bottom-up. */
static bool walk(int directory, const char *name, int depth, visit_cgroup *before,
		 const void *argument, bool remove)
{
	DIR *opened = depth < DEPTH_LIMIT ? open_cgroup(directory, name) : NULL;
	struct dirent *entry;

	if (!opened)
		return errno == ENOENT;
	if (before)
		before(dirfd(opened), argument);
	while ((entry = readdir(opened)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			walk(dirfd(opened), entry->d_name, depth + 1, before, argument, remove);
	closedir(opened);
	return !remove || unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

/* v1 freezer: a frozen task stays frozen, and alive, even after SIGKILL (cgroups(7), freezer).
 * v2's cgroup.freeze lets SIGKILL through; thawing it as well costs nothing. */
static void thaw(int directory, const void *argument)
{
	(void)argument;
	write_file(directory, "freezer.state", "THAWED");
	write_file(directory, "cgroup.freeze", "0");
}

void cgroup_thaw(int directory, const char *name)
{
	walk(directory, name, 0, thaw, NULL, false);
}

struct killing {
	const char *lab;
	struct pids *killed;
};

static void note(struct pids *pids, pid_t pid)
{
	for (size_t i = 0; i < pids->count; i++)
		if (pids->list[i] == pid)
			return;
	if (pids->count == pids->room) {
		pid_t *grown = allocate((pids->room * 2 + 64) * sizeof *grown);

		if (pids->count)
			memcpy(grown, pids->list, pids->count * sizeof *grown);
		free(pids->list);
		pids->list = grown;
		pids->room = pids->room * 2 + 64;
	}
	pids->list[pids->count++] = pid;
}

/* A pid read from cgroup.procs may have been given to somebody else by now. A pidfd pins the
 * process (pidfd_open(2)), and only then /proc says whether it is in a cgroup of ours. */
static void kill_member(pid_t pid, const struct killing *killing)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct text cgroups = { 0 };
	char *path = print_text("/proc/%d/cgroup", (int)pid), *ours = print_text("/%s", killing->lab);

	if (fd >= 0 && text_read(&cgroups, AT_FDCWD, path, 1 << 16) && strstr(cgroups.data, ours) &&
	    syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) == 0 && killing->killed)
		note(killing->killed, pid);
	if (fd >= 0)
		close(fd);
	text_free(&cgroups);
	free(path);
	free(ours);
}

static void kill_members(int directory, const void *argument)
{
	struct text pids = { 0 };
	char *line;

	text_read(&pids, directory, "cgroup.procs", 1 << 20);
	char *rest = pids.data;
	while ((line = strsep(&rest, "\n"))) {
		/* 0 stands for a process that our pid namespace cannot see (cgroup_namespaces(7)). */
		pid_t pid = (pid_t)atoi(line);

		if (pid > 1 && pid != getpid())
			kill_member(pid, argument);
	}
	text_free(&pids);
}

void cgroup_kill(const char *path, const char *lab, struct pids *killed)
{
	struct killing killing = { lab, killed };

	walk(AT_FDCWD, path, 0, kill_members, &killing, false);
}

bool cgroup_remove(int directory, const char *name)
{
	return walk(directory, name, 0, NULL, NULL, true);
}

/* A killed process leaves its cgroup some milliseconds later (zombies do not hold it): try again,
 * a little later each time. */
bool cgroup_remove_patiently(const char *path, int milliseconds)
{
	uint64_t deadline = monotonic_now() + (uint64_t)milliseconds * 1000000u;
	long pause = 500000;

	while (!cgroup_remove(AT_FDCWD, path)) {
		if (monotonic_now() > deadline)
			return false;
		nanosleep(&(struct timespec){ .tv_nsec = pause }, NULL);
		pause = pause < 20000000 ? pause * 2 : pause;
	}
	return true;
}

static void move_all(const char *from, const char *to)
{
	int source = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int target = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct text pids = { 0 };
	char *line;

	if (source >= 0 && target >= 0)
		text_read(&pids, source, "cgroup.procs", 1 << 20);
	char *rest = pids.data;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			write_file(target, "cgroup.procs", line);
	text_free(&pids);
	if (source >= 0)
		close(source);
	if (target >= 0)
		close(target);
}

/* v2: first the controllers that we enabled are disabled again, for a cgroup that hands out
 * controllers may not hold processes; then the leaf's go back to where they came from. */
void cgroup_leave_leaf(const char *leaf, const char *parent, const char *enabled)
{
	char *path = print_text("%s/cgroup.subtree_control", parent);
	char *words = print_text("%s", enabled), *rest = words, *word;

	while ((word = strsep(&rest, " "))) {
		char *change = print_text("-%s", word);

		if (*word)
			write_file(AT_FDCWD, path, change);
		free(change);
	}
	move_all(leaf, parent);
	rmdir(leaf);
	free(words);
	free(path);
}
