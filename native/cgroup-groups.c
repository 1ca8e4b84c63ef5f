#include "cgroup-watch.h"

#include "emit.h"
#include "process.h"
#include "text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>

struct group *groups;

void group_line(const char *kind, const struct group *group, uint64_t t)
{
	line_begin_at(kind, t);
	line_text("hierarchy", group->hierarchy->name);
	line_text("path", group->path);
}

/* kernfs (the file system under cgroups) makes handles of 8 bytes: the node's number. */
static bool name_directory(const char *directory, uint64_t *file_system, uint64_t *id)
{
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} place = { .handle.handle_bytes = MAX_HANDLE_SZ };
	struct statfs status;
	int mount;

	if (name_to_handle_at(AT_FDCWD, directory, &place.handle, &mount, 0) ||
	    place.handle.handle_bytes != sizeof *id || statfs(directory, &status))
		return false;
	memcpy(id, place.handle.f_handle, sizeof *id);
	memcpy(file_system, &status.f_fsid, sizeof *file_system);
	return true;
}

struct group *group_find(uint64_t file_system, uint64_t id)
{
	for (struct group *group = groups; group; group = group->next)
		if (group->id == id && group->file_system == file_system)
			return group;
	return NULL;
}

struct group *group_add(const struct hierarchy *hierarchy, const char *path)
{
	struct group *group = allocate(sizeof *group);

	*group = (struct group){ .hierarchy = hierarchy, .path = print_text("%s", path),
				 .directory = print_text("%s%s", hierarchy->path, strcmp(path, "/") ? path : "") };
	if (name_directory(group->directory, &group->file_system, &group->id) &&
	    group_find(group->file_system, group->id)) {
		free(group->path);
		free(group->directory);
		free(group);
		return NULL;
	}
	group->next = groups;
	groups = group;
	group_state_open(group);
	return group;
}

void group_forget(struct group *gone)
{
	struct group **place = &groups;

	while (*place != gone)
		place = &(*place)->next;
	*place = gone->next;
	group_state_close(gone);
	free(gone->path);
	free(gone->directory);
	free(gone);
}

/* A group and those below it: the helper makes some before it looks. */
void group_add_tree(const struct hierarchy *hierarchy, const char *path)
{
	struct group *group = group_add(hierarchy, path);
	DIR *directory = group ? opendir(group->directory) : NULL;
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		char *below = print_text("%s/%s", strcmp(path, "/") ? path : "", entry->d_name);
		group_add_tree(hierarchy, below);
		free(below);
	}
	closedir(directory);
}

struct group *group_child(const struct group *parent, const char *name)
{
	char *path = print_text("%s/%s", strcmp(parent->path, "/") ? parent->path : "", name);
	struct group *group = groups;

	while (group && (group->hierarchy != parent->hierarchy || strcmp(group->path, path)))
		group = group->next;
	free(path);
	return group;
}
