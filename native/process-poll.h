/* Processes by looking, where the kernel's proc connector does not speak to us. */
#ifndef PROCESS_POLL_H
#define PROCESS_POLL_H

#include <linux/cn_proc.h>
#include <stdbool.h>
#include <sys/types.h>

/* The exit status of a process that was there at one look and not at the next. */
#define STATUS_UNKNOWN (~0u)

typedef void take_process_event(const struct proc_event *event);

/* Looks every 20 ms at the descendants of `init`, and makes events of the differences; false where
 * /proc does not list children. */
bool process_poll_start(pid_t init, take_process_event *take);
void process_poll_stop(void);
/* How a process ended that is there no more at the next look; PID 1 says that of its children. */
void process_poll_ended(pid_t pid, int status);

#endif
