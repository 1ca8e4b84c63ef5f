/* The warden: takes requests, hands them on, and tells what comes back. One thread, one loop. */
#ifndef WARDEN_H
#define WARDEN_H

#include "lab.h"

int warden_main(void);
/* The first line: who we are, and the two clocks at one instant. */
void warden_hello(void);

/* For the operations: the lab when it is up; bring it up; let it go. */
struct lab *warden_lab(void);
bool warden_up(const struct lab *plan, const char *id, struct failure *failure);
void warden_end(const char *reason);

#endif
