#include "rootfs.h"

#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY 65534 /* how ids that the lab has not are shown (user_namespaces(7)) */

/* "name:x:ID:…": passwd(5) and group(5) agree so far. Only accounts whose id there is. */
static void keep_existing(struct text *kept, struct text *shadow, const char *after, char *lines, unsigned ids)
{
	char *line;

	while ((line = strsep(&lines, "\n"))) {
		size_t length = strcspn(line, ":");
		unsigned id;

		if (sscanf(line + length, ":%*[^:]:%u", &id) != 1 || (id >= ids && id != NOBODY))
			continue;
		text_append(kept, line, strlen(line));
		text_append(kept, "\n", 1);
		text_append(shadow, line, length);
		text_append(shadow, after, strlen(after));
	}
}

static bool write_in(const char *directory, const char *name, mode_t mode, const struct text *text,
		     struct failure *failure)
{
	char *path = print_text("%s/%s", directory, name);
	bool wrote = make_file(path, mode, text->data, text->length, failure);

	free(path);
	return wrote;
}

/* A user may not read the host's shadow(5), and its passwords are nobody's business here: every
 * account is locked, and root needs none. */
static bool make_own(const char *directory, const char *accounts, const char *shadow, const char *after,
		     unsigned ids, struct failure *failure)
{
	struct text host = { 0 }, kept = { 0 }, locked = { 0 };
	char *path = print_text("/etc/%s", accounts);

	text_read(&host, AT_FDCWD, path, 4 << 20);
	if (host.data)
		keep_existing(&kept, &locked, after, host.data, ids);
	bool made = write_in(directory, accounts, 0644, &kept, failure) &&
		    write_in(directory, shadow, 0600, &locked, failure);
	text_free(&host);
	text_free(&kept);
	text_free(&locked);
	free(path);
	return made;
}

/* subuid(5): what the lab's root may hand on to a user namespace below. */
static bool make_range(const char *directory, const char *name, unsigned ids, struct failure *failure)
{
	char *line = ids > 1 ? print_text("root:1:%u\n", ids - 1) : print_text("%s", "");
	struct text text = { .data = line, .length = strlen(line) };
	bool made = write_in(directory, name, 0644, &text, failure);

	free(line);
	return made;
}

/* Copies that the learner may change. */
static bool copy_all(const char *directory, struct failure *failure)
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
		struct text text = { 0 };

		if (text_read(&text, AT_FDCWD, source, 4 << 20))
			done = write_in(directory, files[i].name, files[i].mode, &text, failure);
		text_free(&text);
		free(source);
	}
	return done;
}

bool accounts_make(const struct rootfs *rootfs, const char *directory, struct failure *failure)
{
	if (!rootfs->rootless)
		return copy_all(directory, failure);
	return make_own(directory, "passwd", "shadow", ":*:19000:0:99999:7:::\n", rootfs->uids, failure) &&
	       make_own(directory, "group", "gshadow", ":*::\n", rootfs->gids, failure) &&
	       make_range(directory, "subuid", rootfs->uids, failure) &&
	       make_range(directory, "subgid", rootfs->gids, failure);
}
