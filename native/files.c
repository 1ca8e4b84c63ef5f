#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

bool write_file(int directory, const char *path, const char *value)
{
	int fd = openat(directory, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	size_t length = strlen(value);
	ssize_t wrote = write(fd, value, length);
	int error = errno;
	close(fd);
	errno = error;
	return wrote == (ssize_t)length;
}

bool read_line(int directory, const char *path, char *value, size_t size)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);

	value[0] = 0;
	if (fd < 0)
		return false;
	ssize_t got = read(fd, value, size - 1);
	int error = errno;
	close(fd);
	errno = error;
	value[got > 0 ? got : 0] = 0;
	value[strcspn(value, "\n")] = 0;
	return got >= 0;
}

void unescape_octal(char *text)
{
	char *to = text;

	for (char *from = text; *from; to++) {
		if (*from == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = 0;
}

ino_t namespace_inode(pid_t pid, const char *type)
{
	char path[64], link[64];
	unsigned long inode = 0;

	/* The link's text is "net:[4026531840]": reading it does not pin the namespace. */
	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, type);
	ssize_t length = readlink(path, link, sizeof link - 1);
	if (length < 0)
		return 0;
	link[length] = 0;
	char *bracket = strchr(link, '[');
	if (!bracket || sscanf(bracket, "[%lu]", &inode) != 1)
		return 0;
	return (ino_t)inode;
}

bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; *at;) {
		size_t span = strcspn(at, " ,\n");

		if (span == length && !memcmp(at, word, length))
			return true;
		at += span;
		at += strspn(at, " ,\n");
	}
	return false;
}

static int ascending(const void *left, const void *right)
{
	return *(const int *)left - *(const int *)right;
}

static void close_between(unsigned first, unsigned last)
{
	struct rlimit limit;

	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	/* Before Linux 5.9: one by one. */
	getrlimit(RLIMIT_NOFILE, &limit);
	for (unsigned fd = first; fd <= last && fd < limit.rlim_cur; fd++)
		close((int)fd);
}

void close_all_but(int *keep, size_t count)
{
	unsigned from = 3;

	qsort(keep, count, sizeof *keep, ascending);
	for (size_t i = 0; i < count; i++) {
		if (keep[i] < 3)
			continue;
		close_between(from, (unsigned)keep[i] - 1);
		from = (unsigned)keep[i] + 1;
	}
	close_between(from, ~0u);
}
