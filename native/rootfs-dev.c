#include "rootfs.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The devices that every program may expect (null(4), random(4), tty(4)). */
static const struct {
	const char *path;
	unsigned major, minor;
} nodes[] = {
	{ "dev/null", 1, 3 }, { "dev/zero", 1, 5 }, { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "dev/ptmx", "pts/ptmx" }, { "dev/fd", "/proc/self/fd" }, { "dev/stdin", "/proc/self/fd/0" },
	{ "dev/stdout", "/proc/self/fd/1" }, { "dev/stderr", "/proc/self/fd/2" },
};

static bool make_nodes(struct failure *failure)
{
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (mknod(nodes[i].path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)))
			return fail(failure, "mknod", nodes[i].path, "a device cannot be made");
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (symlink(links[i].target, links[i].path))
			return fail(failure, "symlink", links[i].path, "a link cannot be made");
	return true;
}

bool dev_make(struct failure *failure)
{
	/* devpts(5): with newinstance the lab's terminals are its own. The message queues of
	 * mq_overview(7) belong to the IPC namespace. */
	return mount_at("dev", "dev", "tmpfs", MS_NOSUID, "mode=755,size=16m", failure) &&
	       make_nodes(failure) && make_directory("dev/pts", 0755, failure) &&
	       make_directory("dev/shm", 01777, failure) &&
	       make_directory("dev/mqueue", 01777, failure) &&
	       mount_at("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
			"newinstance,ptmxmode=0666,mode=620,gid=5", failure) &&
	       mount_at("shm", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m", failure) &&
	       mount_at("mqueue", "dev/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, failure);
}
