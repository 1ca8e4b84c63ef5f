/* Runs: commands in the lab, as the warden sees them. */
#ifndef RUN_H
#define RUN_H

#include "failure.h"
#include "json.h"
#include "message.h"

/* Asks lab-init to start a command; the answer comes with run_started. */
bool run_start(int control, const char *id, const struct json *request, struct failure *failure);
/* run-input.c: what a run reads, and its terminal's size. */
bool run_write(const char *id, const struct json *request, struct failure *failure);
bool run_resize(const char *id, const struct json *request, struct failure *failure);
void run_started(int control, struct message *started);
void run_exited(const struct message *exited);
bool run_signal(int control, const char *id, const struct json *request, struct failure *failure);

/* It is not waited for any longer; should it start after all, it is killed. */
void run_abandon(int64_t number);

/* While the UI is slow nothing is read from the pipes, and the commands wait. */
void runs_pause(bool pause);
/* The lab is dead: what is in the pipes is sent, and how each ended. */
void runs_finish(void);

#endif
