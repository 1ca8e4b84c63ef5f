#include "container-mounts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Docker's lists (moby, oci/defaults.go): parts of /proc and /sys that no namespace divides, so root
 * in the container would read or set the whole machine's. */
static const char *const masked[] = {
	"/proc/acpi",	      "/proc/asound",	      "/proc/interrupts", "/proc/kcore",
	"/proc/keys",	      "/proc/latency_stats",  "/proc/sched_debug", "/proc/scsi",
	"/proc/timer_list",   "/proc/timer_stats",    "/sys/devices/virtual/powercap",
	"/sys/firmware",
};

static const char *const read_only[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

/* A directory is hidden by an empty one, a file by the null device: it reads as empty. */
static bool hide(const char *path, size_t *count, struct failure *failure)
{
	struct stat status;

	if (stat(path, &status))
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ||
		       fail(failure, "stat", path, "a path cannot be masked");
	bool hidden = S_ISDIR(status.st_mode)
			      ? mount("tmpfs", path, "tmpfs", MS_RDONLY, "mode=555,size=4k") == 0
			      : mount("/dev/null", path, NULL, MS_BIND, NULL) == 0;
	*count += 1;
	return hidden || fail(failure, "mount", path, "a path cannot be masked");
}

/* mount(2): bound onto itself it is a mount of its own, and that can be read-only. */
static bool protect(const char *path, size_t *count, struct failure *failure)
{
	unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MOUNT_GUARDED;

	if (access(path, F_OK))
		return true;
	*count += 1;
	if (mount(path, path, NULL, MS_BIND | MS_REC, NULL) || mount(NULL, path, NULL, flags, NULL))
		return fail(failure, "mount", path, "a path cannot be made read-only");
	return true;
}

bool paths_mask(struct container *container, struct failure *failure)
{
	size_t hidden = 0, protected = 0;

	for (size_t i = 0; i < container->mask_count; i++)
		if (!hide(container->masks[i], &hidden, failure))
			return false;
	for (size_t i = 0; container->default_masks && i < sizeof masked / sizeof *masked; i++)
		if (!hide(masked[i], &hidden, failure))
			return false;
	for (size_t i = 0; container->default_masks && i < sizeof read_only / sizeof *read_only; i++)
		if (!protect(read_only[i], &protected, failure))
			return false;
	return did(container, "mount", "%zu paths hidden, %zu read-only", hidden, protected);
}
