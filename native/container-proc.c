#include "container-mounts.h"

#include "cgroup.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool put_mount(const char *source, const char *target, const char *type, unsigned long flags,
	       const char *options, struct failure *failure)
{
	if (mkdir(target, 0755) && errno != EEXIST)
		return fail(failure, "mkdir", target, "a mount point of the container cannot be made");
	return mount(source, target, type, flags, options) == 0 ||
	       fail(failure, "mount", target, "%s cannot be mounted in the container", source);
}

bool put_file(const char *source, const char *target, struct failure *failure)
{
	int fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd >= 0)
		close(fd);
	return mount(source, target, NULL, MS_BIND, NULL) == 0 ||
	       fail(failure, "mount", target, "%s cannot be bound into the container", source);
}

/* Without a rootfs the tree is the maker's own; until pivot_root the new one is the working directory. */
const char *path_below(const struct container *container, const char *path)
{
	bool has_root = container->rootfs || container->lower;

	return has_root ? path + 1 : path;
}

/* proc(5) shows the pid namespace of who mounts it. In a user namespace the kernel allows that only
 * while another proc, with nothing mounted on it, is in sight (user_namespaces(7)): the old root's. So
 * this comes before pivot_root, though it would read better after it; runc does the same. */
bool proc_mount(struct container *container, struct failure *failure)
{
	const char *target = path_below(container, "/proc");

	if (container->namespaces & CLONE_NEWPID)
		return put_mount("proc", target, "proc", MOUNT_GUARDED, NULL, failure) &&
		       did(container, "mount", "proc of the new pid namespace");
	return put_mount("/proc", target, NULL, MS_BIND | MS_REC, NULL, failure) &&
	       did(container, "mount", "MS_BIND: no pid namespace, so the maker's /proc");
}

static bool mount_one(const struct hierarchy *hierarchy, const char *target)
{
	struct failure ignored;

	if (hierarchy->version == 2)
		return put_mount("cgroup", target, "cgroup2", MOUNT_GUARDED | MS_RDONLY, NULL, &ignored);
	bool named = !strncmp(hierarchy->name, "name=", 5);
	char *options = print_text("%s%s", named ? "none," : "", hierarchy->name);
	bool mounted = put_mount("cgroup", target, "cgroup", MOUNT_GUARDED | MS_RDONLY, options, &ignored);
	free(options);
	return mounted;
}

/* v1: a directory for each hierarchy, in a small tmpfs. */
static size_t mount_each(const struct cgroups *cgroups, const char *directory)
{
	struct failure ignored;
	size_t count = 0;

	if (!put_mount("tmpfs", directory, "tmpfs", MOUNT_GUARDED, "mode=755,size=64k", &ignored))
		return 0;
	for (size_t i = 0; i < cgroups->count; i++) {
		const struct hierarchy *hierarchy = &cgroups->list[i];
		const char *own = strrchr(hierarchy->mount_point, '/');
		char *target = print_text("%s%s", directory, own ? own : "/cgroup");

		count += mount_one(hierarchy, target);
		free(target);
	}
	mount(NULL, directory, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MOUNT_GUARDED, NULL);
	return count;
}

/* cgroup_namespaces(7): mounted in a cgroup namespace a hierarchy begins at the namespace's root. */
static size_t mount_cgroups(const struct container *container)
{
	const char *directory = path_below(container, "/sys/fs/cgroup");
	const struct cgroups *cgroups = cgroup_hierarchies();
	bool unified = cgroups->count == 1 && cgroups->list[0].version == 2;

	if (!(container->namespaces & CLONE_NEWCGROUP))
		return 0;
	return unified ? mount_one(&cgroups->list[0], directory) : mount_each(cgroups, directory);
}

/* sysfs(5) shows the network devices of the network namespace of who mounts it; with the maker's
 * network namespace and a new user namespace it is not ours to mount, and the container has none. */
bool sys_mount(struct container *container, struct failure *failure)
{
	bool ours = container->namespaces & CLONE_NEWNET || !container->user_namespace;

	if (!ours)
		return did(container, "mount", "nothing: sysfs belongs to the network namespace's owner");
	if (!put_mount("sysfs", path_below(container, "/sys"), "sysfs", MOUNT_GUARDED | MS_RDONLY, NULL,
		       failure))
		return false;
	size_t cgroups = mount_cgroups(container);
	return did(container, "mount", "sysfs, read-only, with %zu cgroup hierarch%s", cgroups,
		   cgroups == 1 ? "y" : "ies");
}
