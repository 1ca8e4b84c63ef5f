#include "container-mounts.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* What every program may expect (null(4), random(4), tty(4)), and no disk. */
static const struct {
	const char *path;
	unsigned major, minor;
} nodes[] = {
	{ "/dev/null", 1, 3 },   { "/dev/zero", 1, 5 },    { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "/dev/ptmx", "pts/ptmx" },		{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

/* mknod(2) makes devices only for the first user namespace's root; others bind the maker's. */
static bool make_nodes(const struct container *container, bool *bound, struct failure *failure)
{
	mode_t before = umask(0);

	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
		const char *path = path_below(container, nodes[i].path);

		if (mknod(path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)) == 0)
			continue;
		if (errno != EPERM)
			return fail(failure, "mknod", path, "a device cannot be made");
		*bound = true;
		if (!put_file(nodes[i].path, path, failure))
			return false;
	}
	umask(before);
	return true;
}

static bool make_links(const struct container *container, struct failure *failure)
{
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		const char *path = path_below(container, links[i].path);

		if (symlink(links[i].target, path))
			return fail(failure, "symlink", path, "a link cannot be made");
	}
	return true;
}

/* Is group 5 (tty, which a terminal belongs to) one that this user namespace knows? */
static bool knows_tty_group(const struct container *container)
{
	struct text map = { 0 };
	bool known = false;

	if (container->namespaces & CLONE_NEWUSER) {
		for (size_t i = 0; i < container->gid_count; i++)
			known = known || (container->gids[i].inside <= 5 &&
					  5 - container->gids[i].inside < container->gids[i].count);
		return known;
	}
	text_read(&map, AT_FDCWD, "/proc/self/gid_map", 64 << 10);
	unsigned inside, count;
	int length;
	for (const char *line = map.data; sscanf(line, "%u %*u %u%n", &inside, &count, &length) == 2;
	     line += length)
		known = known || (inside <= 5 && 5 - inside < count);
	text_free(&map);
	return known;
}

/* devpts(5): newinstance makes terminals that begin at /dev/pts/0, the container's own. */
static bool mount_terminals(const struct container *container, struct failure *failure)
{
	const char *options = knows_tty_group(container) ? "newinstance,ptmxmode=0666,mode=0620,gid=5"
							 : "newinstance,ptmxmode=0666,mode=0620";

	return put_mount("devpts", path_below(container, "/dev/pts"), "devpts", MS_NOSUID | MS_NOEXEC,
			 options, failure);
}

bool dev_mount(struct container *container, struct failure *failure)
{
	bool bound = false;

	if (!put_mount("tmpfs", path_below(container, "/dev"), "tmpfs", MS_NOSUID | MS_STRICTATIME,
		       "mode=755,size=64k", failure) ||
	    !make_nodes(container, &bound, failure) || !make_links(container, failure) ||
	    !mount_terminals(container, failure) ||
	    !put_mount("shm", path_below(container, "/dev/shm"), "tmpfs", MOUNT_GUARDED,
		       "mode=1777,size=64m", failure))
		return false;
	/* mq_overview(7): the queues belong to the IPC namespace; without a new one they are the maker's. */
	if (container->namespaces & CLONE_NEWIPC &&
	    !put_mount("mqueue", path_below(container, "/dev/mqueue"), "mqueue", MOUNT_GUARDED, NULL, failure))
		return false;
	return did(container, bound ? "mount" : "mknod", "tmpfs; null zero full random urandom tty%s, pts, shm%s",
		   bound ? " (bound)" : "", container->namespaces & CLONE_NEWIPC ? ", mqueue" : "");
}
