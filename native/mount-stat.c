#include "mount-table.h"

#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/mount.h and linux/nsfs.h of Linux 6.11, which older headers lack. */
#ifndef SYS_statmount
#define SYS_statmount 457
#define SYS_listmount 458
#endif

#define GET_MOUNT_NAMESPACE_ID _IOR(0xb7, 0x5, uint64_t)
#define WHOLE_NAMESPACE UINT64_MAX /* LSMT_ROOT */

enum { /* STATMOUNT_… */
	SB_BASIC = 0x1, MNT_BASIC = 0x2, PROPAGATE_FROM = 0x4, MNT_ROOT = 0x8, MNT_POINT = 0x10,
	FS_TYPE = 0x20, MNT_OPTS = 0x80, FS_SUBTYPE = 0x100, SB_SOURCE = 0x200,
};

enum { /* MOUNT_ATTR_… (mount_setattr(2)) */
	READ_ONLY = 0x1, NO_SUID = 0x2, NO_DEV = 0x4, NO_EXEC = 0x8, ATIME = 0x70, NO_ATIME = 0x10,
	STRICT_ATIME = 0x20, NO_DIR_ATIME = 0x80, ID_MAP = 0x100000, NO_SYM_FOLLOW = 0x200000,
};

struct request {
	uint32_t size, spare;
	uint64_t mount, parameter, mount_namespace;
};

struct answer {
	uint32_t size, options;
	uint64_t mask;
	uint32_t device_major, device_minor;
	uint64_t magic;
	uint32_t super_flags, fstype;
	uint64_t id, parent;
	uint32_t old_id, old_parent;
	uint64_t attributes, propagation, peer_group, master, propagate_from;
	uint32_t root, point;
	uint64_t mount_namespace;
	uint32_t subtype, source;
	uint64_t more[48];
	char texts[];
};

_Static_assert(sizeof(struct answer) == 512, "struct statmount is part of the kernel's interface");

/* ioctl_nsfs(2), NS_GET_MNTNS_ID: a number that is never used again, and holds nothing. */
bool mount_stat_namespace(int fd, uint64_t *id)
{
	return ioctl(fd, GET_MOUNT_NAMESPACE_ID, id) == 0;
}

static void append(struct text *text, const char *word)
{
	text_append(text, word, strlen(word));
}

/* The words of mountinfo's sixth field. */
static char *own_options(uint64_t attributes)
{
	static const struct {
		uint64_t flag;
		const char *word;
	} words[] = { { NO_SUID, ",nosuid" }, { NO_DEV, ",nodev" }, { NO_EXEC, ",noexec" },
		      { NO_ATIME, ",noatime" }, { NO_DIR_ATIME, ",nodiratime" } };
	struct text text = { 0 };

	append(&text, attributes & READ_ONLY ? "ro" : "rw");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (attributes & words[i].flag)
			append(&text, words[i].word);
	if (!(attributes & ATIME)) /* relatime is 0 */
		append(&text, ",relatime");
	if (attributes & NO_SYM_FOLLOW)
		append(&text, ",nosymfollow");
	if (attributes & ID_MAP)
		append(&text, ",idmapped");
	text_append(&text, "", 1);
	return text.data;
}

static char *super_options(const struct answer *answer)
{
	uint32_t flags = answer->super_flags;
	const char *more = answer->mask & MNT_OPTS ? answer->texts + answer->options : "";

	return print_text("%s%s%s%s%s%s", flags & MS_RDONLY ? "ro" : "rw",
			  flags & MS_SYNCHRONOUS ? ",sync" : "", flags & MS_DIRSYNC ? ",dirsync" : "",
			  flags & MS_LAZYTIME ? ",lazytime" : "", *more ? "," : "", more);
}

/* The words of mountinfo's optional fields. */
static char *propagation(const struct answer *answer)
{
	struct text text = { 0 };
	char word[64];

	if (answer->propagation & MS_SHARED) {
		snprintf(word, sizeof word, "shared:%llu ", (unsigned long long)answer->peer_group);
		append(&text, word);
	}
	if (answer->propagation & MS_SLAVE) {
		snprintf(word, sizeof word, "master:%llu ", (unsigned long long)answer->master);
		append(&text, word);
	}
	if (answer->mask & PROPAGATE_FROM && answer->propagate_from &&
	    answer->propagate_from != answer->master) {
		snprintf(word, sizeof word, "propagate_from:%llu ",
			 (unsigned long long)answer->propagate_from);
		append(&text, word);
	}
	if (answer->propagation & MS_UNBINDABLE)
		append(&text, "unbindable ");
	if (text.length)
		text.length--;
	text_append(&text, "", 1);
	return text.data;
}

static void take(const struct answer *answer, struct mount *mount)
{
	const char *subtype = answer->mask & FS_SUBTYPE ? answer->texts + answer->subtype : "";
	char *own = own_options(answer->attributes), *super = super_options(answer);

	*mount = (struct mount){
		.unique = answer->id,
		.id = (int)answer->old_id,
		.parent = (int)answer->old_parent,
		.target = print_text("%s", answer->mask & MNT_POINT ? answer->texts + answer->point : ""),
		.root = print_text("%s", answer->mask & MNT_ROOT ? answer->texts + answer->root : "/"),
		.fstype = print_text("%s%s%s", answer->texts + answer->fstype, *subtype ? "." : "", subtype),
		.source = print_text("%s", answer->mask & SB_SOURCE ? answer->texts + answer->source : "none"),
		.options = mount_options(own, super),
		.propagation = propagation(answer),
	};
	free(own);
	free(super);
}

/* statmount(2), Linux 6.8, of another mount namespace 6.11: one mount, by its number. No descriptor
 * is needed, so nothing is held. */
int mount_stat(uint64_t mount_namespace, uint64_t unique, struct mount *mount)
{
	static union {
		struct answer answer;
		char space[64 << 10];
	} buffer;
	struct request request = {
		.size = sizeof request,
		.mount = unique,
		.parameter = SB_BASIC | MNT_BASIC | PROPAGATE_FROM | MNT_ROOT | MNT_POINT | FS_TYPE | MNT_OPTS |
			     FS_SUBTYPE | SB_SOURCE,
		.mount_namespace = mount_namespace,
	};

	if (syscall(SYS_statmount, &request, &buffer, sizeof buffer, 0))
		return errno == ENOENT ? 0 : -1;
	if (!(buffer.answer.mask & FS_TYPE))
		return -1;
	take(&buffer.answer, mount);
	return 1;
}

/* listmount(2): the numbers of all mounts below the namespace's root, oldest first. */
bool mount_stat_list(uint64_t mount_namespace, struct mount_table *table)
{
	struct request request = {
		.size = sizeof request, .mount = WHOLE_NAMESPACE, .mount_namespace = mount_namespace,
	};
	uint64_t ids[512];
	struct mount mount;

	for (;;) {
		long got = syscall(SYS_listmount, &request, ids, sizeof ids / sizeof *ids, 0);

		if (got < 0)
			return false;
		for (long i = 0; i < got; i++)
			if (mount_stat(mount_namespace, ids[i], &mount) > 0)
				mount_table_add(table, &mount);
		if (got < (long)(sizeof ids / sizeof *ids))
			return true;
		request.parameter = ids[got - 1];
	}
}
