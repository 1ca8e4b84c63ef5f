/* The lab at one moment: the answer to the request `snapshot`. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "lab.h"
#include "process.h"

/* What is more than this is cut off, and said. */
#define SNAPSHOT_PROCESSES 512
#define SNAPSHOT_GROUPS 256
#define SNAPSHOT_MOUNTS 1024

void snapshot(const struct lab *lab, const char *id);

/* Each puts one member into the line, and returns how many it has left out. */
size_t snapshot_processes(const struct lab *lab, struct process *const *processes, size_t count);
size_t snapshot_namespaces(struct process *const *processes, size_t count);
size_t snapshot_cgroups(const struct lab *lab);

#endif
