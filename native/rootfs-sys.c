#include "rootfs.h"

#include "files.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define CGROUP_DIRECTORY "sys/fs/cgroup"

/* Only this mount becomes read-only, not the file system behind it: a remount with MS_BIND. */
static bool read_only(const char *target, struct failure *failure)
{
	return mount_at("read-only", target, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MOUNT_SAFE, NULL, failure);
}

/* Mounted in a cgroup namespace the tree's root is the namespace's root (cgroup_namespaces(7)): the
 * lab sees its own cgroup and what is below, and may write there. */
static bool mount_hierarchy(const struct hierarchy *hierarchy, const char *target,
			    struct failure *failure)
{
	if (!make_directory(target, 0755, failure))
		return false;
	if (hierarchy->version == 2)
		return mount_at("cgroup2", target, "cgroup2", MOUNT_SAFE, NULL, failure);
	bool named = !strncmp(hierarchy->name, "name=", 5);
	char *options = print_text("%s%s", named ? "none," : "", hierarchy->name);
	bool mounted = mount_at("cgroup", target, "cgroup", MOUNT_SAFE, options, failure);
	free(options);
	return mounted;
}

/* A hierarchy in which nothing is the lab's can be looked at, no more: its files are the host's root's.
 * runc looks up where the hierarchies are mounted, and starts nothing where they are not. Where even
 * that is refused it is left out. */
static bool mount_to_see(const struct hierarchy *hierarchy, const char *target)
{
	struct failure unimportant = { 0 };

	return mount_hierarchy(hierarchy, target, &unimportant) && read_only(target, &unimportant);
}

/* Names as on the host: /sys/fs/cgroup/memory, or the hierarchy's name when it is mounted elsewhere. */
static bool mount_under_own_name(const struct hierarchy *hierarchy, struct failure *failure)
{
	const char *host = "/sys/fs/cgroup/", *name = hierarchy->version == 2 ? "unified" : hierarchy->name;

	if (!strncmp(hierarchy->mount_point, host, strlen(host)) &&
	    !strchr(hierarchy->mount_point + strlen(host), '/'))
		name = hierarchy->mount_point + strlen(host);
	char *target = print_text(CGROUP_DIRECTORY "/%s", name);
	bool mounted = hierarchy->made ? mount_hierarchy(hierarchy, target, failure)
				       : mount_to_see(hierarchy, target);
	if (!mounted && !hierarchy->made)
		rmdir(target);
	free(target);
	return mounted || !hierarchy->made;
}

/* Where controllers share a hierarchy the host has links: cpu -> cpu,cpuacct. */
static void copy_links(void)
{
	DIR *directory = opendir("/sys/fs/cgroup");
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		char target[256];
		ssize_t length = readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1);

		if (length <= 0)
			continue;
		target[length] = 0;
		char *path = print_text(CGROUP_DIRECTORY "/%s", entry->d_name);
		if (symlink(target, path))
			rmdir(path);
		free(path);
	}
	if (directory)
		closedir(directory);
}

/* sysfs(5) shows the devices of the network namespace of the process that mounts it. In a new user
 * namespace the kernel allows no more than what is in sight already: where that is read-only, as in
 * a container, the new one has to be (mount_namespaces(7), "Restrictions on mount namespaces"). */
static bool mount_sysfs(const char *target, struct failure *failure)
{
	return mount("sysfs", target, "sysfs", MOUNT_SAFE, NULL) == 0 ||
	       mount_at("sysfs", target, "sysfs", MOUNT_SAFE | MS_RDONLY, NULL, failure);
}

static bool second_sysfs(struct failure *failure)
{
	return make_directory("run/.sysfs", 0700, failure) && mount_sysfs("run/.sysfs", failure);
}

/* The one hierarchy that is mounted at /sys/fs/cgroup itself: v2, when it alone is the lab's, or alone
 * on this host. */
static const struct hierarchy *unified(const struct cgroups *cgroups)
{
	const struct hierarchy *only = cgroups->count == 1 ? &cgroups->list[0] : NULL;
	size_t made = 0;

	for (size_t i = 0; i < cgroups->count; i++)
		if (cgroups->list[i].made && !made++)
			only = &cgroups->list[i];
	return made < 2 && only && only->version == 2 ? only : NULL;
}

static bool mount_hierarchies(const struct cgroups *cgroups, struct failure *failure)
{
	const struct hierarchy *v2 = unified(cgroups);

	if (!cgroups->count)
		return true;
	if (v2)
		return v2->made ? mount_hierarchy(v2, CGROUP_DIRECTORY, failure)
				: mount_to_see(v2, CGROUP_DIRECTORY) || true;
	if (!mount_at("cgroup", CGROUP_DIRECTORY, "tmpfs", MOUNT_SAFE, "mode=755,size=1m", failure))
		return false;
	for (size_t i = 0; i < cgroups->count; i++)
		if (!mount_under_own_name(&cgroups->list[i], failure))
			return false;
	copy_links();
	return read_only(CGROUP_DIRECTORY, failure);
}

bool sys_make(const struct rootfs *rootfs, struct failure *failure)
{
	if (!mount_sysfs("sys", failure))
		return false;
	/* Its files are the host's root's: without root there is nothing to guard. But a user namespace
	 * may mount a sysfs only while it sees another one, and `ip netns exec` takes /sys away first. */
	if (rootfs->rootless ? !second_sysfs(failure) : !read_only("sys", failure))
		return false;
	return mount_hierarchies(rootfs->cgroups, failure);
}
