#include "container.h"

#include <sched.h>
#include <string.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static bool always(const struct container *container)
{
	(void)container;
	return true;
}

static bool has_users(const struct container *container)
{
	return container->namespaces & CLONE_NEWUSER;
}

static bool has_offset(const struct container *container)
{
	return container->has_offset;
}

static bool has_mounts(const struct container *container)
{
	return container->namespaces & CLONE_NEWNS;
}

static bool has_root(const struct container *container)
{
	return has_mounts(container) && (container->rootfs || container->lower);
}

static bool has_cgroup(const struct container *container)
{
	return container->cgroup;
}

/* Without a rootfs, and without a pid namespace, the old /proc is the right one. */
static bool has_proc(const struct container *container)
{
	return has_root(container) || (has_mounts(container) && container->namespaces & CLONE_NEWPID);
}

/* Without a rootfs and a new /proc it would be everybody's that is masked. */
static bool has_masks(const struct container *container)
{
	return has_proc(container) && (container->mask_count || container->default_masks);
}

static bool has_hostname(const struct container *container)
{
	return container->namespaces & CLONE_NEWUTS;
}

static bool has_network(const struct container *container)
{
	return container->namespaces & CLONE_NEWNET;
}

static bool has_no_new_privs(const struct container *container)
{
	return container->no_new_privs;
}

static bool has_seccomp(const struct container *container)
{
	return container->seccomp;
}

/* The whole container. What is not wanted is left out without a word. */
static const struct {
	const char *name;
	bool (*wanted)(const struct container *container);
	bool (*perform)(struct container *container, struct failure *failure);
	const char *what, *manual;
} stages[STAGES] = {
	[STAGE_CLONE] = { "clone", always, namespaces_born,
			  "a process in new namespaces", "clone3(2), namespaces(7)" },
	[STAGE_ID_MAPS] = { "id-maps", has_users, id_maps_use,
			    "who root in here is out there", "user_namespaces(7)" },
	[STAGE_TIME_OFFSET] = { "time-offset", has_offset, clocks_set_ahead,
				"clocks that are ahead", "time_namespaces(7)" },
	[STAGE_CGROUP] = { "cgroup", has_cgroup, cgroup_use,
			   "whose limits it is under, and sees", "cgroups(7), cgroup_namespaces(7)" },
	[STAGE_PRIVATE_MOUNTS] = { "private-mounts", has_mounts, mounts_private,
				   "mounts are told to nobody outside", "mount_namespaces(7)" },
	[STAGE_ROOTFS] = { "rootfs", has_root, rootfs_mount,
			   "an overlay, or a directory bound onto itself", "mount(2)" },
	[STAGE_PROC] = { "proc", has_proc, proc_mount, "its own processes", "proc(5)" },
	[STAGE_SYS] = { "sys", has_root, sys_mount, "/sys and its cgroups, read-only", "sysfs(5)" },
	[STAGE_DEV] = { "dev", has_root, dev_mount, "the few devices a program expects",
			"mknod(2), devpts(5)" },
	[STAGE_PIVOT_ROOT] = { "pivot_root", has_root, root_pivot,
			       "the root changes, the old one goes", "pivot_root(2)" },
	[STAGE_MASKED_PATHS] = { "masked-paths", has_masks, paths_mask,
				 "what of /proc and /sys is the whole machine's", "mount(2)" },
	[STAGE_HOSTNAME] = { "hostname", has_hostname, hostname_set, "its name", "sethostname(2)" },
	[STAGE_LOOPBACK] = { "loopback", has_network, loopback_up, "lo is up", "netdevice(7)" },
	[STAGE_CAPABILITIES] = { "capabilities", always, capabilities_limit,
				 "what root in here may do", "capabilities(7)" },
	[STAGE_NO_NEW_PRIVS] = { "no_new_privs", has_no_new_privs, privileges_freeze,
				 "execve grants nothing from here on", "PR_SET_NO_NEW_PRIVS(2const)" },
	[STAGE_SECCOMP] = { "seccomp", has_seccomp, seccomp_filter,
			    "system calls that are refused", "seccomp(2)" },
	[STAGE_EXEC] = { "exec", always, command_execute, "the command", "execve(2)" },
};

const char *stage_name(enum stage stage)
{
	return stage < STAGES ? stages[stage].name : "none";
}

enum stage stage_find(const char *name)
{
	for (enum stage stage = 0; stage < STAGES; stage++)
		if (!strcmp(stages[stage].name, name))
			return stage;
	return STAGE_NONE;
}

void stages_print(FILE *file)
{
	for (enum stage stage = 0; stage < STAGES; stage++)
		fprintf(file, "%-14s  %-46s  %s\n", stages[stage].name, stages[stage].what,
			stages[stage].manual);
}

/* seccomp(2): who wants a filter has no_new_privs, or CAP_SYS_ADMIN, which the capabilities stage
 * is about to take. So without no_new_privs the filter comes first, as runc does it; with it the
 * filter comes as late as can be, so that it need not allow what the stages themselves do. */
static bool is_early(const struct container *container, enum stage stage)
{
	bool frozen = container->no_new_privs && !(container->without & STAGE_BIT(STAGE_NO_NEW_PRIVS));

	return stage == STAGE_SECCOMP && !frozen;
}

static void add(const struct container *container, enum stage stage, enum stage *plan, size_t *count)
{
	if (stages[stage].wanted(container) && !(container->without & STAGE_BIT(stage)))
		plan[(*count)++] = stage;
}

size_t stages_plan(const struct container *container, enum stage plan[STAGES])
{
	size_t count = 0;

	for (enum stage stage = 0; stage < STAGES; stage++) {
		if (stage == STAGE_CAPABILITIES && is_early(container, STAGE_SECCOMP))
			add(container, STAGE_SECCOMP, plan, &count);
		if (!is_early(container, stage))
			add(container, stage, plan, &count);
	}
	return count;
}

bool stage_perform(struct container *container, enum stage stage, struct failure *failure)
{
	return stages[stage].perform(container, failure);
}
