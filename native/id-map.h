/* Which ids there are in a lab without root, and whose they are on the host (user_namespaces(7)). */
#ifndef ID_MAP_H
#define ID_MAP_H

#include "failure.h"

#include <stdbool.h>
#include <sys/types.h>

#define ID_REASON_SIZE 160

/* How many ids the lab has: 1 is its root alone, the caller of the helper. */
struct id_map {
	unsigned uids, gids;
	char why_no_range[ID_REASON_SIZE]; /* empty when there is a range */
};

/* Somebody who is root becomes the user behind sudo(8), for good: a lab without root must not have
 * the host's root as its root. */
bool become_caller(struct failure *failure);

/* Maps the ids of a process that was made with CLONE_NEWUSER and has waited since. */
bool id_map_write(struct id_map *map, pid_t pid, struct failure *failure);

/* How many ids from 0 on a map of proc(5) has. */
unsigned id_count(const char *path);

/* Why this host gives an ordinary user no namespaces, one sentence into the failure; `error` is
 * the errno that a step of making them ended with. */
void explain_refusal(struct failure *failure);

#endif
