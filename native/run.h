/* Runs: commands in the lab, as the warden sees them. */
#ifndef RUN_H
#define RUN_H

#include "failure.h"
#include "json.h"
#include "message.h"

/* Asks lab-init to start a command; the answer comes with run_started. */
bool run_start(int control, const char *id, const struct json *request, struct failure *failure);
void run_started(int control, struct message *started);
void run_exited(const struct message *exited);
bool run_signal(int control, const char *id, const struct json *request, struct failure *failure);

/* While the UI is slow nothing is read from the pipes, and the commands wait. */
void runs_pause(bool pause);
/* The lab is dead: what is in the pipes is sent, what is unanswered is answered. */
void runs_finish(void);

#endif
