/* Mounts as we know them: one table for each mount namespace. */
#ifndef MOUNT_TABLE_H
#define MOUNT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mount {
	uint64_t unique; /* statmount(2): never used again; 0: read from mountinfo, which has none */
	int id, parent;
	char *target, *root, *fstype, *source;
	char *options;     /* as mount(8) prints them */
	char *propagation; /* "shared:1 master:2", "" is private (mount_namespaces(7)) */
	bool kept;
};

struct mount_table {
	struct mount *mounts;
	size_t count, room;
};

/* Takes the mount's texts over. */
void mount_table_add(struct mount_table *table, const struct mount *mount);
void mount_table_remove(struct mount_table *table, size_t index);
void mount_table_free(struct mount_table *table);
void mount_free(struct mount *mount);
/* The same mount: by its unique id where it has one. NULL: not there. */
struct mount *mount_table_find(const struct mount_table *table, const struct mount *mount);
bool mount_unchanged(const struct mount *left, const struct mount *right);
/* "rw,relatime" and "rw,size=4k" to "rw,relatime,size=4k". */
char *mount_options(const char *own, const char *super);

/* Fields of a line. */
void mount_put(const struct mount *mount);

/* mount-info.c: /proc/PID/mountinfo, open; false when it cannot be read any more. */
bool mount_info_read(int fd, struct mount_table *table);

/* mount-stat.c: statmount(2) and listmount(2), by the id of a mount namespace (ioctl_nsfs(2)). */
bool mount_stat_namespace(int fd, uint64_t *id);
/* 1: there, 0: not in this namespace (any more), -1: the kernel cannot tell. */
int mount_stat(uint64_t mount_namespace, uint64_t unique, struct mount *mount);
bool mount_stat_list(uint64_t mount_namespace, struct mount_table *table);

#endif
