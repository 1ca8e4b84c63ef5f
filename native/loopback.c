#include "loopback.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

bool loopback_raise(struct failure *failure)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fail(failure, "socket", NULL, "the loopback interface cannot be reached");
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	bool up = ioctl(fd, SIOCSIFFLAGS, &request) == 0 ||
		  fail(failure, "ioctl", "lo", "the loopback interface cannot be brought up");
	close(fd);
	return up;
}
