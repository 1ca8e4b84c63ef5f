#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMESPACES_LIMIT 4096
#define HANDLE_BYTES 64

/* name_to_handle_at(2): a name for the namespace that stays its own for good (nsfs puts a number
 * into it that is never given again, Linux 6.18), while inode numbers are given again at once. */
struct named {
	struct file_handle header;
	unsigned char bytes[HANDLE_BYTES];
};

static struct namespace {
	char type[24];
	ino_t inode;
	bool named;
	struct named handle;
} list[NAMESPACES_LIMIT];
static size_t count;

static const char *const types[] = { "pid", "mnt", "net", "uts", "ipc", "cgroup", "user", "time" };

void namespaces_forget(void)
{
	count = 0;
}

size_t namespaces_count(void)
{
	return count;
}

static bool name_it(const char *path, struct named *handle)
{
	int mount;

	memset(handle, 0, sizeof *handle);
	handle->header.handle_bytes = HANDLE_BYTES;
	return name_to_handle_at(AT_FDCWD, path, &handle->header, &mount, AT_SYMLINK_FOLLOW) == 0;
}

static bool same(const struct namespace *known, const struct namespace *other)
{
	if (known->named != other->named || known->inode != other->inode)
		return false;
	return !known->named || !memcmp(&known->handle, &other->handle, sizeof known->handle);
}

static bool look(const char *path, const char *type, struct namespace *seen)
{
	struct stat status;

	memset(seen, 0, sizeof *seen);
	if (stat(path, &status))
		return false;
	snprintf(seen->type, sizeof seen->type, "%s", type);
	seen->inode = status.st_ino;
	seen->named = name_it(path, &seen->handle);
	return true;
}

static bool is_the_hosts(const char *type, ino_t inode)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof path, "/proc/self/ns/%s", type);
	return stat(path, &status) == 0 && status.st_ino == inode;
}

static void remember(const char *path, const char *type)
{
	struct namespace seen;

	if (count == NAMESPACES_LIMIT || !look(path, type, &seen) || is_the_hosts(type, seen.inode))
		return;
	for (size_t i = 0; i < count; i++)
		if (same(&list[i], &seen))
			return;
	list[count++] = seen;
}

void namespaces_of(pid_t pid)
{
	char path[64];

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, types[i]);
		remember(path, types[i]);
	}
}

/* `ip netns add` and dockerd keep a network namespace without a process: by a bind mount, which only
 * the lab's own mount namespace shows. */
void namespaces_kept_in(pid_t pid, const char *directory)
{
	char path[512];
	struct dirent *entry;

	snprintf(path, sizeof path, "/proc/%d/root%s", (int)pid, directory);
	DIR *opened = opendir(path);
	while (opened && (entry = readdir(opened))) {
		struct stat status;

		snprintf(path, sizeof path, "/proc/%d/root%s/%.200s", (int)pid, directory, entry->d_name);
		/* What is not mounted over yet is an ordinary file; those of nsfs are 0444. */
		if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0777) == 0444)
			remember(path, "net");
	}
	if (opened)
		closedir(opened);
}

bool namespaces_have_handles(void)
{
	struct named handle;
	int own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	int again = name_it("/proc/self/ns/pid", &handle) ?
		    open_by_handle_at(own, &handle.header, O_RDONLY | O_CLOEXEC) : -1;

	close(own);
	if (again >= 0)
		close(again);
	return again >= 0;
}

bool namespaces_include(pid_t pid)
{
	struct namespace seen;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/ns/pid", (int)pid);
	if (!look(path, "pid", &seen))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].type, "pid") && same(&list[i], &seen))
			return true;
	return false;
}

/* ESTALE: the kernel has freed it. Whatever else keeps us from opening it counts as alive. */
static bool alive(struct namespace *namespace, int nsfs)
{
	int fd = open_by_handle_at(nsfs, &namespace->handle.header, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != ESTALE;
}

void namespaces_print_alive(void)
{
	static int usable = -1;
	int nsfs = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	const char *separator = "";

	if (usable < 0)
		usable = namespaces_have_handles();
	for (size_t i = 0; usable && i < count; i++) {
		if (!list[i].named || !alive(&list[i], nsfs))
			continue;
		printf("%s\"%s:[%lu]\"", separator, list[i].type, (unsigned long)list[i].inode);
		separator = ",";
	}
	close(nsfs);
}
