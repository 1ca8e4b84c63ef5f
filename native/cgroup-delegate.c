#include "cgroup.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* To make a cgroup takes a directory that is ours, and to move a process a cgroup.procs that is:
 * ordinary permissions of files (cgroups(7), "Delegation"). */
static bool is_ours(const char *directory)
{
	char *procs = print_text("%s/cgroup.procs", directory);
	bool ours = access(directory, W_OK) == 0 && access(procs, W_OK) == 0;

	free(procs);
	return ours;
}

/* v1: an administrator makes <hierarchy>/tsinternals-UID and gives it to the user. On v2 that would
 * not do, for there the common ancestor's cgroup.procs must be writable too. */
static bool move_to_given(struct hierarchy *hierarchy, const char *lab)
{
	char *given = print_text("%s/tsinternals-%u", hierarchy->mount_point, (unsigned)geteuid());

	if (hierarchy->version != 1 || !is_ours(given)) {
		free(given);
		return false;
	}
	free(hierarchy->parent);
	free(hierarchy->path);
	hierarchy->parent = given;
	hierarchy->path = print_text("%s/%s", given, lab);
	hierarchy->at_root = false;
	return true;
}

/* One lack for each controller of the hierarchy: `cgroup.cpu` and `cgroup.cpuacct`. */
void cgroup_refuse(struct cgroups *cgroups, struct hierarchy *hierarchy, const char *why)
{
	char *names = print_text("%s", *hierarchy->name ? hierarchy->name : "v2"), *rest = names, *name;

	hierarchy->refused = true;
	while ((name = strsep(&rest, ","))) {
		char *what = print_text("cgroup.%s", name);

		cgroups_lack(cgroups, what, "%s", why);
		free(what);
	}
	free(names);
}

void cgroups_delegated(struct cgroups *cgroups, const char *lab)
{
	bool v1 = false, any = false;

	for (size_t i = 0; i < cgroups->count; i++) {
		struct hierarchy *hierarchy = &cgroups->list[i];

		hierarchy->refused = !is_ours(hierarchy->parent) && !move_to_given(hierarchy, lab);
		v1 = v1 || hierarchy->version == 1;
		any = any || !hierarchy->refused;
	}
	if (!any) {
		cgroups_lack(cgroups, "cgroup", v1 ? "no cgroup directory belongs to this user: root can give "
			     "some once (tsinternals doctor says how)" : "no cgroup is delegated to this user: "
			     "start it with systemd-run --user --scope -p Delegate=yes");
		return;
	}
	for (size_t i = 0; i < cgroups->count; i++)
		if (cgroups->list[i].refused)
			cgroup_refuse(cgroups, &cgroups->list[i], "this cgroup hierarchy has no directory of the user's");
}
