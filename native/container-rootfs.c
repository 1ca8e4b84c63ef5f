#include "container.h"

#include "text.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* mount_namespaces(7): the mounts were copied with their peer groups, so what is mounted here would
 * still be mounted there. Docker makes them slaves (what the host mounts later comes in), we cut the
 * tie both ways. */
bool mounts_private(struct container *container, struct failure *failure)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return fail(failure, "mount", "/", "the mounts cannot be made private");
	return did(container, "mount", "MS_REC | MS_PRIVATE on /");
}

/* Documentation/filesystems/overlayfs.rst: reads see the uppermost layer that has the file, writes go
 * to upperdir, workdir (of the same file system) is where they are made ready. In a user namespace
 * the marks for removed directories must be attributes that its root may set: userxattr. */
static bool mount_overlay(struct container *container, struct failure *failure)
{
	char *options = print_text("lowerdir=%s,upperdir=%s,workdir=%s%s", container->lower, container->upper,
				   container->work, container->user_namespace ? ",userxattr" : "");
	bool mounted = mount("overlay", container->merged, "overlay", 0, options) == 0 ||
		       fail(failure, "mount", container->lower, "the overlay cannot be mounted");

	did(container, "mount", "overlay: %s", options);
	free(options);
	return mounted;
}

/* pivot_root(2) wants the new root to be a mount point: a directory becomes one when it is bound onto
 * itself. */
static bool bind_rootfs(struct container *container, struct failure *failure)
{
	if (mount(container->rootfs, container->rootfs, NULL, MS_BIND | MS_REC, NULL))
		return fail(failure, "mount", container->rootfs, "the root file system cannot be bound");
	return did(container, "mount", "MS_BIND | MS_REC: %s onto itself", container->rootfs);
}

bool rootfs_mount(struct container *container, struct failure *failure)
{
	const char *root = container->rootfs ? container->rootfs : container->merged;

	if (!(container->rootfs ? bind_rootfs(container, failure) : mount_overlay(container, failure)))
		return false;
	umask(022);
	/* The stages that follow work below the current directory, until pivot_root makes it "/". */
	return chdir(root) == 0 || fail(failure, "chdir", root, "the root file system cannot be entered");
}

/* The new root takes the old one's place, for every process of this mount namespace whose root it was.
 * With "." twice the old one lies on top of it, at the same place; MNT_DETACH takes that away, with all
 * that is mounted below (umount2(2)). chroot(2) would only move our own root: the old tree would still
 * be mounted, and a process with CAP_SYS_CHROOT walks out of it. */
bool root_pivot(struct container *container, struct failure *failure)
{
	if (syscall(SYS_pivot_root, ".", "."))
		return fail(failure, "pivot_root", container->rootfs ? container->rootfs : container->merged,
			    "the root cannot be changed");
	if (umount2(".", MNT_DETACH))
		return fail(failure, "umount2", "/", "the old root cannot be detached");
	if (chdir("/"))
		return fail(failure, "chdir", "/", "the new root cannot be entered");
	return did(container, "pivot_root", "the old root is detached");
}
