#include "mount-table.h"

#include "emit.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

void mount_free(struct mount *mount)
{
	free(mount->target);
	free(mount->root);
	free(mount->fstype);
	free(mount->source);
	free(mount->options);
	free(mount->propagation);
	*mount = (struct mount){ 0 };
}

void mount_table_add(struct mount_table *table, const struct mount *mount)
{
	if (table->count == table->room) {
		size_t room = table->room * 2 + 32;
		struct mount *grown = allocate(room * sizeof *grown);

		if (table->count)
			memcpy(grown, table->mounts, table->count * sizeof *grown);
		free(table->mounts);
		table->mounts = grown;
		table->room = room;
	}
	table->mounts[table->count++] = *mount;
}

void mount_table_remove(struct mount_table *table, size_t index)
{
	mount_free(&table->mounts[index]);
	table->count--;
	memmove(table->mounts + index, table->mounts + index + 1,
		(table->count - index) * sizeof *table->mounts);
}

void mount_table_free(struct mount_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		mount_free(&table->mounts[i]);
	free(table->mounts);
	*table = (struct mount_table){ 0 };
}

/* mountinfo's ids are used again: there the same id is the same mount only when it is of the same
 * thing. A mount that was moved or remounted keeps its identity and is told again. */
static bool same(const struct mount *left, const struct mount *right)
{
	if (left->unique && right->unique)
		return left->unique == right->unique;
	return left->id == right->id && !strcmp(left->fstype, right->fstype) &&
	       !strcmp(left->source, right->source);
}

struct mount *mount_table_find(const struct mount_table *table, const struct mount *mount)
{
	for (size_t i = 0; i < table->count; i++)
		if (same(&table->mounts[i], mount))
			return &table->mounts[i];
	return NULL;
}

bool mount_unchanged(const struct mount *left, const struct mount *right)
{
	return left->parent == right->parent && !strcmp(left->target, right->target) &&
	       !strcmp(left->options, right->options) &&
	       !strcmp(left->propagation, right->propagation);
}

char *mount_options(const char *own, const char *super)
{
	/* mount(8): the mount's own options, then the file system's without its rw. */
	if (!strcmp(super, "rw") || !strcmp(super, "ro"))
		super = "";
	else if (!strncmp(super, "rw,", 3) || !strncmp(super, "ro,", 3))
		super += 3;
	return print_text("%s%s%s", own, *super ? "," : "", super);
}

void mount_put(const struct mount *mount)
{
	line_integer("mount", mount->id);
	line_integer("parent", mount->parent);
	line_text("target", mount->target);
	line_text("fstype", mount->fstype);
	line_text("source", mount->source);
	/* The directory of the file system that is mounted: not its root with bind mounts. */
	if (strcmp(mount->root, "/"))
		line_text("root", mount->root);
	line_text("options", mount->options);
	line_text("propagation", *mount->propagation ? mount->propagation : "private");
}
