/* What watches a lab, together; the process events are opened before it and stopped after it
 * (warden.c), so that none of its processes is missed. */
#ifndef WATCHERS_H
#define WATCHERS_H

#include "lab.h"

/* False: without real-time priority. */
bool watchers_hurry(void);
/* The lab is up; what cannot be watched is said in what it lacks. */
void watchers_open(struct lab *lab);
/* After `lab.ready`. Takes lab->netns and lab->stages over. */
void watchers_start(struct lab *lab);
/* `overfull`: what is told is not read. */
void watchers_pause(bool overfull, bool ending);
void watchers_stop(void);

#endif
