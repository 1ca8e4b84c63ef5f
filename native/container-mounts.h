/* What the stages that mount share. Paths are relative: below the new root, whether it is in the
 * current directory still or "/" already. */
#ifndef CONTAINER_MOUNTS_H
#define CONTAINER_MOUNTS_H

#include "container.h"

#include <sys/mount.h>

#define MOUNT_GUARDED (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* The mount point is made where it is missing. */
bool put_mount(const char *source, const char *target, const char *type, unsigned long flags,
	       const char *options, struct failure *failure);
/* A file bound over a file. */
bool put_file(const char *source, const char *target, struct failure *failure);
/* Where the container's tree begins: "." or "/" (no rootfs: "/"). */
const char *path_below(const struct container *container, const char *path);

#endif
