/* A process in the line that is being written. */
#ifndef PROCESS_TELL_H
#define PROCESS_TELL_H

#include "process.h"

/* `pid`, `labPid` and `comm`, where they are known. */
void process_put_named(const struct process *process);
/* `argv`, from /proc as long as the process is there. */
void process_put_arguments(pid_t pid);
/* `code` or `signal`, from what wait(2) gives the parent. */
void process_put_end(int status);

#endif
