/* What went wrong: the call, the path, the errno and one sentence for the person at the screen. */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>

struct failure {
	int error; /* errno, 0 when no system call is to blame */
	char call[32];
	char path[256];
	char message[320];
};

/* Both return false, so that a caller can `return fail(…)`. `fail` takes errno, `refuse` is ours. */
bool fail(struct failure *failure, const char *call, const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool refuse(struct failure *failure, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
