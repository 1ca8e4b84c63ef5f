/* The lab's mounts, from /proc/PID/mountinfo of its PID 1 (proc_pid_mountinfo(5)). */
#ifndef MOUNTS_H
#define MOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

void mounts_start(pid_t init);
void mounts_stop(void);
/* Paused, changes gather; then the difference is told. */
void mounts_pause(bool pause);

#endif
