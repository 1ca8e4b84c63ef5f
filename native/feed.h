/* What a run is to read: bytes that wait until its pipe or its terminal takes them. */
#ifndef FEED_H
#define FEED_H

#include "failure.h"
#include "loop.h"
#include "text.h"

/* More is refused: a command that does not read must not fill the helper's memory. */
#define FEED_LIMIT (256u << 10)

struct feed {
	struct watch watch;
	int fd; /* -1: closed */
	struct text queue;
	bool ending; /* close it once all is written */
};

void feed_open(struct feed *feed, int fd);
void feed_close(struct feed *feed);
bool feed_write(struct feed *feed, const char *data, size_t length, struct failure *failure);
/* The reader will read end of file, after what waits. */
void feed_end(struct feed *feed);

#endif
