/* The mounts of every mount namespace of the lab (mount_namespaces(7)). */
#ifndef MOUNTS_H
#define MOUNTS_H

#include "lab.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Before the lab is told to be ready: false, with the reason, when short-lived mounts are missed. */
bool mounts_open(const struct lab *lab, struct failure *failure);
/* The lab's own namespace, which is that of its PID 1. */
void mounts_start(pid_t init);
void mounts_stop(void);
/* Paused, changes gather; then the difference is told. */
void mounts_pause(bool pause);

/* A process has come into a mount namespace, or has left it (exit, setns(2), unshare(2)). */
void mounts_join(ino_t namespace, pid_t pid);
void mounts_leave(ino_t namespace);

/* To be called now and then, for what no event tells. */
void mounts_sweep(void);

/* Compares all now. */
void mounts_look(void);
/* For the snapshot: an array of at most `limit` mounts; how many were left out. */
size_t mounts_put(size_t limit);
/* Calls for each mount that keeps a namespace alive: a bind of /proc/PID/ns/TYPE is a file of nsfs,
 * whose root is "TYPE:[INODE]". */
void mounts_each_namespace_file(void (*tell)(const char *root, const char *target));

#endif
