#include "rootfs.h"

#include "files.h"
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

/* An overlay needs a second lower directory when it has no upper one: an empty tmpfs, detached once
 * the overlays hold it. */
#define EMPTY ".empty"

/* The programs: shown as they are on the host, links stay links (/bin -> usr/bin). */
static const char *const from_host[] = {
	"usr", "opt", "bin", "sbin", "lib", "lib32", "lib64", "libx32",
};

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

/* An overlay without upperdir (Documentation/filesystems/overlayfs.rst, "Multiple lower layers")
 * has nothing to write to: `mount -o remount,rw /usr` ends in EROFS. A bind that is read-only is
 * only one remount away from the host's files. */
static bool overlay(const char *source, const char *target)
{
	char *options = print_text("lowerdir=%s:" EMPTY, source);
	/* What separates layers and options must not be in the path. */
	bool mounted = !strpbrk(source, ":,\\") && mount("overlay", target, "overlay", MS_RDONLY, options) == 0;

	free(options);
	return mounted;
}

/* An overlay shows one mount only: what is mounted below needs its own. */
static bool overlay_below(const char *source, char *mounts)
{
	char *line;
	size_t length = strlen(source);

	while ((line = strsep(&mounts, "\n"))) {
		char path[PATH_MAX];
		struct stat status;

		if (sscanf(line, "%*s %*s %*s %*s %4095s", path) != 1)
			continue;
		unescape_octal(path);
		if (strncmp(path, source, length) || path[length] != '/')
			continue;
		/* Only directories: files that are mounted over leave it to the bind. */
		if (stat(path, &status) || !S_ISDIR(status.st_mode) || !overlay(path, path + 1))
			return false;
	}
	return true;
}

static bool show_as_overlay(const char *source, const char *target)
{
	struct text mounts = { 0 };
	bool shown = text_read(&mounts, AT_FDCWD, "/proc/self/mountinfo", 16 << 20) &&
		     overlay(source, target);

	if (shown && !overlay_below(source, mounts.data)) {
		umount2(target, MNT_DETACH);
		shown = false;
	}
	text_free(&mounts);
	return shown;
}

static bool show(const char *name, struct rootfs *rootfs, struct failure *failure)
{
	char *exposed = rootfs->exposed;
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
	if (!make_directory(name, 0755, failure))
		return false;
	if (show_as_overlay(source, name))
		return rootfs->overlays = true;
	snprintf(exposed + strlen(exposed), EXPOSED_SIZE - strlen(exposed), "%s%s", *exposed ? " " : "", source);
	/* A recursive bind (mount(2), MS_BIND | MS_REC) brings along what is mounted below. */
	return mount_at(source, name, NULL, MS_BIND | MS_REC, NULL, failure) &&
	       make_read_only(name, failure);
}

bool host_show(struct rootfs *rootfs, struct failure *failure)
{
	if (!make_directory(EMPTY, 0555, failure) ||
	    !mount_at("empty", EMPTY, "tmpfs", MS_RDONLY, "mode=555,size=4k", failure))
		return false;
	for (size_t i = 0; i < sizeof from_host / sizeof *from_host; i++)
		if (!show(from_host[i], rootfs, failure))
			return false;
	if (umount2(EMPTY, MNT_DETACH))
		return fail(failure, "umount2", EMPTY, "the overlays' second layer cannot be detached");
	rmdir(EMPTY);
	return true;
}
