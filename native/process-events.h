/* Every fork, execve and exit in the lab, from the kernel's proc connector (linux/cn_proc.h). */
#ifndef PROCESS_EVENTS_H
#define PROCESS_EVENTS_H

#include "failure.h"
#include "lab.h"

/* Subscribes; false with the reason when the kernel will not tell us. */
bool process_events_open(struct failure *failure);
/* Puts its place into the loop. */
void process_events_watch(void);
/* From here on the children of this lab's PID 1 are told, and theirs; without a subscription those
 * that process-poll.h gets to see. */
void process_events_start(const struct lab *lab);
/* Tells what has arrived, and ends the subscription. */
void process_events_stop(void);

#endif
