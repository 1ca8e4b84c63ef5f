/* A run as the warden keeps it; for run.c, run-start.c and run-input.c only. */
#ifndef RUN_STATE_H
#define RUN_STATE_H

#include "feed.h"
#include "message.h"
#include "stream.h"

enum { OUT, ERR, TRACE, STREAMS };

struct run {
	int64_t number;
	char id[ID_SIZE];
	pid_t lab_pid; /* 0: lab-init has not answered yet */
	bool exited, told; /* the exit is known; the exit has been sent */
	bool pty; /* OUT is the terminal's master, and so is `input` */
	int status;
	int control;
	struct stream streams[STREAMS];
	struct feed input;
	struct run *next;
};

struct run *run_find(int64_t number);
struct run *run_new(int64_t number, const char *id, int control);
void run_forget(struct run *run);

#endif
