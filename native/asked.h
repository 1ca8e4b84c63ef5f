/* What lab-init has been asked and has not answered yet. Every request is answered once, also when
 * the lab's PID 1 cannot: somebody in the lab may have frozen it, hold it with ptrace(2), or have
 * it wait for a file system of their own making. */
#ifndef ASKED_H
#define ASKED_H

#include <stdbool.h>
#include <stdint.h>

#define ASKED_NO_RUN -1

/* `run`: abandoned with its request. */
void asked_note(const char *id, int64_t run);
/* False when nobody asks that any more: the answer came too late, or to no question. */
bool asked_answered(const char *id);
/* Milliseconds until the oldest has waited too long, for poll(2); -1 when there is none. */
int asked_patience(void);
void asked_expire(void);
void asked_give_up(const char *why);

#endif
