#include "tree.h"

#include "init.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

#define VALUE_LIMIT 1024

/* A directory whose names are still to be read, by its path below the top. */
struct waiting {
	char *path;
	struct waiting *next;
};

struct walk {
	int top;
	struct text *text;
	size_t count;
	bool full;
	struct waiting *first, **last;
};

/* xattr(7): an overlay keeps its notes in trusted.*, which only the host's root may see, and one that
 * is mounted with userxattr in user.*. The name is looked up in the working directory, which is the
 * file's: so no link is followed, and nothing but directories is ever opened. */
static ssize_t overlay_note(const char *name, const char *note, char *value)
{
	static const char *const families[] = { "trusted", "user" };
	char attribute[64];

	for (size_t i = 0; i < 2; i++) {
		snprintf(attribute, sizeof attribute, "%s.overlay.%s", families[i], note);
		ssize_t length = lgetxattr(name, attribute, value, VALUE_LIMIT);
		if (length >= 0)
			return length;
	}
	return -1;
}

/* A whiteout is a character device 0/0 or, since Linux 6.7, an empty file with a note. A directory
 * that is opaque ("y") hides what lies below it; "x" says that there are whiteouts of the second kind
 * in it. */
static uint32_t marks_of(const char *name, const struct stat *status)
{
	char value[VALUE_LIMIT];
	uint32_t marks = 0;

	if (S_ISCHR(status->st_mode))
		return status->st_rdev == makedev(0, 0) ? TREE_WHITEOUT : 0;
	if (S_ISDIR(status->st_mode))
		return overlay_note(name, "opaque", value) == 1 && value[0] == 'y' ? TREE_OPAQUE : 0;
	if (!S_ISREG(status->st_mode))
		return 0;
	if (status->st_size == 0 && overlay_note(name, "whiteout", value) >= 0)
		marks |= TREE_WHITEOUT;
	if (overlay_note(name, "metacopy", value) >= 0)
		marks |= TREE_METACOPY;
	return marks;
}

static void wait_for(struct walk *walk, const char *path)
{
	struct waiting *waiting = allocate(sizeof *waiting);

	*waiting = (struct waiting){ print_text("%s", path), NULL };
	*walk->last = waiting;
	walk->last = &waiting->next;
}

/* Not told: what would no longer fit into one message to the warden. */
static void add(struct walk *walk, const char *path, const char *name, const struct stat *status)
{
	char target[VALUE_LIMIT], redirect[VALUE_LIMIT];
	ssize_t linked = S_ISLNK(status->st_mode) ? readlinkat(AT_FDCWD, name, target, sizeof target) : 0;
	ssize_t redirected = S_ISLNK(status->st_mode) ? 0 : overlay_note(name, "redirect", redirect);
	struct tree_entry entry = {
		.inode = status->st_ino, .links = status->st_nlink,
		.size = (uint64_t)status->st_size, .blocks = (uint64_t)status->st_blocks,
		.mode = status->st_mode, .major = major(status->st_rdev), .minor = minor(status->st_rdev),
		.marks = marks_of(name, status), .path = (uint32_t)strlen(path),
		.target = linked > 0 ? (uint32_t)linked : 0,
		.redirect = redirected > 0 ? (uint32_t)redirected : 0,
	};
	size_t size = sizeof entry + entry.path + entry.target + entry.redirect;

	walk->full = walk->count == TREE_ENTRY_LIMIT || walk->text->length + size > MESSAGE_DATA_LIMIT;
	if (walk->full)
		return;
	walk->count++;
	text_append(walk->text, &entry, sizeof entry);
	text_append(walk->text, path, entry.path);
	text_append(walk->text, target, entry.target);
	text_append(walk->text, redirect, entry.redirect);
	if (S_ISDIR(status->st_mode))
		wait_for(walk, path);
}

/* openat2(2): a directory below the top, on the same mount (an overlay sees nothing of what is
 * mounted in its layers), not by way of a link. "" is the top itself. */
static int open_below(const struct walk *walk, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, walk->top, *path ? path : ".", &how, sizeof how);
}

static bool read_names(struct walk *walk, const char *path)
{
	int fd = open_below(walk, path);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *next;
	struct stat status;

	if (!directory || fchdir(fd)) {
		if (directory)
			closedir(directory);
		else if (fd >= 0)
			close(fd);
		return false;
	}
	while (!walk->full && (next = readdir(directory))) {
		const char *name = next->d_name;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
			continue; /* gone meanwhile */
		char *whole = print_text("%s%s%s", path, *path ? "/" : "", name);
		add(walk, whole, name, &status);
		free(whole);
	}
	closedir(directory);
	return true;
}

/* Level by level, so that of a large tree at least the top is told. */
/* False when not even the top can be read, and errno. */
static bool read_tree(struct walk *walk)
{
	if (!read_names(walk, ""))
		return false;
	while (walk->first) {
		struct waiting *waiting = walk->first;

		if (!walk->full)
			read_names(walk, waiting->path);
		walk->first = waiting->next;
		free(waiting->path);
		free(waiting);
	}
	return true;
}

int tree_in_lab(const char *path, struct text *text, bool *more, struct failure *failure)
{
	struct walk walk = { .text = text };

	walk.last = &walk.first;
	walk.top = open_in_lab(path, O_DIRECTORY);
	if (walk.top < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (walk.top < 0)
		return fail(failure, "openat2", path, "the directory cannot be opened"), -1;
	bool read = read_tree(&walk) || fail(failure, "openat2", path, "the directory cannot be read");
	close(walk.top);
	*more = walk.full;
	if (chdir("/"))
		return fail(failure, "chdir", "/", "PID 1 cannot go back to the lab's root"), -1;
	return read ? 1 : -1;
}
