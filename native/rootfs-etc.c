#include "rootfs.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the overlay keeps its changes: a tmpfs that is detached once the overlay holds it. */
#define STAGE ".etc"

static bool write_new(const char *path, mode_t mode, const char *data, size_t length,
		      struct failure *failure)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return fail(failure, "open", path, "a file of the lab's /etc cannot be made");
	bool wrote = write(fd, data, length) == (ssize_t)length;
	if (!wrote)
		fail(failure, "write", path, "a file of the lab's /etc cannot be written");
	close(fd);
	return wrote;
}

static bool write_text(const char *path, char *value, struct failure *failure)
{
	struct text text = { 0 };

	text_append(&text, "", 0);
	for (const char *c = value; *c; c++)
		text_append(&text, c, 1);
	bool wrote = write_new(path, 0644, text.data, text.length, failure);
	text_free(&text);
	free(value);
	return wrote;
}

/* Accounts are the host's, in copies that the learner may change. */
static bool copy_accounts(struct failure *failure)
{
	static const struct {
		const char *name;
		mode_t mode;
	} files[] = {
		{ "passwd", 0644 }, { "group", 0644 }, { "shadow", 0600 }, { "gshadow", 0600 },
		{ "subuid", 0644 }, { "subgid", 0644 },
	};
	bool done = true;

	for (size_t i = 0; done && i < sizeof files / sizeof *files; i++) {
		char *source = print_text("/etc/%s", files[i].name);
		char *target = print_text(STAGE "/upper/%s", files[i].name);
		struct text text = { 0 };

		if (text_read(&text, AT_FDCWD, source, 4 << 20))
			done = write_new(target, files[i].mode, text.data, text.length, failure);
		text_free(&text);
		free(source);
		free(target);
	}
	return done;
}

static bool write_own_files(const char *hostname, struct failure *failure)
{
	return write_text(STAGE "/upper/hostname", print_text("%s\n", hostname), failure) &&
	       write_text(STAGE "/upper/hosts",
			  print_text("127.0.0.1\tlocalhost\n127.0.1.1\t%s\n::1\tlocalhost\n", hostname),
			  failure) &&
	       write_text(STAGE "/upper/resolv.conf",
			  print_text("# The lab has a network of its own, and no name server.\n"), failure) &&
	       copy_accounts(failure);
}

/* An overlay (Documentation/filesystems/overlayfs.rst): the host's /etc below, never written, and
 * what the lab writes on top of it, in memory. */
bool etc_make(const char *hostname, struct failure *failure)
{
	if (!make_directory(STAGE, 0700, failure) ||
	    !mount_at("etc", STAGE, "tmpfs", 0, "mode=755,size=64m", failure) ||
	    !make_directory(STAGE "/upper", 0755, failure) ||
	    !make_directory(STAGE "/work", 0755, failure) || !write_own_files(hostname, failure))
		return false;
	if (!mount_at("overlay", "etc", "overlay", 0,
		      "lowerdir=/etc,upperdir=" STAGE "/upper,workdir=" STAGE "/work", failure))
		return false;
	if (umount2(STAGE, MNT_DETACH))
		return fail(failure, "umount2", STAGE, "the overlay's stage cannot be detached");
	rmdir(STAGE);
	return true;
}
