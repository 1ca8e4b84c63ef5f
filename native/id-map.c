#include "id-map.h"

#include "files.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOST_USER_NAMESPACE 0xeffffffdu /* the initial one's inode, always (PROC_USER_INIT_INO) */

/* One of the two kinds of ids, which the kernel and the files below treat alike. */
static const struct kind {
	const char *map, *ranges, *program;
	bool groups;
} uid_kind = { "uid_map", "/etc/subuid", "newuidmap", false },
  gid_kind = { "gid_map", "/etc/subgid", "newgidmap", true };

struct range {
	unsigned first, count;
};

bool become_caller(struct failure *failure)
{
	const char *uid_text = getenv("SUDO_UID"), *gid_text = getenv("SUDO_GID");
	long uid = uid_text ? atol(uid_text) : 0, gid = gid_text ? atol(gid_text) : 0;

	/* Root of a user namespace is an ordinary user on the host. */
	if (geteuid() != 0 || namespace_inode(getpid(), "user") != HOST_USER_NAMESPACE)
		return true;
	if (uid <= 0 || gid <= 0)
		return refuse(failure, EPERM, "a rootless lab belongs to an ordinary user, and this helper is "
			      "root without one behind it (SUDO_UID): start it as a user, or ask for a root lab");
	/* credentials(7): groups first; without root neither may be changed any more. */
	if (setgroups(0, NULL) || setresgid((gid_t)gid, (gid_t)gid, (gid_t)gid) ||
	    setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid))
		return fail(failure, "setresuid", NULL, "the helper cannot become the user %ld", uid);
	/* PR_SET_DUMPABLE(2const): a process that changed its user has a /proc/PID that is root's, and
	 * its children's id maps could not be written. There is nothing of root's in us to dump. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return true;
}

/* "name:100000:65536" or "1000:100000:65536" (subuid(5)). */
static bool find_range(const struct kind *kind, struct range *range)
{
	const struct passwd *account = getpwuid(geteuid());
	struct text text = { 0 };
	char number[16], *line;
	bool found = false;

	snprintf(number, sizeof number, "%u", (unsigned)geteuid());
	text_read(&text, AT_FDCWD, kind->ranges, 4 << 20);
	char *rest = text.data;
	while (!found && (line = strsep(&rest, "\n"))) {
		char *owner = strsep(&line, ":");

		if (!line || (strcmp(owner, number) && (!account || strcmp(owner, account->pw_name))))
			continue;
		found = sscanf(line, "%u:%u", &range->first, &range->count) == 2 && range->count > 0;
	}
	text_free(&text);
	return found;
}

/* newuidmap(1) has what we have not: CAP_SETUID on the host, by which it may map ids that are not
 * its caller's, after it has looked them up in /etc/subuid. */
static bool run_program(const struct kind *kind, pid_t target, unsigned own, const struct range *range)
{
	static const char *const folders[] = { "/usr/bin", "/bin", "/usr/local/bin" };
	char numbers[7][16];
	unsigned values[7] = { (unsigned)target, 0, own, 1, 1, range->first, range->count };
	char *argv[9] = { (char *)kind->program };
	int status = -1;

	for (size_t i = 0; i < 7; i++) {
		snprintf(numbers[i], sizeof numbers[i], "%u", values[i]);
		argv[i + 1] = numbers[i];
	}
	pid_t child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		char path[64];

		for (int fd = 0; fd < 3; fd++)
			dup2(null, fd);
		for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
			snprintf(path, sizeof path, "%s/%s", folders[i], kind->program);
			execv(path, argv);
		}
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool write_map(pid_t pid, const char *file, const char *text)
{
	char *path = print_text("/proc/%d/%s", (int)pid, file);
	bool wrote = write_file(AT_FDCWD, path, text);
	int error = errno;

	free(path);
	errno = error;
	return wrote;
}

unsigned id_count(const char *path)
{
	struct text text = { 0 };
	unsigned next = 0, first, count;

	text_read(&text, AT_FDCWD, path, 1 << 16);
	for (const char *line = text.data; line && sscanf(line, "%u %*u %u", &first, &count) == 2;) {
		if (first != next)
			break;
		next += count;
		line = strchr(line, '\n');
	}
	text_free(&text);
	return next;
}

/* A helper that is root of a user namespace (a lab in a lab) hands on all the ids it has there. */
static unsigned own_ids(const struct kind *kind)
{
	char *path = print_text("/proc/self/%s", kind->map);
	unsigned count = id_count(path);

	free(path);
	return count;
}

/* True with `count` ids mapped; false and errno when not even one could be. */
static bool map_kind(const struct kind *kind, pid_t pid, unsigned own, unsigned *count, char *why)
{
	struct range range;
	char line[64];

	*count = geteuid() == 0 ? own_ids(kind) : 1;
	if (*count == 1 && !find_range(kind, &range)) {
		snprintf(why, ID_REASON_SIZE, "%s has no range for the user %u", kind->ranges, (unsigned)geteuid());
	} else if (*count == 1) {
		if (run_program(kind, pid, own, &range)) {
			*count = range.count == ~0u ? range.count : range.count + 1;
			return true;
		}
		snprintf(why, ID_REASON_SIZE, "%s is not there or refuses the range of %s", kind->program, kind->ranges);
	}
	/* Who could leave a group by setgroups(2) would get around a file that denies it something: so
	 * without a range the kernel wants that call to be given up first. */
	if (kind->groups && *count == 1)
		write_map(pid, "setgroups", "deny");
	snprintf(line, sizeof line, "0 %u %u", *count == 1 ? own : 0, *count);
	return write_map(pid, kind->map, line);
}

bool id_map_write(struct id_map *map, pid_t pid, struct failure *failure)
{
	return (map_kind(&gid_kind, pid, getegid(), &map->gids, map->why_no_range) &&
		map_kind(&uid_kind, pid, geteuid(), &map->uids, map->why_no_range)) ||
	       fail(failure, "write", "/proc/PID/uid_map", "the lab's users cannot be mapped");
}
