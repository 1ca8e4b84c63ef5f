/* The lab's root file system: a fresh tmpfs, the host's programs read-only, everything else private. */
#ifndef ROOTFS_H
#define ROOTFS_H

#include "cgroup.h"
#include "failure.h"

#define EXPOSED_SIZE 128

struct rootfs {
	const char *hostname;
	int64_t bytes; /* how much the private files may hold */
	const struct cgroups *cgroups;
	const char *place; /* any directory: the new root is mounted on it until it is the root */
	bool rootless;
	unsigned uids, gids; /* rootless: how many ids there are, from 0 on */
	bool overlays; /* out: this kernel mounts overlays for us */
	char exposed[EXPOSED_SIZE]; /* out: which of the host's directories a remount would make writable */
};

/* rootfs.c: builds it and pivots into it; the caller is in a mount namespace of its own. */
bool rootfs_enter(struct rootfs *rootfs, struct failure *failure);
/* Each works in the current directory, the root that is being built. */
/* The host's programs, read-only. */
bool host_show(struct rootfs *rootfs, struct failure *failure);
bool etc_make(struct rootfs *rootfs, struct failure *failure);
bool dev_make(const struct rootfs *rootfs, struct failure *failure);
bool proc_make(const struct rootfs *rootfs, struct failure *failure);
bool sys_make(const struct rootfs *rootfs, struct failure *failure);
/* This very program, as /run/tsi/bin/container. */
bool program_show(struct failure *failure);
/* rootfs-accounts.c: passwd(5) and its like, into this directory. */
bool accounts_make(const struct rootfs *rootfs, const char *directory, struct failure *failure);
/* copy-tree.c: what can be read of a directory, down to this depth; files of up to 1 MiB. */
void copy_tree(const char *from, const char *to, int depth);

bool make_file(const char *path, mode_t mode, const char *data, size_t length, struct failure *failure);

#define MOUNT_SAFE (MS_NOSUID | MS_NODEV | MS_NOEXEC)

bool make_directory(const char *path, mode_t mode, struct failure *failure);
bool mount_at(const char *source, const char *target, const char *type, unsigned long flags,
	      const char *options, struct failure *failure);

#endif
