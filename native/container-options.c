#include "container.h"

#include "files.h"
#include "text.h"

#include <ctype.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static bool read_offset(struct container *container, const char *value)
{
	int end = 0;

	container->has_offset = true;
	if (sscanf(value, "%18lld%n", &container->time_offset, &end) != 1 || value[end])
		return complain("--time-offset wants seconds, not %s", value);
	return true;
}

static bool read_name(struct container *container, const char *value)
{
	size_t length = strlen(value);

	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)value[i]) && (i == 0 || !strchr("_.-", value[i])))
			length = 0;
	if (!length || length > NAME_LIMIT)
		return complain("a name is 1 to 64 letters, digits, - _ and ., and begins with one of the first two: %s",
				value);
	memcpy(container->name, value, length + 1);
	return true;
}

static bool read_namespaces(struct container *container, const char *value)
{
	return lists_namespaces(&container->namespaces, value);
}

static bool read_cgroup(struct container *container, const char *value)
{
	container->cgroup = value;
	return (value[0] == '/' && value[1] && !strstr(value, "/.") && value[strlen(value) - 1] != '/') ||
	       complain("--cgroup wants a path that begins at the root of the hierarchies, not %s", value);
}

static bool read_without(struct container *container, const char *value)
{
	if (!lists_stages(&container->without, value))
		return false;
	return !(container->without & STAGE_BIT(STAGE_CLONE)) ||
	       complain("without %s there is nobody to do the rest", "clone");
}

static bool read_stops(struct container *container, const char *value)
{
	return lists_stages(&container->stops, value);
}

static bool read_seccomp(struct container *container, const char *value)
{
	container->seccomp = !strcmp(value, "default");
	return container->seccomp || !strcmp(value, "none") ||
	       complain("--seccomp is default or none, not %s", value);
}

static bool read_hostname(struct container *container, const char *value)
{
	container->hostname = value;
	return strlen(value) <= 64 || complain("a host name has at most 64 letters: %s", value);
}

static bool read_rootfs(struct container *container, const char *value)
{
	container->rootfs = value;
	return true;
}

static bool read_lower(struct container *container, const char *value)
{
	container->lower = value;
	return true;
}

static bool read_upper(struct container *container, const char *value)
{
	container->upper = value;
	return true;
}

static bool read_work(struct container *container, const char *value)
{
	container->work = value;
	return true;
}

static bool set_no_new_privs(struct container *container, const char *value)
{
	(void)value;
	return container->no_new_privs = true;
}

static bool set_verbose(struct container *container, const char *value)
{
	(void)value;
	return container->verbose = true;
}

static const struct {
	const char *name; /* with its "=" when it takes a value */
	bool (*read)(struct container *container, const char *value);
} options[] = {
	{ "--name=", read_name },	    { "--rootfs=", read_rootfs },
	{ "--lower=", read_lower },	    { "--upper=", read_upper },
	{ "--work=", read_work },	    { "--namespaces=", read_namespaces },
	{ "--map=", lists_map },		    { "--time-offset=", read_offset },
	{ "--hostname=", read_hostname },   { "--cgroup=", read_cgroup },
	{ "--mask=", lists_masks },	    { "--cap=", lists_capabilities },
	{ "--no-new-privs", set_no_new_privs }, { "--seccomp=", read_seccomp },
	{ "--without=", read_without },	    { "--stop-after=", read_stops },
	{ "--verbose", set_verbose },
};

static bool read_option(struct container *container, const char *argument)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		size_t length = strlen(options[i].name);
		bool valued = options[i].name[length - 1] == '=';

		if (valued ? !strncmp(argument, options[i].name, length) : !strcmp(argument, options[i].name))
			return options[i].read(container, argument + length);
	}
	return complain("there is no option %s, or it lacks its =VALUE: see `container --help`", argument);
}

/* "0 0 4294967295": the first user namespace, where all ids are. */
static bool in_user_namespace(void)
{
	char map[128];
	unsigned inside, outside, count;

	return read_line(AT_FDCWD, "/proc/self/uid_map", map, sizeof map) &&
	       sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 && count != 4294967295u;
}

static bool make_sense(struct container *container)
{
	bool overlay = container->lower || container->upper || container->work;

	if (overlay && !(container->lower && container->upper && container->work))
		return complain("an overlay needs all of %s", "--lower, --upper and --work");
	if (overlay && container->rootfs)
		return complain("a root file system is either %s", "--rootfs or an overlay (--lower, --upper, --work)");
	if ((overlay || container->rootfs) && !(container->namespaces & CLONE_NEWNS))
		return complain("without a mount namespace a new root would be everybody's: %s", "add mnt to --namespaces");
	if (container->has_offset && !(container->namespaces & CLONE_NEWTIME))
		return complain("--time-offset needs %s among the --namespaces", "time");
	if (!container->uid_count)
		lists_add_map(container->uids, &container->uid_count, (struct map_line){ 0, geteuid(), 1 });
	if (!container->gid_count)
		lists_add_map(container->gids, &container->gid_count, (struct map_line){ 0, getegid(), 1 });
	if (!container->hostname)
		container->hostname = container->name;
	container->user_namespace = container->namespaces & CLONE_NEWUSER || in_user_namespace();
	return true;
}

/* What Docker does by default: no user and no time namespace, fourteen capabilities, a seccomp filter,
 * and no no_new_privs. */
bool options_read(struct container *container, int argc, char **argv)
{
	int i = 0;

	container->namespaces = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC |
				CLONE_NEWCGROUP;
	container->capabilities = capabilities_default();
	container->seccomp = container->default_masks = true;
	snprintf(container->name, sizeof container->name, "c%d", (int)getpid());
	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!argv[i][2]) {
			i++;
			break;
		}
		if (!read_option(container, argv[i]))
			return false;
	}
	if (i == argc)
		return complain("%s: container run [OPTION]... -- COMMAND [ARGUMENT]...", "there is no command to run");
	container->argv = argv + i;
	return make_sense(container);
}
