/* The kernel's own mount events: fanotify(7), FAN_MNT_ATTACH and FAN_MNT_DETACH, Linux 6.15. */
#ifndef MOUNT_EVENTS_H
#define MOUNT_EVENTS_H

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct mount_event {
	uint64_t mount; /* statmount(2)'s number */
	pid_t pid;      /* who did it */
	bool attached, detached;
};

/* A group must be made in the user namespace that owns the mounts (a lab without root has one of its
 * own), so then lab-init makes it. -1: the kernel has none. */
int mount_events_group(void);
/* Takes a group over, or makes one (-1). False, with the reason, where there are no events. */
bool mount_events_open(int group, pid_t init, struct failure *failure);
/* From now on what happens in this mount namespace is told; `path` is /proc/PID/ns/mnt. */
bool mount_events_mark(const char *path);
/* Into the loop; `overflowed` when the kernel has dropped some. */
void mount_events_watch(void (*take)(const struct mount_event *event), void (*overflowed)(void));
/* Tells what has arrived by now. */
void mount_events_drain(void);
void mount_events_pause(bool pause);
void mount_events_stop(void);

#endif
