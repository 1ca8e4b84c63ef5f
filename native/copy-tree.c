#include "rootfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT (1 << 20)

static void copy_file(int from, int to, const char *name)
{
	static char data[64 << 10];
	struct stat status;
	int source = openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t got = 0;

	if (source < 0)
		return;
	int target = fstat(source, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= FILE_LIMIT
			     ? openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0777)
			     : -1;
	while (target >= 0 && (got = read(source, data, sizeof data)) > 0)
		if (write(target, data, (size_t)got) != got)
			break;
	if (target >= 0)
		close(target);
	close(source);
}

static void copy_link(int from, int to, const char *name)
{
	char target[4096];
	ssize_t length = readlinkat(from, name, target, sizeof target - 1);

	if (length <= 0)
		return;
	target[length] = 0;
	if (symlinkat(target, to, name))
		return; /* there already: ours goes before the host's */
}

static void copy_into(int from, int to, int depth);

static void copy_folder(int from, int to, const char *name, int depth)
{
	int source = openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (source < 0)
		return;
	mkdirat(to, name, 0755);
	int target = openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (target >= 0) {
		copy_into(source, target, depth);
		close(target);
	}
	close(source);
}

static void copy_into(int from, int to, int depth)
{
	int fd = dup(from);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!directory && fd >= 0)
		close(fd);
	while (directory && (entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (entry->d_type == DT_REG)
			copy_file(from, to, entry->d_name);
		else if (entry->d_type == DT_LNK)
			copy_link(from, to, entry->d_name);
		else if (entry->d_type == DT_DIR && depth > 1)
			copy_folder(from, to, entry->d_name, depth - 1);
	}
	if (directory)
		closedir(directory);
}

/* What cannot be read is left out: it is the host's root's, and not for the lab. */
void copy_tree(const char *from, const char *to, int depth)
{
	int source = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (source < 0)
		return;
	mkdir(to, 0755);
	int target = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (target >= 0) {
		copy_into(source, target, depth);
		close(target);
	}
	close(source);
}
