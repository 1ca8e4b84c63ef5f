#include "journal.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool journal_is_own(const char *path)
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
	else if (uid != 0 && journal_is_own(folder))
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
	return journal_is_own(folder) ||
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
	snprintf(unnamed, sizeof unnamed, "%s/%s" JOURNAL_UNNAMED, journal_folder(), lab);
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

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}
