#include "ready.h"

#include "emit.h"
#include "files.h"
#include "kernel-module.h"
#include "process.h"
#include "text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_lacking(const struct lab *lab, const char *word)
{
	for (size_t i = 0; i < lab->cgroups.lack_count; i++)
		if (!strcmp(lab->cgroups.lacks[i].what, word))
			return true;
	return false;
}

/* loop(4) makes block devices of files. /proc/devices names the drivers that are there; one that is not
 * there yet the kernel loads when its control device is opened. */
static bool has_loop(void)
{
	struct text devices = { 0 };
	bool found = text_read(&devices, AT_FDCWD, "/proc/devices", 64 << 10) && strstr(devices.data, " loop\n");

	text_free(&devices);
	return found || kernel_module_comes_with("loop-control");
}

/* /run/tsi/bin comes last in PATH, so that no command takes longer to find: what the host calls by our
 * name comes first, and must not do so in silence. */
static void look_for_namesakes(struct cgroups *lacks)
{
	static const char *const places[] = {
		"/usr/local/sbin/container", "/usr/local/bin/container", "/usr/sbin/container", "/usr/bin/container",
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (access(places[i], X_OK) == 0)
			cgroups_lack(lacks, "container", "by its name alone: %s of this host comes first, type "
				     "/run/tsi/bin/container", places[i]);
}

/* What the lab lacks because of its mode; what its parts lack they have said themselves. */
void abilities_compare(struct lab *lab)
{
	struct cgroups *lacks = &lab->cgroups;

	look_for_namesakes(lacks);
	if (!lab->overlay_xattrs)
		cgroups_lack(lacks, "overlay.xattr", "the lab's tmpfs keeps no %s attributes%s",
			     lab->rootless ? "user.*" : "trusted.*", lab->rootless ? " (Linux 6.6)" : "");
	if (lab->rootless) {
		cgroups_lack(lacks, "root", "the lab's root is user %u of this host", (unsigned)geteuid());
		cgroups_lack(lacks, "mknod", "devices are made by the host's root only (mknod(2))");
		cgroups_lack(lacks, "loop", "loop devices belong to the host's root");
		if (!lab->overlays)
			cgroups_lack(lacks, "overlay", "this kernel mounts no overlay in a user namespace");
		if (lab->ids.uids == 1 || lab->ids.gids == 1)
			cgroups_lack(lacks, "ids.range", "the lab has one user, its root: %s", lab->ids.why_no_range);
	} else if (!has_loop()) {
		cgroups_lack(lacks, "loop", "this kernel has no loop devices now (modprobe loop)");
	}
}

static void put_unless_lacking(const struct lab *lab, const char *word)
{
	if (!is_lacking(lab, word))
		line_text(NULL, word);
}

static void put_controllers(const char *controllers)
{
	char *copy = print_text("%s", controllers), *rest = copy, *word;

	while ((word = strsep(&rest, " ,"))) {
		char *ability = print_text("cgroup.%s", word);

		if (*word)
			line_text(NULL, ability);
		free(ability);
	}
	free(copy);
}

/* The list of README.md, "What a lab can do". */
void put_abilities(const struct lab *lab)
{
	static const char *const words[] = {
		"root", "ids.range", "mknod", "loop", "overlay", "overlay.xattr", "processes.all",
		"processes.argv", "mounts.all", "cgroup.writers", "limit.pids", "limit.memory",
	};
	bool freezes = false, any = false;

	line_open("can", '[');
	for (size_t i = 0; i < lab->cgroups.count; i++) {
		const struct hierarchy *hierarchy = &lab->cgroups.list[i];
		char controllers[512];

		if (!hierarchy->made)
			continue;
		any = true;
		freezes = freezes || hierarchy->version == 2 || has_word(hierarchy->name, "freezer");
		put_controllers(hierarchy_controllers(hierarchy, controllers, sizeof controllers));
	}
	if (any)
		line_text(NULL, "cgroup");
	if (freezes)
		line_text(NULL, "cgroup.freeze");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		put_unless_lacking(lab, words[i]);
	line_text(NULL, "netns");
	line_close(']');
}
