#include "journal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

	if (!ends_with(name, JOURNAL_SUFFIX) && !ends_with(name, JOURNAL_UNNAMED))
		return;
	if (strlen(name) >= sizeof journal.lab + strlen(JOURNAL_SUFFIX))
		return;
	snprintf(journal.path, sizeof journal.path, "%s/%.100s", journal_folder(), name);
	journal.fd = lock_dead(journal.path);
	if (journal.fd < 0)
		return;
	snprintf(journal.lab, sizeof journal.lab, "%.*s", (int)(strrchr(name, '.') - name), name);
	if (ends_with(name, JOURNAL_UNNAMED))
		unlink(journal.path); /* its maker died before anything else was made */
	else
		journal_clear_left(&journal, report);
	journal_close(&journal);
}

void journal_sweep(removal_report *report)
{
	DIR *directory = journal_is_own(journal_folder()) ? opendir(journal_folder()) : NULL;
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)))
		sweep_one(entry->d_name, report);
	closedir(directory);
	rmdir(journal_folder()); /* unless one is left */
}
