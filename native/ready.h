/* lab.ready: what the lab is, and what it lacks. */
#ifndef READY_H
#define READY_H

#include "lab.h"

void emit_ready(struct lab *lab, const char *id);

/* "memory" or "cpu,cpuacct", "cpu io memory" on v2; "" for a named hierarchy. */
const char *hierarchy_controllers(const struct hierarchy *hierarchy, char *line, size_t size);

/* abilities.c: adds what the lab lacks because of its mode; writes the field `can`. */
void abilities_compare(struct lab *lab);
void put_abilities(const struct lab *lab);

#endif
