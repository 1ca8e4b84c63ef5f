#include "container.h"

#include "files.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool write_map(pid_t pid, const char *file, const struct map_line *maps, size_t count,
		      struct failure *failure)
{
	char *path = print_text("/proc/%d/%s", (int)pid, file);
	struct text lines = { 0 };

	text_append(&lines, "", 0);
	for (size_t i = 0; i < count; i++) {
		char *line = print_text("%u %u %u\n", maps[i].inside, maps[i].outside, maps[i].count);

		for (const char *c = line; *c; c++)
			text_append(&lines, c, 1);
		free(line);
	}
	/* All lines in one write(2), and only once: the kernel takes no second one. */
	bool wrote = write_file(AT_FDCWD, path, lines.data) ||
		     fail(failure, "write", path, "the map cannot be set");
	text_free(&lines);
	free(path);
	return wrote;
}

/* user_namespaces(7): the map is written from outside, by the keeper, whose ids it hands out: with
 * CAP_SETUID any; without, one line for its own id. For a group map without CAP_SETGID the
 * namespace must first give up setgroups(2), with which one could drop a group that is refused
 * something. */
bool id_maps_write(const struct container *container, struct failure *failure)
{
	struct failure refused;

	if (!write_map(container->pid, "uid_map", container->uids, container->uid_count, failure))
		return false;
	if (write_map(container->pid, "gid_map", container->gids, container->gid_count, &refused))
		return true;
	char *path = print_text("/proc/%d/setgroups", (int)container->pid);
	bool gave_up = write_file(AT_FDCWD, path, "deny");
	free(path);
	if (gave_up)
		return write_map(container->pid, "gid_map", container->gids, container->gid_count, failure);
	*failure = refused;
	return false;
}

/* Our user id was what the map now calls something else, or nothing (65534). Root in here is 0: we
 * take that id, where the map has it. execve(2) would else find an ordinary user and drop all
 * capabilities that clone3(2) gave us in the new namespace. */
static bool become_root(const struct container *container, struct failure *failure)
{
	bool root = false;

	for (size_t i = 0; i < container->uid_count; i++)
		root = root || container->uids[i].inside == 0;
	if (!root)
		return true;
	if (setgroups(0, NULL) && errno != EPERM)
		return fail(failure, "setgroups", NULL, "the supplementary groups cannot be dropped");
	if (setresgid(0, 0, 0) && errno != EINVAL) /* EINVAL: no group 0 in the map */
		return fail(failure, "setresgid", NULL, "the container's process cannot become group 0");
	if (setresuid(0, 0, 0))
		return fail(failure, "setresuid", NULL, "the container's process cannot become user 0");
	/* PR_SET_DUMPABLE(2const): after a change of ids /proc/PID belongs to the first namespace's root,
	 * until execve(2). There is nothing secret in us, and a stopped container is there to be seen. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return true;
}

bool id_maps_use(struct container *container, struct failure *failure)
{
	const struct map_line *first = &container->uids[0];

	if (!keeper_please(container, STAGE_ID_MAPS, failure) || !become_root(container, failure))
		return false;
	return did(container, "write", "uid_map: %u in here is %u out there, %u id%s", first->inside,
		   first->outside, first->count, first->count == 1 ? "" : "s");
}
