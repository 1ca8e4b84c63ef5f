#include "rootfs.h"

#include "files.h"
#include "journal.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/* struct mount_attr of linux/mount.h, which cannot be included beside sys/mount.h. */
struct mount_attributes {
	uint64_t set, clear, propagation, userns_fd;
};

#define ATTRIBUTE_READ_ONLY 1 /* MOUNT_ATTR_RDONLY */
#define RECURSIVE 0x8000      /* AT_RECURSIVE */

/* The programs: shown as they are on the host, links stay links (/bin -> usr/bin). */
static const char *const from_host[] = {
	"usr", "opt", "bin", "sbin", "lib", "lib32", "lib64", "libx32",
};

static const struct {
	const char *path;
	mode_t mode;
} private[] = {
	{ "etc", 0755 }, { "dev", 0755 }, { "proc", 0555 }, { "sys", 0555 }, { "run", 0755 },
	{ "run/lock", 01777 }, { "run/tsi", 0700 }, { "tmp", 01777 }, { "root", 0700 },
	{ "home", 0755 }, { "mnt", 0755 }, { "srv", 0755 }, { "var", 0755 }, { "var/tmp", 01777 },
	{ "var/lib", 0755 }, { "var/log", 0755 }, { "var/cache", 0755 },
};

bool make_directory(const char *path, mode_t mode, struct failure *failure)
{
	if (mkdir(path, mode) && errno != EEXIST)
		return fail(failure, "mkdir", path, "a directory of the lab cannot be made");
	return true;
}

bool mount_at(const char *source, const char *target, const char *type, unsigned long flags,
	      const char *options, struct failure *failure)
{
	if (mount(source, target, type, flags, options))
		return fail(failure, "mount", target, "%s cannot be mounted in the lab", source);
	return true;
}

/* Before Linux 5.12 (no mount_setattr(2)) a remount changes one mount at a time: every mount that
 * came along with a recursive bind is looked up in mountinfo. */
static bool read_only_one_by_one(const char *target, struct failure *failure)
{
	char full[PATH_MAX], *line;
	struct text mounts = { 0 };
	bool done = true;

	if (!realpath(target, full) || !text_read(&mounts, AT_FDCWD, "/proc/self/mountinfo", 16 << 20))
		return fail(failure, "open", target, "the mounts below cannot be listed");
	char *rest = mounts.data;
	size_t length = strlen(full);
	while (done && (line = strsep(&rest, "\n"))) {
		char path[PATH_MAX];

		if (sscanf(line, "%*s %*s %*s %*s %4095s", path) != 1)
			continue;
		unescape_octal(path);
		if (strncmp(path, full, length) || (path[length] && path[length] != '/'))
			continue;
		if (mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL))
			done = fail(failure, "mount", path, "a mount cannot be made read-only");
	}
	text_free(&mounts);
	return done;
}

static bool make_read_only(const char *target, struct failure *failure)
{
	struct mount_attributes attributes = { .set = ATTRIBUTE_READ_ONLY };

	/* mount_setattr(2) with AT_RECURSIVE: all mounts below at once, in one step. */
	if (syscall(SYS_mount_setattr, AT_FDCWD, target, RECURSIVE, &attributes, sizeof attributes) == 0)
		return true;
	if (errno != ENOSYS)
		return fail(failure, "mount_setattr", target, "the host's files cannot be made read-only");
	return read_only_one_by_one(target, failure);
}

static bool show_from_host(const char *name, struct failure *failure)
{
	char source[32], link[PATH_MAX];
	struct stat status;

	snprintf(source, sizeof source, "/%s", name);
	if (lstat(source, &status))
		return true;
	if (S_ISLNK(status.st_mode)) {
		ssize_t length = readlink(source, link, sizeof link - 1);

		link[length > 0 ? length : 0] = 0;
		return symlink(link, name) == 0 || fail(failure, "symlink", name, "a link cannot be made");
	}
	/* A recursive bind (mount(2), MS_BIND | MS_REC) brings along what is mounted below. */
	return make_directory(name, 0755, failure) &&
	       mount_at(source, name, NULL, MS_BIND | MS_REC, NULL, failure) &&
	       make_read_only(name, failure);
}

static bool make_tree(struct failure *failure)
{
	for (size_t i = 0; i < sizeof private / sizeof *private; i++)
		if (!make_directory(private[i].path, private[i].mode, failure))
			return false;
	for (size_t i = 0; i < sizeof from_host / sizeof *from_host; i++)
		if (!show_from_host(from_host[i], failure))
			return false;
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

bool rootfs_enter(const struct rootfs *rootfs, struct failure *failure)
{
	char options[64];

	umask(0);
	/* mount_namespaces(7): our copy of the mounts must not tell the host's about changes. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return fail(failure, "mount", "/", "the mount namespace cannot be made private");
	snprintf(options, sizeof options, "mode=755,size=%lld", (long long)rootfs->bytes);
	if (!mount_at("lab", JOURNAL_DIRECTORY, "tmpfs", 0, options, failure))
		return false;
	if (chdir(JOURNAL_DIRECTORY))
		return fail(failure, "chdir", JOURNAL_DIRECTORY, "the lab's root cannot be entered");
	if (!make_tree(failure) || !etc_make(rootfs->hostname, failure) || !dev_make(failure))
		return false;
	/* proc(5) shows the pid namespace of the process that mounts it: the lab's. */
	if (!mount_at("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, failure))
		return false;
	if (!sys_make(rootfs->cgroups, failure) || !pivot(failure))
		return false;
	umask(022);
	return true;
}
