#include "mounts.h"

#include "emit.h"
#include "files.h"
#include "loop.h"
#include "text.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line of mountinfo; all texts lie in `line`. */
struct mount {
	int id, parent;
	char *line, *target, *own, *fstype, *source, *super;
	bool kept;
};

struct table {
	struct mount *mounts;
	size_t count, room;
};

static struct table known;
static void ready(struct watch *watch, short events);
static int mountinfo = -1;
static struct watch watch = { .fd = -1, .events = POLLPRI, .ready = ready };

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" */
static bool split(struct mount *mount, const char *from)
{
	char *rest = mount->line = print_text("%s", from), *fields[6], *field;

	for (int i = 0; i < 6; i++)
		if (!(fields[i] = strsep(&rest, " ")))
			return false;
	while ((field = strsep(&rest, " ")) && strcmp(field, "-"))
		;
	mount->id = atoi(fields[0]);
	mount->parent = atoi(fields[1]);
	mount->target = fields[4];
	mount->own = fields[5];
	mount->fstype = strsep(&rest, " ");
	mount->source = strsep(&rest, " ");
	mount->super = rest ? rest : "";
	if (!mount->fstype || !mount->source)
		return false;
	unescape_octal(mount->target);
	unescape_octal(mount->source);
	return true;
}

static void add_line(struct table *table, const char *line)
{
	struct mount mount = { 0 };

	if (!split(&mount, line)) {
		free(mount.line);
		return;
	}
	if (table->count == table->room) {
		struct mount *grown = allocate((table->room * 2 + 32) * sizeof *grown);

		if (table->count)
			memcpy(grown, table->mounts, table->count * sizeof *grown);
		free(table->mounts);
		table->mounts = grown;
		table->room = table->room * 2 + 32;
	}
	table->mounts[table->count++] = mount;
}

static void free_table(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->mounts[i].line);
	free(table->mounts);
	*table = (struct table){ 0 };
}

static void tell_add(const struct mount *mount)
{
	/* As mount(8) prints them: the mount's own options, then the file system's without rw. */
	const char *super = !strcmp(mount->super, "rw") || !strcmp(mount->super, "ro") ? "" : mount->super;
	if (!strncmp(super, "rw,", 3) || !strncmp(super, "ro,", 3))
		super += 3;
	char *options = print_text("%s%s%s", mount->own, *super ? "," : "", super);

	line_begin("mount.add");
	line_integer("mount", mount->id);
	line_integer("parent", mount->parent);
	line_text("target", mount->target);
	line_text("fstype", mount->fstype);
	line_text("source", mount->source);
	line_text("options", options);
	line_end();
	free(options);
}

static void tell_remove(const struct mount *mount)
{
	line_begin("mount.remove");
	line_integer("mount", mount->id);
	line_text("target", mount->target);
	line_end();
}

static struct mount *find(const struct table *table, int id)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->mounts[i].id == id)
			return &table->mounts[i];
	return NULL;
}

/* Ids are used again: the same id is the same mount only when it is of the same thing. A mount that
 * was moved or remounted keeps its identity and is told again. */
static bool same(const struct mount *left, const struct mount *right)
{
	return left && !strcmp(left->fstype, right->fstype) && !strcmp(left->source, right->source);
}

static bool unchanged(const struct mount *left, const struct mount *right)
{
	return same(left, right) && left->parent == right->parent &&
	       !strcmp(left->target, right->target) && !strcmp(left->own, right->own) &&
	       !strcmp(left->super, right->super);
}

static void compare(struct table *now)
{
	for (size_t i = 0; i < known.count; i++)
		known.mounts[i].kept = same(find(now, known.mounts[i].id), &known.mounts[i]);
	/* Backwards: what lies deeper goes first. */
	for (size_t i = known.count; i-- > 0;)
		if (!known.mounts[i].kept)
			tell_remove(&known.mounts[i]);
	for (size_t i = 0; i < now->count; i++)
		if (!unchanged(find(&known, now->mounts[i].id), &now->mounts[i]))
			tell_add(&now->mounts[i]);
}

static void read_all(void)
{
	struct table now = { 0 };
	struct text text = { 0 };
	char *line;

	lseek(mountinfo, 0, SEEK_SET);
	if (text_read_fd(&text, mountinfo, 64 << 20) && text.length) {
		char *rest = text.data;

		while ((line = strsep(&rest, "\n")))
			if (*line)
				add_line(&now, line);
		compare(&now);
		free_table(&known);
		known = now;
	}
	text_free(&text);
}

/* poll(2) on mountinfo: POLLPRI when the mount namespace has changed since it was last read. */
static void ready(struct watch *self, short events)
{
	(void)self;
	(void)events;
	read_all();
}

void mounts_start(pid_t init)
{
	char *path = print_text("/proc/%d/mountinfo", (int)init);

	mountinfo = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (mountinfo < 0)
		return;
	watch.fd = mountinfo;
	read_all();
	loop_add(&watch);
}

void mounts_stop(void)
{
	if (mountinfo < 0)
		return;
	loop_remove(&watch);
	close(mountinfo);
	mountinfo = -1;
	free_table(&known);
}

void mounts_pause(bool pause)
{
	watch.fd = pause ? -1 : mountinfo;
}
