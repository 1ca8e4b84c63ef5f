/* The lab's own cgroups (cgroups(7)): one directory of our name in every hierarchy, below the
 * helper's own cgroup. No cgroup that we did not make is changed, except, on v2 below the root, the
 * helper's own: it must hand its processes to a leaf before it may enable controllers. */
#ifndef CGROUP_H
#define CGROUP_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HIERARCHY_LIMIT 32

struct hierarchy {
	int version;
	char *name;        /* "memory", "cpu,cpuacct", "name=systemd", "" for v2 */
	char *mount_point; /* on the host */
	char *parent;      /* the helper's own cgroup, a directory on the host */
	char *path;        /* the lab's cgroup: parent/tsi-NAME-PID */
	bool at_root;      /* the parent is the hierarchy's root, exempt from the no-internal-process rule */
	bool made;
	bool refused; /* not to be made: we are not allowed to */
};

struct lack {
	char *what, *why;
};

struct cgroups {
	struct hierarchy list[HIERARCHY_LIMIT];
	size_t count;
	char *leaf; /* v2: where the warden and the janitor sit, or NULL */
	struct lack lacks[2 * HIERARCHY_LIMIT];
	size_t lack_count;
	bool pids_limited, memory_limited;
};

struct limits {
	int64_t pids, memory;
	bool enable_controllers;
};

struct journal;

struct cgroup_request {
	const struct journal *journal;
	struct limits limits;
	pid_t ours[2]; /* the warden and the janitor */
	size_t ours_count;
	bool rootless; /* what is not allowed is a lack */
};

/* cgroup-find.c: which hierarchies there are and where we are in them. */
bool cgroups_find(struct cgroups *cgroups, const char *lab, struct failure *failure);
void cgroups_lack(struct cgroups *cgroups, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cgroups_free(struct cgroups *cgroups);

/* cgroup-delegate.c: without root, which of the hierarchies have a directory of the user's; the
 * others are refused. */
void cgroups_delegated(struct cgroups *cgroups, const char *lab);
void cgroup_refuse(struct cgroups *cgroups, struct hierarchy *hierarchy, const char *why);

/* cgroup-make.c */
bool cgroups_make(struct cgroups *cgroups, const struct cgroup_request *request,
		  struct failure *failure);
bool cgroups_attach(struct cgroups *cgroups, pid_t pid, bool rootless, struct failure *failure);

/* cgroup-remove.c: works on paths alone, so that the janitor and --reap can do it too. */
void cgroup_thaw(int directory, const char *name);
/* `killed` collects the pids, each once: a process is in many hierarchies. May be NULL. */
struct pids {
	pid_t *list;
	size_t count, room;
};
void cgroup_kill(const char *path, const char *lab, struct pids *killed);
bool cgroup_remove(int directory, const char *name);
bool cgroup_remove_patiently(const char *path, int milliseconds);
void cgroup_leave_leaf(const char *leaf, const char *parent, const char *enabled);

#endif
