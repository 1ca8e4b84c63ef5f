/* The journal: what must be removed when everybody who could is dead. One file a lab in the
 * journals' folder, locked (flock(2)) by the warden and the janitor together: whoever can take the
 * lock knows that both are gone. A line is written before the thing it names is made. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "cgroup.h"
#include "failure.h"

#define JOURNAL_SUFFIX ".journal"
#define JOURNAL_UNNAMED ".new" /* not locked yet */

struct journal {
	int fd; /* -1 when there is none */
	char lab[64];
	char path[128];
};

/* Root's is /run/tsinternals; a user's is below /run/user/UID, or else in /tmp. The user we are when
 * this is first asked decides. */
const char *journal_folder(void);
/* A directory that is ours. */
bool journal_is_own(const char *path);
bool journal_create(struct journal *journal, const char *lab, struct failure *failure);
bool journal_directory(const struct journal *journal, const char *path, struct failure *failure);
bool journal_leaf(const struct journal *journal, const char *leaf, const char *parent,
		  const char *enabled, struct failure *failure);

/* The number of the lab's root file system (stat(2), st_dev): loop devices bound to files on it are
 * the lab's. */
bool journal_root(const struct journal *journal, uint64_t device, struct failure *failure);

/* Over all directories named: thaw them, kill what is in them, remove them (trying for so long) and
 * unlink the file. */
void journal_thaw(const struct journal *journal);
void journal_kill(const struct journal *journal);
bool journal_clear(const struct journal *journal, int milliseconds);
void journal_close(struct journal *journal);

/* Every journal that nobody holds: kill what is left in our directories, remove them. Reports each
 * thing (a process by its pid, a cgroup or the journal by its path), and the journal last. */
typedef void removal_report(const char *lab, const char *what, const char *path, pid_t pid);
void journal_sweep(removal_report *report);
/* One of them. */
void journal_clear_left(const struct journal *journal, removal_report *report);

#endif
