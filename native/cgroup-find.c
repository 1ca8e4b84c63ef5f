#include "cgroup.h"

#include "files.h"
#include "text.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fields of a mountinfo line that matter here (proc_pid_mountinfo(5)). */
struct mount_line {
	char *root, *target, *type, *super_options;
};

static bool split_mount_line(char *line, struct mount_line *mount)
{
	char *fields[6], *rest = line;

	for (int i = 0; i < 6; i++)
		if (!(fields[i] = strsep(&rest, " ")))
			return false;
	/* Optional fields ("shared:1") end with a single hyphen. */
	for (char *field; (field = strsep(&rest, " ")) && strcmp(field, "-");)
		;
	mount->root = fields[3];
	mount->target = fields[4];
	mount->type = strsep(&rest, " ");
	strsep(&rest, " ");
	mount->super_options = rest;
	if (!mount->type || !rest)
		return false;
	unescape_octal(mount->root);
	unescape_octal(mount->target);
	return true;
}

/* Does this mount show the hierarchy of that name? v1 names its controllers in the options. */
static bool shows(const struct mount_line *mount, const char *name)
{
	if (!*name)
		return !strcmp(mount->type, "cgroup2");
	if (strcmp(mount->type, "cgroup"))
		return false;
	char *words = print_text("%s", name), *rest = words, *word;
	bool all = true;
	while ((word = strsep(&rest, ",")))
		all = all && has_word(mount->super_options, word);
	free(words);
	return all;
}

/* /proc/self/cgroup gives a path from the hierarchy's root; the mount may show only a part of the
 * tree (its own root, field 4). NULL when our cgroup lies outside of what is mounted. */
static char *below_mount(const struct mount_line *mount, const char *path)
{
	size_t length = strcmp(mount->root, "/") ? strlen(mount->root) : 0;

	if (strncmp(path, mount->root, length) || (path[length] && path[length] != '/'))
		return NULL;
	if (strstr(path, "/.."))
		return NULL;
	path += length;
	return print_text("%s%s", mount->target, strcmp(path, "/") ? path : "");
}

static bool place(struct hierarchy *hierarchy, const char *mounts, const char *path)
{
	char *copy = print_text("%s", mounts), *rest = copy, *line;
	struct mount_line mount;

	while (!hierarchy->parent && (line = strsep(&rest, "\n"))) {
		if (!split_mount_line(line, &mount) || !shows(&mount, hierarchy->name))
			continue;
		hierarchy->parent = below_mount(&mount, path);
		if (!hierarchy->parent)
			continue;
		hierarchy->mount_point = print_text("%s", mount.target);
		hierarchy->at_root = !strcmp(path, "/") && !strcmp(mount.root, "/");
	}
	free(copy);
	return hierarchy->parent != NULL;
}

void cgroups_lack(struct cgroups *cgroups, const char *what, const char *format, ...)
{
	char why[512];
	va_list arguments;

	if (cgroups->lack_count == sizeof cgroups->lacks / sizeof *cgroups->lacks)
		return;
	va_start(arguments, format);
	vsnprintf(why, sizeof why, format, arguments);
	va_end(arguments);
	struct lack *lack = &cgroups->lacks[cgroups->lack_count++];
	lack->what = print_text("%s", what);
	lack->why = print_text("%s", why);
}

/* "4:memory:/user.slice", for v2 "0::/user.slice" (cgroups(7), /proc/PID/cgroup). */
static bool add(struct cgroups *cgroups, char *line, const char *mounts, const char *lab,
		struct failure *failure)
{
	char *path = line;

	strsep(&path, ":");
	char *name = strsep(&path, ":");
	if (!path || !*path)
		return true;
	if (cgroups->count == HIERARCHY_LIMIT)
		return refuse(failure, 0, "this host has more than %d cgroup hierarchies", HIERARCHY_LIMIT);
	struct hierarchy *hierarchy = &cgroups->list[cgroups->count];
	*hierarchy = (struct hierarchy){ .version = *name ? 1 : 2, .name = print_text("%s", name) };
	if (place(hierarchy, mounts, path) && !strpbrk(hierarchy->parent, "\t\n")) {
		hierarchy->path = print_text("%s/%s", hierarchy->parent, lab);
		cgroups->count++;
		return true;
	}
	char *why = print_text("the hierarchy is not mounted where the helper can see its own cgroup %s", path);
	cgroup_refuse(cgroups, hierarchy, why);
	free(why);
	free(hierarchy->name);
	free(hierarchy->mount_point);
	free(hierarchy->parent);
	return true;
}

bool cgroups_find(struct cgroups *cgroups, const char *lab, struct failure *failure)
{
	struct text own = { 0 }, mounts = { 0 };
	char *line;
	bool done = true;

	if (!text_read(&own, AT_FDCWD, "/proc/self/cgroup", 1 << 20))
		done = fail(failure, "read", "/proc/self/cgroup", "the helper's own cgroups are unknown");
	else if (!text_read(&mounts, AT_FDCWD, "/proc/self/mountinfo", 16 << 20))
		done = fail(failure, "read", "/proc/self/mountinfo", "the cgroup mounts are unknown");
	char *rest = own.data;
	while (done && (line = strsep(&rest, "\n")))
		done = add(cgroups, line, mounts.data, lab, failure);
	text_free(&own);
	text_free(&mounts);
	return done;
}

void cgroups_free(struct cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		free(cgroups->list[i].name);
		free(cgroups->list[i].mount_point);
		free(cgroups->list[i].parent);
		free(cgroups->list[i].path);
	}
	for (size_t i = 0; i < cgroups->lack_count; i++) {
		free(cgroups->lacks[i].what);
		free(cgroups->lacks[i].why);
	}
	free(cgroups->leaf);
	*cgroups = (struct cgroups){ 0 };
}
