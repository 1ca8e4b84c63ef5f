#include "cgroup-watch.h"

#include "emit.h"
#include "files.h"
#include "loop.h"
#include "process.h"
#include "text.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define OOM_WAIT 1000000000ull

/* What we know of a group, and where the kernel says that it has changed. */
struct group_state {
	struct watch memory;   /* v1: an eventfd(2); v2: memory.events */
	struct watch events;   /* v2: cgroup.events */
	long kills;            /* by the OOM killer */
	uint64_t oom;          /* v1: since when it has been out of memory, 0 when it is not */
	int populated, frozen; /* -1: not known */
};

static bool read_file(const struct group *group, const char *name, struct text *text)
{
	char *path = print_text("%s/%s", group->directory, name);
	bool read = text_read(text, AT_FDCWD, path, 64 << 10);

	free(path);
	return read;
}

/* "low 0\noom_kill 3\n": the number behind the word; -1: there is none. */
static long number_of(const struct text *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *line = text->data; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, word, length) && line[length] == ' ')
			return strtol(line + length, NULL, 10);
	}
	return -1;
}

static long read_number(const struct group *group, const char *name, const char *word)
{
	struct text text = { 0 };
	long number = read_file(group, name, &text) ? number_of(&text, word) : -1;

	text_free(&text);
	return number;
}

/* v1: memory.oom_control; v2: memory.events. */
static long kills_of(const struct group *group)
{
	return read_number(group, group->hierarchy->version == 1 ? "memory.oom_control" : "memory.events",
			   "oom_kill");
}

static void tell_flag(struct group *group, const char *kind, const char *field, bool value)
{
	group_line(kind, group, monotonic_now());
	line_flag(field, value);
	process_put(group->changed_by);
	line_end();
	/* The next time it may be an exit that has done it. */
	group->changed_by = 0;
}

static void changed(struct group *group, int *known, long now, const char *kind, const char *field)
{
	if (now < 0 || now == *known)
		return;
	/* As it was when we came to know it: nothing has happened. */
	if (*known >= 0)
		tell_flag(group, kind, field, now);
	*known = (int)now;
}

/* An eventfd's counter is read, a file from its beginning; what cannot be read is not asked again. */
static ssize_t read_again(struct watch *watch, char *content, size_t size)
{
	ssize_t got = watch->events == POLLIN ? read(watch->fd, content, size) : pread(watch->fd, content, size, 0);

	if (got < 0) {
		close(watch->fd);
		watch->fd = -1;
	}
	return got;
}

static void tell_oom(struct group *group, long kills, uint64_t t)
{
	group->state->kills = kills;
	group->state->oom = 0;
	group_line("cgroup.oom", group, t);
	line_integer("kills", kills);
	line_end();
}

/* v1's notice comes before the kill, which is counted some milliseconds later; where the OOM killer
 * is switched off there is none. */
static void look_at_oom(struct group *group)
{
	struct group_state *state = group->state;
	long kills = state->oom ? kills_of(group) : -1;

	if (kills >= 0 && (kills != state->kills || monotonic_now() - state->oom > OOM_WAIT))
		tell_oom(group, kills, state->oom);
}

static void memory_ready(struct watch *watch, short events)
{
	char content[512];
	struct group *group = watch->owner;
	long kills = kills_of(group);

	(void)events;
	/* Read, or poll(2) goes on saying so. Of a group that is gone nothing can be read. */
	if (read_again(watch, content, sizeof content) < 0 || kills < 0)
		return;
	if (group->hierarchy->version == 1) {
		group->state->oom = monotonic_now();
		look_at_oom(group);
	} else if (kills != group->state->kills) {
		tell_oom(group, kills, monotonic_now());
	}
}

static void look_at_events(struct group *group)
{
	struct text text = { 0 };

	if (read_file(group, "cgroup.events", &text)) {
		changed(group, &group->state->populated, number_of(&text, "populated"), "cgroup.populated",
			"populated");
		changed(group, &group->state->frozen, number_of(&text, "frozen"), "cgroup.frozen", "frozen");
	}
	text_free(&text);
}

/* cgroups(7): cgroup.events says POLLPRI when it reads differently than before. */
static void events_ready(struct watch *watch, short events)
{
	char content[256];

	(void)events;
	if (read_again(watch, content, sizeof content) >= 0)
		look_at_events(watch->owner);
}

static int open_file(const struct group *group, const char *name, int flags)
{
	char *path = print_text("%s/%s", group->directory, name);
	int fd = open(path, flags | O_CLOEXEC);

	free(path);
	return fd;
}

static void watch_file(struct watch *watch, struct group *group, int fd, short events,
		       void (*ready)(struct watch *watch, short events))
{
	char content[512];

	*watch = (struct watch){ .fd = fd, .events = events, .ready = ready, .owner = group };
	/* To be read once: from then on poll(2) says when it changes. */
	if (fd >= 0 && events == POLLPRI && pread(fd, content, sizeof content, 0) < 0)
		watch->fd = -1;
	loop_add(watch);
}

/* v1 (Documentation/admin-guide/cgroup-v1/memory.rst): "EVENTFD FILE" written to
 * cgroup.event_control; the eventfd is then counted up each time the group is out of memory. */
static int register_oom(const struct group *group)
{
	char line[32];
	int counter = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), control = open_file(group, "memory.oom_control", O_RDONLY);
	int events = open_file(group, "cgroup.event_control", O_WRONLY);

	snprintf(line, sizeof line, "%d %d", counter, control);
	bool registered = counter >= 0 && control >= 0 && events >= 0 && write(events, line, strlen(line)) > 0;
	if (control >= 0)
		close(control);
	if (events >= 0)
		close(events);
	if (!registered && counter >= 0)
		close(counter);
	return registered ? counter : -1;
}

void group_state_open(struct group *group)
{
	struct group_state *state = group->state = allocate(sizeof *state);
	bool first = group->hierarchy->version == 1;

	*state = (struct group_state){ .populated = -1, .frozen = -1 };
	state->kills = kills_of(group);
	watch_file(&state->memory, group, first ? register_oom(group) : open_file(group, "memory.events", O_RDONLY),
		   first ? POLLIN : POLLPRI, memory_ready);
	watch_file(&state->events, group, first ? -1 : open_file(group, "cgroup.events", O_RDONLY), POLLPRI,
		   events_ready);
	if (first)
		group_state_look(group);
	else
		look_at_events(group);
}

static void close_watch(struct watch *watch)
{
	loop_remove(watch);
	if (watch->fd >= 0)
		close(watch->fd);
}

void group_state_close(struct group *group)
{
	close_watch(&group->state->memory);
	close_watch(&group->state->events);
	free(group->state);
}

/* v1 says nothing of members and freezing: release_agent and its notice are the host's. */
void group_state_look(struct group *group)
{
	struct group_state *state = group->state;
	char line[32];

	look_at_oom(group);
	if (group->hierarchy->version == 2 || !strcmp(group->path, "/"))
		return;
	char *procs = print_text("%s/cgroup.procs", group->directory);
	char *freezer = print_text("%s/freezer.state", group->directory);
	int directory = open(group->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0)
		changed(group, &state->populated, read_line(AT_FDCWD, procs, line, sizeof line) && line[0],
			"cgroup.populated", "populated");
	/* FREEZING is not yet: it is looked at again. */
	if (directory >= 0 && read_line(AT_FDCWD, freezer, line, sizeof line) && strcmp(line, "FREEZING"))
		changed(group, &state->frozen, !strcmp(line, "FROZEN"), "cgroup.frozen", "frozen");
	if (directory >= 0)
		close(directory);
	free(procs);
	free(freezer);
}
