#include "container.h"

#include "text.h"

#include <ctype.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static const struct {
	const char *name;
	uint64_t flag;
} types[] = {
	{ "pid", CLONE_NEWPID },   { "mnt", CLONE_NEWNS },     { "net", CLONE_NEWNET },
	{ "uts", CLONE_NEWUTS },   { "ipc", CLONE_NEWIPC },    { "user", CLONE_NEWUSER },
	{ "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
};

#define TYPES (sizeof types / sizeof *types)

bool complain(const char *format, const char *value)
{
	fprintf(stderr, "container: ");
	fprintf(stderr, format, value);
	fputc('\n', stderr);
	return false;
}

bool lists_namespaces(uint64_t *flags, const char *list)
{
	char *copy = print_text("%s", list), *rest = copy, *word;
	bool known = true;

	*flags = 0;
	while (known && (word = strsep(&rest, ","))) {
		known = !*word;
		for (size_t i = 0; i < TYPES; i++) {
			if (strcmp(types[i].name, word))
				continue;
			*flags |= types[i].flag;
			known = true;
		}
		if (!known)
			complain("there is no namespace type %s: they are pid, mnt, net, uts, ipc, user, cgroup and time",
				 word);
	}
	free(copy);
	return known;
}

char *namespaces_text(uint64_t flags)
{
	char list[64] = "";

	for (size_t i = 0; i < TYPES; i++) {
		if (!(flags & types[i].flag))
			continue;
		strcat(list, *list ? " " : "");
		strcat(list, types[i].name);
	}
	return print_text("%s", *list ? list : "none");
}

bool lists_stages(uint32_t *stages, const char *list)
{
	char *copy = print_text("%s", list), *rest = copy, *word;
	bool known = true;

	while (known && (word = strsep(&rest, ","))) {
		enum stage stage = stage_find(word);

		known = stage < STAGE_EXEC;
		if (known)
			*stages |= STAGE_BIT(stage);
		else
			complain(stage == STAGE_EXEC ? "after %s there is only the command: nothing can stop there"
						     : "there is no stage %s: see `container stages`", word);
	}
	free(copy);
	return known;
}

bool lists_add_map(struct map_line *maps, size_t *count, struct map_line map)
{
	if (*count == MAP_LIMIT)
		return false;
	maps[(*count)++] = map;
	return true;
}

/* "0:100000:65536", "u:0:1000:1", more of them after commas. */
bool lists_map(struct container *container, const char *list)
{
	char *copy = print_text("%s", list), *rest = copy, *word;
	bool right = true;

	while (right && (word = strsep(&rest, ","))) {
		bool users = strncmp(word, "g:", 2) != 0, groups = strncmp(word, "u:", 2) != 0;
		const char *numbers = users && groups ? word : word + 2;
		struct map_line map;
		int end = 0;

		right = isdigit((unsigned char)*numbers) &&
			sscanf(numbers, "%9u:%9u:%9u%n", &map.inside, &map.outside, &map.count, &end) == 3 &&
			!numbers[end] && map.count > 0;
		right = right && (!users || lists_add_map(container->uids, &container->uid_count, map)) &&
			(!groups || lists_add_map(container->gids, &container->gid_count, map));
	}
	free(copy);
	return right || complain("--map=%s is not INSIDE:OUTSIDE:COUNT, at most five of them", list);
}

/* "chown,kill", or "+net_admin,-mknod" to what there is. */
bool lists_capabilities(struct container *container, const char *list)
{
	char *copy = print_text("%s", list), *rest = copy, *word;
	bool known = true;

	if (*list != '+' && *list != '-')
		container->capabilities = 0;
	while (known && strcmp(list, "none") && (word = strsep(&rest, ","))) {
		bool take = *word == '-';
		const char *name = *word == '-' || *word == '+' ? word + 1 : word;
		int capability = capability_find(name);

		known = capability >= 0;
		if (!known)
			complain("there is no capability %s (capabilities(7))", name);
		else if (take)
			container->capabilities &= ~(1ull << capability);
		else
			container->capabilities |= 1ull << capability;
	}
	free(copy);
	return known;
}

bool lists_masks(struct container *container, const char *list)
{
	char *rest = print_text("%s", list), *word;

	free(container->mask_words); /* the last --mask counts */
	container->mask_words = rest;
	container->mask_count = 0;
	container->default_masks = false;
	while (strcmp(list, "none") && (word = strsep(&rest, ","))) {
		if (*word != '/' || container->mask_count == MASK_LIMIT)
			return complain("--mask wants absolute paths, 64 at most: %s", list);
		container->masks[container->mask_count++] = word;
	}
	return true;
}
