#include "snapshot.h"

#include "emit.h"
#include "text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VALUE_LIMIT 1024

/* The files a learner writes or looks at; not those that are tables for each processor or that count
 * time. What is not there is left out. */
static const char *const files[] = {
	/* every group */
	"cgroup.procs", "cgroup.controllers", "cgroup.subtree_control", "cgroup.type", "cgroup.events",
	"cgroup.freeze", "cgroup.max.depth", "cgroup.max.descendants",
	/* v1 */
	"memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes",
	"memory.oom_control", "memory.swappiness", "memory.failcnt", "memory.usage_in_bytes",
	"memory.max_usage_in_bytes", "cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpuset.cpus",
	"cpuset.mems", "freezer.state", "devices.list", "blkio.weight", "net_cls.classid",
	"net_prio.ifpriomap", "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device",
	"pids.max", "pids.current", "pids.events",
	/* v2 */
	"memory.min", "memory.low", "memory.high", "memory.max", "memory.swap.max", "memory.oom.group",
	"memory.events", "memory.current", "memory.peak", "cpu.max", "cpu.weight", "cpu.idle", "io.max",
	"io.weight", "cpuset.cpus.partition",
};

static size_t told, left;

static void put_file(int directory, const char *name)
{
	struct text text = { 0 };

	if (text_read(&text, directory, name, VALUE_LIMIT)) {
		size_t length = text.length;

		if (length && text.data[length - 1] == '\n')
			length--;
		line_text_of(name, text.data, length);
	}
	text_free(&text);
}

static void put_group(const struct hierarchy *hierarchy, const char *path)
{
	char *place = print_text("%s%s", hierarchy->path, strcmp(path, "/") ? path : "");
	int directory = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = directory >= 0 ? fdopendir(directory) : NULL;
	struct dirent *entry;

	free(place);
	if (!entries)
		return;
	if (told++ >= SNAPSHOT_GROUPS) {
		left++;
		closedir(entries);
		return;
	}
	line_open(NULL, '{');
	line_text("hierarchy", hierarchy->name);
	line_text("path", path);
	line_open("files", '{');
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		put_file(directory, files[i]);
	line_close('}');
	line_close('}');
	while ((entry = readdir(entries))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		char *below = print_text("%s/%s", strcmp(path, "/") ? path : "", entry->d_name);
		put_group(hierarchy, below);
		free(below);
	}
	closedir(entries);
}

size_t snapshot_cgroups(const struct lab *lab)
{
	told = left = 0;
	line_open("cgroups", '[');
	for (size_t i = 0; i < lab->cgroups.count; i++)
		if (lab->cgroups.list[i].made)
			put_group(&lab->cgroups.list[i], "/");
	line_close(']');
	return left;
}
