#include "rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "run/tsi/bin"

/* This program, as the learner's `container`. A copy, not a bind: a bind that is remounted writable
 * would be the host's own file, which the host's root executes for the next lab (mount(2)). /run/tsi/bin
 * comes last in PATH; `lacks` says so when the host has a program of that name. */
bool program_show(struct failure *failure)
{
	if (!make_directory(DIRECTORY, 0755, failure))
		return false;
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(DIRECTORY "/container", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555);
	ssize_t sent = from < 0 || to < 0 ? -1 : 1;

	while (sent > 0)
		sent = sendfile(to, from, NULL, 1 << 20);
	if (sent < 0)
		fail(failure, "sendfile", DIRECTORY "/container", "the program cannot be shown in the lab");
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return sent == 0;
}
