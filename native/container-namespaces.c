#include "container.h"

#include "files.h"
#include "loopback.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

/* cgroups(7): v2 clones a process right into a cgroup, so that it is not in another one for a moment.
 * v1 knows no such thing: the process is moved (cgroup_use), and as a cgroup namespace takes its root
 * from where the process is, the namespace must wait for that. */
static uint64_t namespaces_of_clone(const struct container *container)
{
	uint64_t flags = container->namespaces;

	if (container->enters_late)
		flags &= ~(uint64_t)CLONE_NEWCGROUP;
	if (container->has_offset)
		flags &= ~(uint64_t)CLONE_NEWTIME;
	return flags;
}

bool namespaces_clone(struct container *container, struct failure *failure)
{
	int cgroup = -1, pair[2], pidfd = -1;

	if (!cgroup_look(container, failure) || (container->cgroup && !cgroup_make(container, &cgroup, failure)))
		return false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail(failure, "socketpair", NULL, "the container's socket cannot be made");
	struct clone_args arguments = {
		.flags = namespaces_of_clone(container) | CLONE_PIDFD |
			 (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = cgroup >= 0 ? (uint64_t)cgroup : 0,
	};
	/* clone3(2): like fork(2), and the child is in its new namespaces from its first instruction. With
	 * CLONE_NEWUSER the kernel makes the user namespace first, so that it owns the others. */
	pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
	if (pid == 0) {
		close(pair[0]);
		container->keeper = pair[1];
		container_walk(container);
	}
	int error = errno;
	close(pair[1]);
	if (cgroup >= 0)
		close(cgroup);
	container->pid = pid;
	container->keeper = pair[0];
	container->pidfd = pidfd;
	errno = error;
	return pid > 0 || fail(failure, "clone3", NULL, "the container's process cannot be made");
}

bool namespaces_born(struct container *container, struct failure *failure)
{
	(void)failure;
	char *names = namespaces_text(namespaces_of_clone(container));
	did(container, "clone3", "new namespaces: %s", names);
	free(names);
	return true;
}

/* time_namespaces(7): who is cloned with CLONE_NEWTIME is in the new namespace at once, and then its
 * offsets are fixed. unshare(2) makes one for our future children only: now there can be offsets; and
 * then setns(2) takes us there too. The offsets take CAP_SYS_TIME in the user namespace that owns the
 * time namespace, and a root lab's root has not got that. */
bool clocks_set_ahead(struct container *container, struct failure *failure)
{
	if (unshare(CLONE_NEWTIME))
		return fail(failure, "unshare", NULL, "the time namespace cannot be made");
	char *offsets = print_text("monotonic %lld 0\nboottime %lld 0\n", container->time_offset,
				   container->time_offset);
	bool wrote = write_file(AT_FDCWD, "/proc/self/timens_offsets", offsets);
	free(offsets);
	if (!wrote)
		return fail(failure, "write", "/proc/self/timens_offsets",
			    errno == EPERM ? "to set the clocks takes CAP_SYS_TIME: add user to --namespaces"
					   : "the clocks cannot be set ahead");
	int fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	bool entered = fd >= 0 && setns(fd, CLONE_NEWTIME) == 0;
	if (!entered)
		fail(failure, "setns", "/proc/self/ns/time_for_children", "the time namespace cannot be entered");
	if (fd >= 0)
		close(fd);
	return entered && did(container, "setns", "a time namespace, clocks %lld s ahead", container->time_offset);
}

bool hostname_set(struct container *container, struct failure *failure)
{
	const char *name = container->hostname;

	/* uts_namespaces(7): the host's name stays what it is. */
	if (sethostname(name, strlen(name)))
		return fail(failure, "sethostname", NULL, "the container's host name cannot be set");
	return did(container, "sethostname", "%s", name);
}

bool loopback_up(struct container *container, struct failure *failure)
{
	return loopback_raise(failure) && did(container, "ioctl", "SIOCSIFFLAGS: lo is up, alone");
}
