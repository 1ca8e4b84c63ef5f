#include "journal.h"

#include "emit.h"
#include "files.h"
#include "loop-devices.h"
#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEAF "-warden" /* cgroup-make.c */

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

void journal_clear_left(const struct journal *journal, removal_report *report)
{
	struct visitor remove = { .what = VISIT_REMOVE, .milliseconds = 1000, .report = report };

	kill_left(journal, report);
	if (!walk(journal, remove))
		return;
	walk(journal, (struct visitor){ .what = VISIT_LEAVE });
	if (unlink(journal->path) == 0)
		report(journal->lab, "journal", journal->path, 0);
}
