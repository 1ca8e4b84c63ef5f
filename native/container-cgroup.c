#include "container.h"

#include "cgroup.h"
#include "files.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cgroups cgroups;
static bool made[HIERARCHY_LIMIT]; /* the directory is ours to remove */

/* A new v1 cpuset has neither processors nor memory nodes, and takes no process before (cpuset(7)). */
static void copy_cpuset(const char *parent, const char *path)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	char value[4096];

	for (size_t i = 0; i < 2; i++) {
		char *from = print_text("%s/%s", parent, files[i]), *to = print_text("%s/%s", path, files[i]);

		if (read_line(AT_FDCWD, from, value, sizeof value))
			write_file(AT_FDCWD, to, value);
		free(from);
		free(to);
	}
}

/* cgroups(7): a cgroup is a directory, and making one makes the other. */
static bool make_one(size_t i, const char *path, struct failure *failure)
{
	struct hierarchy *hierarchy = &cgroups.list[i];

	free(hierarchy->path);
	hierarchy->path = print_text("%s%s", hierarchy->mount_point, path);
	made[i] = mkdir(hierarchy->path, 0755) == 0;
	if (!made[i] && errno != EEXIST)
		return fail(failure, "mkdir", hierarchy->path, "the container's cgroup cannot be made");
	hierarchy->made = true;
	if (made[i] && has_word(hierarchy->name, "cpuset")) {
		char *parent = print_text("%.*s", (int)(strrchr(hierarchy->path, '/') - hierarchy->path),
					  hierarchy->path);
		copy_cpuset(parent, hierarchy->path);
		free(parent);
	}
	return true;
}

/* Looked for by the keeper, for /proc/self/mountinfo tells their paths as seen from the cgroup
 * namespace of who reads it: from the new one their roots are "/..". */
bool cgroup_look(struct container *container, struct failure *failure)
{
	return cgroups_find(&cgroups, container->name, failure);
}

const struct cgroups *cgroup_hierarchies(void)
{
	return &cgroups;
}

/* Where a hierarchy refuses (mounted read-only, not delegated) the container stays in its maker's
 * cgroup there; where all do, that is an error. `into` becomes v2's directory, for clone3(2). */
bool cgroup_make(struct container *container, int *into, struct failure *failure)
{
	size_t count = 0;
	bool v1 = false;

	for (size_t i = 0; i < cgroups.count; i++) {
		if (!make_one(i, container->cgroup, failure))
			continue;
		count++;
		v1 = v1 || cgroups.list[i].version == 1;
		if (cgroups.list[i].version == 2)
			*into = open(cgroups.list[i].path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	container->enters_late = v1;
	if (!cgroups.count)
		return refuse(failure, ENOENT, "there is no cgroup hierarchy mounted here");
	return count > 0;
}

bool cgroup_enter(const struct container *container, struct failure *failure)
{
	char *pid = print_text("%d", (int)container->pid);
	bool entered = true;

	for (size_t i = 0; entered && i < cgroups.count; i++) {
		if (!cgroups.list[i].made || cgroups.list[i].version == 2)
			continue;
		char *procs = print_text("%s/cgroup.procs", cgroups.list[i].path);
		entered = write_file(AT_FDCWD, procs, pid) ||
			  fail(failure, "write", procs, "the process cannot be put into its cgroup");
		free(procs);
	}
	free(pid);
	return entered;
}

/* cgroup_namespaces(7): what we are in at this moment becomes the root of what we see. */
bool cgroup_use(struct container *container, struct failure *failure)
{
	if (!container->enters_late)
		return did(container, "clone3", "CLONE_INTO_CGROUP: %s", container->cgroup);
	if (!keeper_please(container, STAGE_CGROUP, failure))
		return false;
	if (container->namespaces & CLONE_NEWCGROUP && unshare(CLONE_NEWCGROUP))
		return fail(failure, "unshare", NULL, "the cgroup namespace cannot be made");
	return did(container, "write", "cgroup.procs of %s", container->cgroup);
}

/* An empty directory goes at once; the kernel takes some milliseconds to empty it (rmdir(2): EBUSY). */
void cgroup_clean(void)
{
	for (size_t i = cgroups.count; i-- > 0;)
		if (made[i])
			cgroup_remove_patiently(cgroups.list[i].path, 300);
	cgroups_free(&cgroups);
}
