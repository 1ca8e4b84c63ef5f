/* A pipe that becomes `output` events. */
#ifndef STREAM_H
#define STREAM_H

#include "loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream {
	struct watch watch;
	int fd; /* -1: closed */
	int64_t run;
	const char *name; /* "out", "err", "trace", "pty" */
	char carry[4];    /* the beginning of a UTF-8 sequence whose end has not come */
	size_t carried;
	size_t owed;      /* bytes to send before the run's exit may be told */
	void (*ended)(struct stream *stream);
	void *owner;
};

void stream_open(struct stream *stream, int fd);
void stream_close(struct stream *stream);
/* Sends one chunk; false when there is nothing now or nothing any more. */
bool stream_read(struct stream *stream);
/* Notes what is in the pipe at this moment; of a terminal that is not known, but it is bounded. */
void stream_owe(struct stream *stream, bool terminal);
void stream_pause(struct stream *stream, bool pause);

#endif
