#include "cgroup.h"

#include "files.h"
#include "journal.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_in(const char *directory, const char *file, const char *value)
{
	char *path = print_text("%s/%s", directory, file);
	bool wrote = write_file(AT_FDCWD, path, value);
	int error = errno;

	free(path);
	errno = error;
	return wrote;
}

static bool read_in(const char *directory, const char *file, char *value, size_t size)
{
	char *path = print_text("%s/%s", directory, file);
	bool read = read_line(AT_FDCWD, path, value, size);

	free(path);
	return read;
}

/* A new v1 cpuset has no cpus and no memory nodes, and takes no process until it has some
 * (cpuset(7)). */
static void copy_cpuset(const struct hierarchy *hierarchy)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	char value[4096];

	for (size_t i = 0; i < 2; i++)
		if (read_in(hierarchy->parent, files[i], value, sizeof value))
			write_in(hierarchy->path, files[i], value);
}

/* The limits that keep a fork bomb or a memory hog inside the lab, in the words of each version.
 * Swap comes after memory, for v1 counts both together (Documentation/admin-guide/cgroup-v1). */
static const struct limit {
	int version;
	const char *controller, *file;
	size_t value; /* offset in struct limits */
	int times;
	const char *lack; /* what the lab lacks when this cannot be set; NULL: not every kernel has it */
} limit_files[] = {
	{ 1, "pids", "pids.max", offsetof(struct limits, pids), 1, "limit.pids" },
	{ 1, "memory", "memory.limit_in_bytes", offsetof(struct limits, memory), 1, "limit.memory" },
	{ 1, "memory", "memory.memsw.limit_in_bytes", offsetof(struct limits, memory), 2, NULL },
	{ 2, "pids", "pids.max", offsetof(struct limits, pids), 1, "limit.pids" },
	{ 2, "memory", "memory.max", offsetof(struct limits, memory), 1, "limit.memory" },
	{ 2, "memory", "memory.swap.max", offsetof(struct limits, memory), 1, NULL },
};

#define LIMITS_EACH 3 /* a version */

static bool set_limit(struct cgroups *cgroups, const struct limit *limit, const struct limits *limits)
{
	char value[32];
	bool set = false;

	snprintf(value, sizeof value, "%lld",
		 limit->times * (long long)*(const int64_t *)((const char *)limits + limit->value));
	for (size_t i = 0; i < cgroups->count; i++) {
		const struct hierarchy *hierarchy = &cgroups->list[i];

		if (!hierarchy->made || hierarchy->version != limit->version ||
		    (hierarchy->version == 1 && !has_word(hierarchy->name, limit->controller)))
			continue;
		set = set || write_in(hierarchy->path, limit->file, value);
	}
	return set;
}

static void set_limits(struct cgroups *cgroups, const struct limits *limits, bool rootless)
{
	bool *limited[LIMITS_EACH] = { &cgroups->pids_limited, &cgroups->memory_limited };

	for (size_t i = 0; i < LIMITS_EACH; i++) {
		const struct limit *limit = &limit_files[i];
		bool set = set_limit(cgroups, limit, limits) ||
			   set_limit(cgroups, &limit_files[i + LIMITS_EACH], limits);

		if (limited[i])
			*limited[i] = set;
		/* Without root getrlimit(2) does it instead (rlimits.c): for processes as well. */
		if (!set && limit->lack && rootless && limited[i] == &cgroups->memory_limited)
			cgroups_lack(cgroups, limit->lack, "without a memory cgroup each process may take %lld MiB, "
				     "and what all together take has no bound", (long long)limits->memory >> 20);
		else if (!set && limit->lack && !rootless)
			cgroups_lack(cgroups, limit->lack, "the lab's cgroup has no %s controller to limit it with",
				     limit->controller);
	}
}

/* Which controllers C has, and does not hand down yet. */
static void missing_controllers(const char *parent, char *missing, size_t size)
{
	char have[512], enabled[512], *rest = have, *word;

	missing[0] = 0;
	read_in(parent, "cgroup.controllers", have, sizeof have);
	read_in(parent, "cgroup.subtree_control", enabled, sizeof enabled);
	while ((word = strsep(&rest, " ")))
		if (*word && !has_word(enabled, word))
			snprintf(missing + strlen(missing), size - strlen(missing), "%s%s",
				 *missing ? " " : "", word);
}

/* No process but ours may be in C, for they would have to be moved. */
static bool only_ours(const char *parent, const struct cgroup_request *request,
		      struct failure *failure)
{
	struct text pids = { 0 };
	char *path = print_text("%s/cgroup.procs", parent), *line;
	bool only = text_read(&pids, AT_FDCWD, path, 1 << 20);

	if (!only)
		fail(failure, "read", path, "the helper's own cgroup cannot be read");
	char *rest = pids.data;
	while (only && (line = strsep(&rest, "\n"))) {
		bool known = !*line;

		for (size_t i = 0; i < request->ours_count; i++)
			known = known || atoi(line) == request->ours[i];
		if (!known)
			only = refuse(failure, EBUSY, "the cgroup %s holds other processes too (pid %s): "
				      "start the helper in a cgroup of its own, with "
				      "systemd-run --scope -p Delegate=yes", parent, line);
	}
	text_free(&pids);
	free(path);
	return only;
}

/* cgroups(7), "no internal processes": a v2 cgroup other than the root either holds processes or
 * hands controllers down. So the warden and the janitor move from C to a leaf of their own. */
static bool make_leaf(struct cgroups *cgroups, struct hierarchy *hierarchy, const char *missing,
		      const struct cgroup_request *request, struct failure *failure)
{
	char pid[32];

	if (!only_ours(hierarchy->parent, request, failure))
		return false;
	cgroups->leaf = print_text("%s-warden", hierarchy->path);
	if (!journal_leaf(request->journal, cgroups->leaf, hierarchy->parent, missing, failure))
		return false;
	if (mkdir(cgroups->leaf, 0755))
		return fail(failure, "mkdir", cgroups->leaf, "the warden's own cgroup cannot be made");
	for (size_t i = 0; i < request->ours_count; i++) {
		snprintf(pid, sizeof pid, "%d", (int)request->ours[i]);
		if (!write_in(cgroups->leaf, "cgroup.procs", pid))
			return fail(failure, "write", cgroups->leaf, "the helper cannot move to its own cgroup");
	}
	return true;
}

static bool hand_down(struct cgroups *cgroups, struct hierarchy *hierarchy,
		      const struct cgroup_request *request, struct failure *failure)
{
	char missing[512], *rest = missing, *word;

	missing_controllers(hierarchy->parent, missing, sizeof missing);
	if (!*missing || (hierarchy->at_root && !request->limits.enable_controllers))
		return true;
	if (!hierarchy->at_root && !make_leaf(cgroups, hierarchy, missing, request, failure)) {
		if (request->rootless)
			cgroup_refuse(cgroups, hierarchy, failure->message);
		return request->rootless;
	}
	/* One at a time: a controller that cannot be enabled does not keep the others away. */
	while ((word = strsep(&rest, " "))) {
		char *change = print_text("+%s", word);

		if (!write_in(hierarchy->parent, "cgroup.subtree_control", change))
			cgroups_lack(cgroups, word, "the controller cannot be enabled below %s: %s",
				     hierarchy->parent, strerror(errno));
		free(change);
	}
	return true;
}

static bool make_one(struct cgroups *cgroups, struct hierarchy *hierarchy,
		     const struct cgroup_request *request, struct failure *failure)
{
	if (hierarchy->refused)
		return true;
	if (!journal_directory(request->journal, hierarchy->path, failure))
		return false;
	if (mkdir(hierarchy->path, 0755)) {
		char *why = print_text("%s cannot be made: %s", hierarchy->path, strerror(errno));

		cgroup_refuse(cgroups, hierarchy, why);
		free(why);
		return true;
	}
	hierarchy->made = true;
	if (hierarchy->version == 1) {
		copy_cpuset(hierarchy);
		return true;
	}
	/* The lab's PID 1 sits in a leaf, so that the lab's own cgroup can hand controllers down. */
	char *init = print_text("%s/init", hierarchy->path);
	bool made = mkdir(init, 0755) == 0 ||
		    fail(failure, "mkdir", init, "the cgroup of the lab's PID 1 cannot be made");
	free(init);
	return made;
}

bool cgroups_make(struct cgroups *cgroups, const struct cgroup_request *request,
		  struct failure *failure)
{
	if (request->rootless)
		cgroups_delegated(cgroups, request->journal->lab);
	for (size_t i = 0; i < cgroups->count; i++) {
		struct hierarchy *hierarchy = &cgroups->list[i];

		if (hierarchy->version == 2 && !hierarchy->refused && !hand_down(cgroups, hierarchy, request, failure))
			return false;
		if (!make_one(cgroups, hierarchy, request, failure))
			return false;
	}
	set_limits(cgroups, &request->limits, request->rootless);
	return true;
}

/* Writing a pid to cgroup.procs moves the whole process (cgroups(7)). */
bool cgroups_attach(struct cgroups *cgroups, pid_t pid, bool rootless, struct failure *failure)
{
	char text[32];

	snprintf(text, sizeof text, "%d", (int)pid);
	for (size_t i = 0; i < cgroups->count; i++) {
		struct hierarchy *hierarchy = &cgroups->list[i];

		if (!hierarchy->made || write_in(hierarchy->path, "cgroup.procs", text))
			continue;
		fail(failure, "write", hierarchy->path, "the lab's PID 1 cannot enter its cgroup");
		if (!rootless)
			return false;
		cgroup_refuse(cgroups, hierarchy, failure->message);
		cgroup_remove(AT_FDCWD, hierarchy->path);
		hierarchy->made = false;
	}
	return true;
}
