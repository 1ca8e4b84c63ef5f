#include "rootfs.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
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

/* mknod(2) of a device takes CAP_MKNOD in the host's user namespace, and a tmpfs of another one
 * would not open it. The host's own node, bound, is as good: it is the driver that answers. */
static bool make_node(size_t i, bool rootless, struct failure *failure)
{
	const char *path = nodes[i].path;

	if (!rootless)
		return mknod(path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)) == 0 ||
		       fail(failure, "mknod", path, "a device cannot be made");
	char *host = print_text("/%s", path);
	bool made = make_file(path, 0666, NULL, 0, failure) &&
		    mount_at(host, path, NULL, MS_BIND, NULL, failure);
	free(host);
	return made;
}

static bool make_nodes(bool rootless, struct failure *failure)
{
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (!make_node(i, rootless, failure))
			return false;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (symlink(links[i].target, links[i].path))
			return fail(failure, "symlink", links[i].path, "a link cannot be made");
	return true;
}

bool dev_make(const struct rootfs *rootfs, struct failure *failure)
{
	/* Terminals are group 5's (tty) everywhere; a lab of one id has no such group. */
	const char *group = rootfs->rootless && rootfs->gids <= 5 ? "" : ",gid=5";
	char options[64];

	snprintf(options, sizeof options, "newinstance,ptmxmode=0666,mode=620%s", group);
	/* devpts(5): with newinstance the lab's terminals are its own. The message queues of
	 * mq_overview(7) belong to the IPC namespace. */
	return mount_at("dev", "dev", "tmpfs", MS_NOSUID, "mode=755,size=16m", failure) &&
	       make_nodes(rootfs->rootless, failure) && make_directory("dev/pts", 0755, failure) &&
	       make_directory("dev/shm", 01777, failure) &&
	       make_directory("dev/mqueue", 01777, failure) &&
	       mount_at("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
			options, failure) &&
	       mount_at("shm", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m", failure) &&
	       mount_at("mqueue", "dev/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, failure);
}
