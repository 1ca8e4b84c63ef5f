/* Which namespaces each process of the lab is in (namespaces(7)), and when that changes. */
#ifndef NAMESPACES_H
#define NAMESPACES_H

#include "process.h"

/* The lab's own are those of its PID 1. */
void namespaces_start(pid_t init);
void namespaces_stop(void);

/* A new process is where its parent is; true when clone(2) has put it elsewhere. */
bool namespaces_forked(struct process *child, struct process *parent);
/* Looks again; true when something has changed. */
bool namespaces_read(struct process *process);
void namespaces_exited(struct process *process);

/* A field of a line: only the namespaces that are not the lab's own. `empty`: even when all are. */
void namespaces_put(const struct process *process, bool empty);
void namespaces_tell(const struct process *process);

#endif
