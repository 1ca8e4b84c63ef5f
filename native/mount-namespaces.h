/* The mount namespaces of the lab that we watch: what mounts.c, mount-changes.c and mount-tell.c share. */
#ifndef MOUNT_NAMESPACES_H
#define MOUNT_NAMESPACES_H

#include "loop.h"
#include "mount-events.h"
#include "mount-table.h"

struct mount_namespace {
	ino_t inode;
	uint64_t id;     /* of listmount(2); 0: mountinfo is read instead */
	int mountinfo;   /* -1: closed */
	unsigned processes;
	struct mount_table table;
	struct watch watch;
	struct mount_namespace *next;
};

extern struct mount_namespace *mount_namespaces, *mount_own; /* mount_own: the lab's */

struct mount_namespace **mount_namespace_place(ino_t inode);
bool mount_namespace_is_dead(const struct mount_namespace *namespace);
/* Tells it, and forgets it. */
void mount_namespace_gone(struct mount_namespace **place);

/* mount-changes.c: the kernel says that a mount has come or gone. */
void mount_changed(const struct mount_event *event);

/* mount-tell.c: the lines. `by`: the process that did it, 0 when nobody knows. */
void mount_tell_add(const struct mount_namespace *namespace, const struct mount *mount, pid_t by);
void mount_tell_remove(const struct mount_namespace *namespace, const struct mount *mount, pid_t by);
void mount_tell_found(const struct mount_namespace *namespace, pid_t pid);
void mount_tell_brief(const struct mount_event *event);
/* The field `mntns`, where it is not the lab's own. */
void mount_put_namespace(ino_t inode);

#endif
