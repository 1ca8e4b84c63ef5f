#include "ready.h"

#include "emit.h"
#include "files.h"
#include "namespaces.h"
#include "text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static void put_words(const char *name, const char *words)
{
	char *copy = print_text("%s", words), *rest = copy, *word;

	line_open(name, '[');
	while ((word = strsep(&rest, " ,")))
		if (*word)
			line_text(NULL, word);
	line_close(']');
	free(copy);
}

const char *hierarchy_controllers(const struct hierarchy *hierarchy, char *line, size_t size)
{
	/* A named hierarchy (name=systemd) has no controllers. */
	if (hierarchy->version == 1)
		return strncmp(hierarchy->name, "name=", 5) ? hierarchy->name : "";
	char *path = print_text("%s/cgroup.controllers", hierarchy->path);
	read_line(AT_FDCWD, path, line, size);
	free(path);
	return line;
}

static void put_hierarchy(const struct hierarchy *hierarchy)
{
	char controllers[512];

	line_open(NULL, '{');
	line_integer("version", hierarchy->version);
	put_words("controllers", hierarchy_controllers(hierarchy, controllers, sizeof controllers));
	line_text("hierarchy", hierarchy->name);
	line_text("path", hierarchy->path);
	line_close('}');
}

static void put_lacks(const struct cgroups *cgroups)
{
	line_open("lacks", '[');
	for (size_t i = 0; i < cgroups->lack_count; i++) {
		line_open(NULL, '{');
		line_text("what", cgroups->lacks[i].what);
		line_text("why", cgroups->lacks[i].why);
		line_close('}');
	}
	line_close(']');
}

void emit_ready(struct lab *lab, const char *id)
{
	abilities_compare(lab);
	line_begin("lab.ready");
	line_text("lab", lab->id);
	line_text("mode", lab->rootless ? "rootless" : "root");
	line_integer("pid", lab->pid);
	line_open("namespaces", '{');
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		ino_t inode = namespace_inode(lab->pid, namespace_types[i]);

		if (inode)
			line_unsigned(namespace_types[i], inode);
	}
	line_close('}');
	line_open("cgroups", '[');
	for (size_t i = 0; i < lab->cgroups.count; i++)
		if (lab->cgroups.list[i].made)
			put_hierarchy(&lab->cgroups.list[i]);
	line_close(']');
	if (lab->rootless)
		line_integer("ids", lab->ids.uids);
	put_abilities(lab);
	put_lacks(&lab->cgroups);
	line_end();
	line_begin("ok");
	line_json("id", id);
	line_end();
}
