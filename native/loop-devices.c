#include "loop-devices.h"

#include "files.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/loop.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two directories of the host's: their descriptors work where no path leads to them any more. */
struct loop_places loop_places_open(void)
{
	return (struct loop_places){
		.block = open("/sys/block", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		.dev = open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	};
}

void loop_places_close(struct loop_places *places)
{
	if (places->block >= 0)
		close(places->block);
	if (places->dev >= 0)
		close(places->dev);
	places->block = places->dev = -1;
}

/* sysfs has the file's path as long as the device is bound; opening the device just to be told that
 * it is not would disturb whoever is about to bind it. */
static bool backing_file(const struct loop_places *places, const char *name, char path[PATH_MAX])
{
	char *file = print_text("%s/loop/backing_file", name);
	bool bound = read_line(places->block, file, path, PATH_MAX);

	free(file);
	return bound;
}

static bool leads_to(const char *path, const struct loop_info64 *info)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_dev == info->lo_device &&
	       status.st_ino == info->lo_inode;
}

/* A bound device holds its file, and with it the file system that the file is on: the lab's root
 * would stay in memory until the machine is restarted. LOOP_CLR_FD on a device that is still
 * mounted only marks it, and it detaches itself with the last mount. */
static bool detach(const struct loop_places *places, const char *name, uint64_t device, bool hidden)
{
	char path[PATH_MAX];
	struct loop_info64 info;

	if (!backing_file(places, name, path))
		return true;
	int fd = openat(places->dev, name, O_RDONLY | O_CLOEXEC);
	bool detached = true;
	if (fd >= 0 && ioctl(fd, LOOP_GET_STATUS64, &info) == 0 && info.lo_device == device &&
	    !(hidden && leads_to(path, &info)))
		detached = ioctl(fd, LOOP_CLR_FD) == 0 || errno == ENXIO;
	if (fd >= 0)
		close(fd);
	return detached;
}

bool loop_devices_detach(const struct loop_places *places, uint64_t device, bool hidden)
{
	int fd = places->block >= 0 ? openat(places->block, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool all = true;

	while (directory && (entry = readdir(directory)))
		if (!strncmp(entry->d_name, "loop", 4))
			all = detach(places, entry->d_name, device, hidden) && all;
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return all;
}
