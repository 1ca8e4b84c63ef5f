#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MULTIPLEXER "/dev/pts/ptmx"

/* pts(4): opening the multiplexer makes a pair, in the instance of devpts it belongs to: the lab's, so
 * that `tty` in the lab prints a name which is there. The learner may have put something else in its
 * place. */
static int open_master(struct failure *failure)
{
	int fd = open(MULTIPLEXER, O_RDWR | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0) {
		fail(failure, "open", MULTIPLEXER, "the lab has no terminal to give");
	} else if (fstat(fd, &status) || !S_ISCHR(status.st_mode) || status.st_rdev != makedev(5, 2)) {
		refuse(failure, ENXIO, "%s is not the terminals' multiplexer", MULTIPLEXER);
		close(fd);
		fd = -1;
	}
	return fd;
}

int pty_open(const struct winsize *size, int *slave, struct failure *failure)
{
	int master = open_master(failure), locked = 0;

	if (master < 0)
		return -1;
	/* TIOCGPTPEER(2const) opens the other side through the master, whatever is mounted on /dev/pts by
	 * now; it is locked until unlockpt(3). */
	if (ioctl(master, TIOCSPTLCK, &locked) || ioctl(master, TIOCSWINSZ, size) ||
	    (*slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0) {
		fail(failure, "ioctl", MULTIPLEXER, "the terminal cannot be opened");
		close(master);
		master = -1;
	}
	return master;
}
