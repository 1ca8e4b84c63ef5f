/* The janitor outlives a killed warden. It holds three things: one end of a socket whose other end
 * only the warden has, lab-init's pidfd, and the journal (with its lock). */
#ifndef JANITOR_H
#define JANITOR_H

#include "failure.h"
#include "journal.h"

#include <sys/types.h>

struct janitor {
	pid_t pid;
	int socket;
};

bool janitor_start(struct janitor *janitor, const struct journal *journal, struct failure *failure);
void janitor_watch(const struct janitor *janitor, int pidfd);
/* The work is done: the janitor finds nothing left, and ends. */
void janitor_dismiss(struct janitor *janitor);

/* Waits for lab-init (0.5 s to end by itself, then SIGKILL), thawing meanwhile; then removes the
 * cgroups and the journal. For the warden and the janitor alike; a second time does nothing. */
void bury(const struct journal *journal, int pidfd);

#endif
