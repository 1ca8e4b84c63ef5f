#include "rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *path;
	mode_t mode;
} private[] = {
	{ "etc", 0755 }, { "dev", 0755 }, { "proc", 0555 }, { "sys", 0555 }, { "run", 0755 },
	{ "run/lock", 01777 }, { "run/tsi", 0700 }, { "tmp", 01777 }, { "root", 0700 },
	{ "home", 0755 }, { "mnt", 0755 }, { "srv", 0755 }, { "var", 0755 }, { "var/tmp", 01777 },
	{ "var/lib", 0755 }, { "var/log", 0755 }, { "var/cache", 0755 },
};

/* Programs use both names of a place and count on them being one (hier(7)): dockerd listens on
 * /var/run/docker.sock and gives its containers' pipes names below /var/run. */
static const struct {
	const char *target, *path;
} links[] = { { "/run", "var/run" }, { "/run/lock", "var/lock" } };

bool make_directory(const char *path, mode_t mode, struct failure *failure)
{
	if (mkdir(path, mode) && errno != EEXIST)
		return fail(failure, "mkdir", path, "a directory of the lab cannot be made");
	return true;
}

bool make_file(const char *path, mode_t mode, const char *data, size_t length, struct failure *failure)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return fail(failure, "open", path, "a file of the lab cannot be made");
	bool wrote = !length || write(fd, data, length) == (ssize_t)length;
	if (!wrote)
		fail(failure, "write", path, "a file of the lab cannot be written");
	close(fd);
	return wrote;
}

bool mount_at(const char *source, const char *target, const char *type, unsigned long flags,
	      const char *options, struct failure *failure)
{
	if (mount(source, target, type, flags, options))
		return fail(failure, "mount", target, "%s cannot be mounted in the lab", source);
	return true;
}

static bool make_tree(struct failure *failure)
{
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		if (!make_directory(private[i].path, private[i].mode, failure))
			return false;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (symlink(links[i].target, links[i].path))
			return fail(failure, "symlink", links[i].path, "a link cannot be made");
	return true;
}

/* pivot_root(2) with "." twice stacks the old root on the new one, at the same place; detaching
 * what lies on top leaves the new root alone, and nothing of the host's tree reachable. */
static bool pivot(struct failure *failure)
{
	if (syscall(SYS_pivot_root, ".", "."))
		return fail(failure, "pivot_root", "/", "the lab's root cannot take the place of the host's");
	if (umount2(".", MNT_DETACH))
		return fail(failure, "umount2", "/", "the host's root cannot be detached");
	return chdir("/") == 0 || fail(failure, "chdir", "/", "the lab's root cannot be entered");
}

bool rootfs_enter(struct rootfs *rootfs, struct failure *failure)
{
	char options[64];

	umask(0);
	/* mount_namespaces(7): our copy of the mounts must not tell the host's about changes. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return fail(failure, "mount", "/", "the mount namespace cannot be made private");
	snprintf(options, sizeof options, "mode=755,size=%lld", (long long)rootfs->bytes);
	if (!mount_at("lab", rootfs->place, "tmpfs", 0, options, failure))
		return false;
	if (chdir(rootfs->place))
		return fail(failure, "chdir", rootfs->place, "the lab's root cannot be entered");
	if (!make_tree(failure) || !host_show(rootfs, failure) || !etc_make(rootfs, failure) ||
	    !dev_make(rootfs, failure) || !program_show(failure))
		return false;
	if (!proc_make(rootfs, failure) || !sys_make(rootfs, failure) || !pivot(failure))
		return false;
	umask(022);
	return true;
}
