/* What happens to the lab's cgroups (cgroups(7)): groups made and removed, files written and by whom
 * (fanotify(7)); and what the kernel itself says of them: out of memory, populated, frozen. */
#ifndef CGROUP_WATCH_H
#define CGROUP_WATCH_H

#include "lab.h"

#include <stdint.h>

/* Before the lab is told to be ready; false, with the reason, when nobody says who wrote what. */
bool cgroup_watch_open(const struct lab *lab, struct failure *failure);
void cgroup_watch_start(void);
void cgroup_watch_stop(void);
void cgroup_watch_pause(bool pause);
/* To be called now and then, for what v1 has no notice of. */
void cgroup_watch_sweep(void);

struct group {
	const struct hierarchy *hierarchy;
	uint64_t file_system, id; /* the directory, as fanotify(7) names it; 0: it was gone before we asked */
	char *path;               /* relative to the lab's cgroup; "/" is the lab's own */
	char *directory;          /* on the host */
	pid_t changed_by;         /* who last wrote a file that moves or freezes processes */
	struct group_state *state;
	struct group *next;
};

/* cgroup-state.c */
void group_state_open(struct group *group);
void group_state_close(struct group *group);
/* Looks at what has no notice: v1's members and freezer. */
void group_state_look(struct group *group);

/* cgroup-groups.c: those of the lab. */
extern struct group *groups;
struct group *group_find(uint64_t file_system, uint64_t id);
struct group *group_child(const struct group *parent, const char *name);
/* NULL: it is known. */
struct group *group_add(const struct hierarchy *hierarchy, const char *path);
void group_add_tree(const struct hierarchy *hierarchy, const char *path);
void group_forget(struct group *group);

/* cgroup-early.c: what happened to groups we do not know, should we come to know them. */
struct fanotify_event_metadata;
typedef void early_take(const struct fanotify_event_metadata *event, uint64_t t);
void early_keep(uint64_t file_system, uint64_t id, const struct fanotify_event_metadata *event, uint64_t t);
/* What was kept of one group goes to take, oldest first. */
void early_give(uint64_t file_system, uint64_t id, early_take *take);
void early_clear(void);

/* cgroup-writes.c: who wrote which file; told when it is closed, or after a while. */
void write_seen(struct group *group, const char *file, const struct fanotify_event_metadata *event, uint64_t t);
void writes_tell_of(const struct group *group);
void writes_tell_kept_open(void);

/* The beginning of a line about a group, and who did it. */
void group_line(const char *kind, const struct group *group, uint64_t t);

#endif
