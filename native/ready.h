/* `lab.ready` and the answer to `up`. */
#ifndef READY_H
#define READY_H

#include "lab.h"

void emit_ready(const struct lab *lab, const char *id);

#endif
