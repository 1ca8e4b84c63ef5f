#include "journal.h"

#include "emit.h"
#include "files.h"
#include "loop-devices.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNNAMED ".new"
#define LEAF "-warden" /* cgroup-make.c */

static bool is_own_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

const char *journal_folder(void)
{
	static char folder[64];
	unsigned uid = (unsigned)geteuid();

	if (*folder)
		return folder;
	snprintf(folder, sizeof folder, "/run/user/%u", uid);
	/* From the uid, not from the environment: whoever cleans up must come to the same place. */
	/* Root of a user namespace only is not the one whom /run belongs to. */
	if (uid == 0 && access("/run", W_OK) == 0)
		snprintf(folder, sizeof folder, "/run/tsinternals");
	else if (uid != 0 && is_own_folder(folder))
		snprintf(folder, sizeof folder, "/run/user/%u/tsinternals", uid);
	else
		snprintf(folder, sizeof folder, "/tmp/tsinternals-%u", uid);
	return folder;
}

/* Everybody may make a directory of any name in /tmp: what is not ours is not used. */
static bool make_folder(struct failure *failure)
{
	const char *folder = journal_folder();

	if (mkdir(folder, 0700) && errno != EEXIST)
		return fail(failure, "mkdir", folder, "the journal's directory cannot be made");
	return is_own_folder(folder) ||
	       refuse(failure, EPERM, "%s belongs to somebody else: no journal can be kept there", folder);
}

/* A sweep takes every journal it can lock for a dead lab's: so this one gets its name (rename(2))
 * only when it is locked. flock(2): the lock belongs to the open file description, which fork(2)
 * shares; it is held until the warden and the janitor have both closed it. */
bool journal_create(struct journal *journal, const char *lab, struct failure *failure)
{
	char unnamed[sizeof journal->path];

	journal->fd = -1;
	snprintf(journal->lab, sizeof journal->lab, "%s", lab);
	snprintf(journal->path, sizeof journal->path, "%s/%s" JOURNAL_SUFFIX, journal_folder(), lab);
	snprintf(unnamed, sizeof unnamed, "%s/%s" UNNAMED, journal_folder(), lab);
	/* A sweep may take the file away before it is locked, a lab's end the folder: once more. */
	for (int attempt = 0; attempt < 3; attempt++) {
		if (!make_folder(failure))
			return false;
		int fd = open(unnamed, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0 && (errno != ENOENT || attempt == 2))
			return fail(failure, "open", unnamed, "the journal cannot be made");
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX) == 0 && rename(unnamed, journal->path) == 0) {
			journal->fd = fd;
			return true;
		}
		fail(failure, "rename", journal->path, "the journal cannot be made");
		close(fd);
	}
	return false;
}

static bool append(const struct journal *journal, char *line, struct failure *failure)
{
	size_t length = strlen(line);
	bool wrote = write(journal->fd, line, length) == (ssize_t)length;

	if (!wrote)
		fail(failure, "write", journal->path, "the journal cannot be written");
	free(line);
	return wrote;
}

bool journal_directory(const struct journal *journal, const char *path, struct failure *failure)
{
	return append(journal, print_text("cgroup\t%s\n", path), failure);
}

bool journal_leaf(const struct journal *journal, const char *leaf, const char *parent,
		  const char *enabled, struct failure *failure)
{
	return append(journal, print_text("leaf\t%s\t%s\t%s\n", leaf, parent, enabled), failure);
}

bool journal_root(const struct journal *journal, uint64_t device, struct failure *failure)
{
	return append(journal, print_text("root\t%llu\n", (unsigned long long)device), failure);
}

/* Ours are only directories that have the lab's own name, whatever a journal says. */
static bool is_ours(const struct journal *journal, const char *path, const char *suffix)
{
	const char *name = path ? strrchr(path, '/') : NULL;
	size_t length = strlen(journal->lab);

	return name && path[0] == '/' && !strstr(path, "/../") && !strncmp(journal->lab, "tsi-", 4) &&
	       !strncmp(name + 1, journal->lab, length) && !strcmp(name + 1 + length, suffix);
}

/* The leaf's processes go back to where it is, and nowhere else. */
static bool is_parent(const char *parent, const char *path)
{
	size_t length = (size_t)(strrchr(path, '/') - path);

	return parent && strlen(parent) == length && !strncmp(parent, path, length);
}

enum visit { VISIT_THAW, VISIT_KILL, VISIT_REMOVE, VISIT_LEAVE };

struct visitor {
	enum visit what;
	int milliseconds; /* patience, for all of them together */
	uint64_t started;
	removal_report *report;
	struct pids *killed;
	bool all; /* everything of this kind is gone */
};

static void visit_root(struct visitor *visitor, const char *number)
{
	char *end = NULL;
	uint64_t device = number ? strtoull(number, &end, 10) : 0;

	/* Those that are on no file system of ours are somebody else's. */
	if (visitor->what != VISIT_REMOVE || !device || *end)
		return;
	struct loop_places places = loop_places_open();
	visitor->all = loop_devices_detach(&places, device, true) && visitor->all;
	loop_places_close(&places);
}

static int left_of(const struct visitor *visitor)
{
	uint64_t gone = (monotonic_now() - visitor->started) / 1000000;

	return gone < (uint64_t)visitor->milliseconds ? visitor->milliseconds - (int)gone : 0;
}

static void visit(const struct journal *journal, struct visitor *visitor, char *line)
{
	char *kind = strsep(&line, "\t"), *path = strsep(&line, "\t");

	if (!strcmp(kind, "root"))
		visit_root(visitor, path);
	if (!strcmp(kind, "leaf")) {
		char *parent = strsep(&line, "\t");

		if (visitor->what == VISIT_LEAVE && is_ours(journal, path, LEAF) && is_parent(parent, path))
			cgroup_leave_leaf(path, parent, line ? line : "");
		return;
	}
	if (!is_ours(journal, path, ""))
		return;
	if (visitor->what == VISIT_THAW)
		cgroup_thaw(AT_FDCWD, path);
	if (visitor->what == VISIT_KILL)
		cgroup_kill(path, journal->lab, visitor->killed);
	if (visitor->what != VISIT_REMOVE || access(path, F_OK))
		return;
	bool removed = cgroup_remove_patiently(path, left_of(visitor));
	visitor->all = visitor->all && removed;
	if (removed && visitor->report)
		visitor->report(journal->lab, "cgroup", path, 0);
}

static bool walk(const struct journal *journal, struct visitor visitor)
{
	struct text text = { 0 };
	char *line;

	visitor.all = true;
	visitor.started = monotonic_now();
	lseek(journal->fd, 0, SEEK_SET);
	text_read_fd(&text, journal->fd, 1 << 20);
	char *rest = text.data;
	while ((line = strsep(&rest, "\n")))
		visit(journal, &visitor, line);
	text_free(&text);
	return visitor.all;
}

void journal_thaw(const struct journal *journal)
{
	if (journal->fd >= 0)
		walk(journal, (struct visitor){ .what = VISIT_THAW });
}

void journal_kill(const struct journal *journal)
{
	if (journal->fd >= 0)
		walk(journal, (struct visitor){ .what = VISIT_KILL });
}

bool journal_clear(const struct journal *journal, int milliseconds)
{
	if (journal->fd < 0)
		return true;
	if (!walk(journal, (struct visitor){ .what = VISIT_REMOVE, .milliseconds = milliseconds }))
		return false;
	walk(journal, (struct visitor){ .what = VISIT_LEAVE });
	unlink(journal->path);
	rmdir(journal_folder()); /* the last one's */
	return true;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}

static void kill_left(const struct journal *journal, removal_report *report)
{
	struct pids killed = { 0 };

	/* v1: a frozen task does not die of SIGKILL until it is thawed. */
	for (int round = 0; round < 3; round++) {
		walk(journal, (struct visitor){ .what = VISIT_THAW });
		walk(journal, (struct visitor){ .what = VISIT_KILL, .killed = &killed });
		usleep(2000);
	}
	for (size_t i = 0; i < killed.count; i++)
		report(journal->lab, "process", NULL, killed.list[i]);
	free(killed.list);
}

static void clear_left(const struct journal *journal, removal_report *report)
{
	struct visitor remove = { .what = VISIT_REMOVE, .milliseconds = 1000, .report = report };

	kill_left(journal, report);
	if (!walk(journal, remove))
		return;
	walk(journal, (struct visitor){ .what = VISIT_LEAVE });
	if (unlink(journal->path) == 0)
		report(journal->lab, "journal", journal->path, 0);
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length > tail && !strcmp(name + length - tail, suffix);
}

/* Named in the directory and locked by nobody: -1 otherwise. */
static int lock_dead(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;

	/* A FIFO of that name would be read for ever. */
	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0))
		return fd;
	close(fd);
	return -1;
}

static void sweep_one(const char *name, removal_report *report)
{
	struct journal journal = { .fd = -1 };

	if (!ends_with(name, JOURNAL_SUFFIX) && !ends_with(name, UNNAMED))
		return;
	if (strlen(name) >= sizeof journal.lab + strlen(JOURNAL_SUFFIX))
		return;
	snprintf(journal.path, sizeof journal.path, "%s/%.100s", journal_folder(), name);
	journal.fd = lock_dead(journal.path);
	if (journal.fd < 0)
		return;
	snprintf(journal.lab, sizeof journal.lab, "%.*s", (int)(strrchr(name, '.') - name), name);
	if (ends_with(name, UNNAMED))
		unlink(journal.path); /* its maker died before anything else was made */
	else
		clear_left(&journal, report);
	journal_close(&journal);
}

void journal_sweep(removal_report *report)
{
	DIR *directory = is_own_folder(journal_folder()) ? opendir(journal_folder()) : NULL;
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		sweep_one(entry->d_name, report);
	closedir(directory);
	rmdir(journal_folder()); /* unless one is left */
}
