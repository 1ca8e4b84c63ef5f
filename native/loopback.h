/* A new network namespace holds one interface, lo, and it is down (network_namespaces(7)). */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include "failure.h"

bool loopback_raise(struct failure *failure);

#endif
