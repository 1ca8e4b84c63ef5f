#include "init.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRACE_DIRECTORY "/run/tsi"

static char *fifo_path(int64_t run)
{
	return print_text(TRACE_DIRECTORY "/trace.%lld", (long long)run);
}

/* fifo(7): opened for reading without blocking a FIFO needs no writer; it reads as empty until
 * strace has opened it, and ends when the last writer has closed it. */
int trace_open(int64_t run, struct failure *failure)
{
	char *path = fifo_path(run);
	struct stat status;
	int fd = -1;

	mkdir("/run", 0755); /* the learner may have removed them */
	mkdir(TRACE_DIRECTORY, 0700);
	unlink(path);
	if (mkfifo(path, 0600)) {
		fail(failure, "mkfifo", path, "the trace's FIFO cannot be made");
	} else if ((fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)) < 0) {
		fail(failure, "open", path, "the trace's FIFO cannot be opened");
	} else if (fstat(fd, &status) || !S_ISFIFO(status.st_mode)) {
		refuse(failure, EINVAL, "%s is not the FIFO that was made", path);
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

void trace_remove(int64_t run)
{
	char *path = fifo_path(run);

	unlink(path);
	free(path);
}
