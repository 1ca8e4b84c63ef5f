#include "rootfs.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the overlay keeps its changes: a tmpfs that is detached once the overlay holds it. */
#define STAGE ".etc"

static bool write_text(const char *directory, const char *name, char *value, struct failure *failure)
{
	char *path = print_text("%s/%s", directory, name);
	bool wrote = make_file(path, 0644, value, strlen(value), failure);

	free(path);
	free(value);
	return wrote;
}

static bool write_own_files(const struct rootfs *rootfs, const char *directory, struct failure *failure)
{
	const char *name = rootfs->hostname;

	return write_text(directory, "hostname", print_text("%s\n", name), failure) &&
	       write_text(directory, "hosts",
			  print_text("127.0.0.1\tlocalhost\n127.0.1.1\t%s\n::1\tlocalhost\n", name), failure) &&
	       write_text(directory, "resolv.conf",
			  print_text("# The lab has a network of its own, and no name server.\n"), failure) &&
	       accounts_make(rootfs, directory, failure);
}

/* An overlay copies a file up with its owner, and the host's root is nobody in a lab without root:
 * EOVERFLOW (overlayfs.rst, "permission model"). What a lesson may want to edit is copied before,
 * and is the lab's own. */
static void copy_editable(const char *directory)
{
	static const char *const folders[] = {
		"docker", "containerd", "containers", "cni", "runc", "sysctl.d", "iproute2", "lxc",
	};

	copy_tree("/etc", directory, 1);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char *from = print_text("/etc/%s", folders[i]), *to = print_text("%s/%s", directory, folders[i]);

		copy_tree(from, to, 4);
		free(from);
		free(to);
	}
}

static bool fill(const struct rootfs *rootfs, const char *directory, struct failure *failure)
{
	if (!write_own_files(rootfs, directory, failure))
		return false;
	if (rootfs->rootless)
		copy_editable(directory);
	return true;
}

/* An overlay (Documentation/filesystems/overlayfs.rst): the host's /etc below, never written, and
 * what the lab writes on top of it, in memory. Before Linux 5.11 there is none in a user namespace,
 * and never one of a directory with mounts in it: then a copy of what can be read. */
static bool cover(struct rootfs *rootfs, struct failure *failure)
{
	if (mount("overlay", "etc", "overlay", 0,
		  "lowerdir=/etc,upperdir=" STAGE "/upper,workdir=" STAGE "/work") == 0)
		return rootfs->overlays = true;
	if (!rootfs->rootless)
		return fail(failure, "mount", "etc", "overlay cannot be mounted in the lab");
	if (!write_own_files(rootfs, "etc", failure))
		return false;
	copy_tree("/etc", "etc", 8);
	return true;
}

bool etc_make(struct rootfs *rootfs, struct failure *failure)
{
	if (!make_directory(STAGE, 0700, failure) ||
	    !mount_at("etc", STAGE, "tmpfs", 0, "mode=755,size=64m", failure) ||
	    !make_directory(STAGE "/upper", 0755, failure) ||
	    !make_directory(STAGE "/work", 0755, failure) || !fill(rootfs, STAGE "/upper", failure) ||
	    !cover(rootfs, failure))
		return false;
	if (umount2(STAGE, MNT_DETACH))
		return fail(failure, "umount2", STAGE, "the overlay's stage cannot be detached");
	rmdir(STAGE);
	return true;
}
