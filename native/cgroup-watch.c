#include "cgroup-watch.h"

#include "emit.h"
#include "loop.h"
#include "process.h"
#include "text.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

#ifndef FAN_REPORT_TARGET_FID /* Linux 5.17, not in every libc's headers */
#define FAN_REPORT_TARGET_FID 0x00001000
#endif
#define NAMES (FAN_REPORT_DFID_NAME | FAN_REPORT_FID | FAN_REPORT_TARGET_FID)

static void ready(struct watch *watch, short events);
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };
static int notices = -1;
static const struct cgroups *hierarchies;

static void forget(struct group *gone)
{
	writes_tell_of(gone);
	group_forget(gone);
}

static struct group *made(const struct group *parent, const char *name, pid_t pid, uint64_t t)
{
	char *path = print_text("%s/%s", strcmp(parent->path, "/") ? parent->path : "", name);
	struct group *group = group_add(parent->hierarchy, path);

	free(path);
	if (!group)
		return NULL;
	group_line("cgroup.mkdir", group, t);
	process_put(pid);
	line_end();
	return group;
}

/* What an event is about: the directory something happened in, the name there, and, of what is
 * removed, the number it had. */
struct subject {
	uint64_t file_system, id;
	const char *name;
	uint64_t child;
};

static void take(const struct fanotify_event_metadata *event, uint64_t t);

/* Under a name there may have been another group before the one we asked the number of. */
static void is_really(struct group *group, uint64_t file_system, uint64_t id)
{
	if (!id || group->id == id)
		return;
	group->file_system = file_system;
	group->id = id;
	early_give(file_system, id, take);
}

static void removed(const struct group *parent, const struct subject *subject, pid_t pid, uint64_t t)
{
	struct group *group = group_child(parent, subject->name);

	/* The kernel tells of two groups made under one name once, when nobody has read in between. */
	if (!group)
		group = made(parent, subject->name, pid, t);
	if (!group)
		return;
	is_really(group, subject->file_system, subject->child);
	group_line("cgroup.rmdir", group, t);
	process_put(pid);
	line_end();
	forget(group);
}

/* A record's handle; kernfs makes one of 8 bytes. */
static bool read_handle(const struct fanotify_event_info_fid *record, uint64_t *file_system, uint64_t *id)
{
	const struct file_handle *handle = (const void *)record->handle;

	if (record->hdr.len < sizeof *record + sizeof *handle + sizeof *id || handle->handle_bytes != sizeof *id)
		return false;
	memcpy(file_system, &record->fsid, sizeof *file_system);
	memcpy(id, handle->f_handle, sizeof *id);
	return true;
}

static bool read_subject(const struct fanotify_event_metadata *event, struct subject *subject)
{
	const char *at = (const char *)event + event->metadata_len, *end = (const char *)event + event->event_len;
	const struct fanotify_event_info_fid *record;
	bool read = true;

	*subject = (struct subject){ 0 };
	for (; read && at + sizeof *record <= end; at += record->hdr.len) {
		record = (const void *)at;
		if (record->hdr.len < sizeof *record || at + record->hdr.len > end)
			return false;
		if (record->hdr.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME) {
			read = read_handle(record, &subject->file_system, &subject->id);
			subject->name = (const char *)record->handle + sizeof(struct file_handle) + sizeof subject->id;
		} else if (record->hdr.info_type == FAN_EVENT_INFO_TYPE_FID) {
			uint64_t file_system;
			read = read_handle(record, &file_system, &subject->child);
		}
	}
	return read && subject->name && *subject->name;
}

static void take(const struct fanotify_event_metadata *event, uint64_t t)
{
	struct subject subject;

	if (!read_subject(event, &subject))
		return;
	struct group *group = group_find(subject.file_system, subject.id);
	if (!group) {
		early_keep(subject.file_system, subject.id, event, t);
		return;
	}
	if (event->mask & FAN_CREATE)
		made(group, subject.name, event->pid, t);
	if (event->mask & (FAN_MODIFY | FAN_CLOSE_WRITE))
		write_seen(group, subject.name, event, t);
	if (event->mask & FAN_DELETE)
		removed(group, &subject, event->pid, t);
}

/* An event that holds a name ends on a multiple of 4, its 64-bit fields want one of 8: so each is
 * looked at in a place of its own. */
static void take_all(const char *at, size_t left)
{
	uint64_t t = monotonic_now();
	static union {
		struct fanotify_event_metadata event;
		char bytes[1024];
	} one;
	uint32_t length;

	for (; left >= sizeof one.event; at += length, left -= length) {
		memcpy(&length, at, sizeof length); /* event_len is the first field */
		if (length < sizeof one.event || length > left)
			return;
		if (length > sizeof one)
			continue;
		memset(&one, 0, sizeof one);
		memcpy(&one, at, length);
		take(&one.event, t);
	}
}

static void ready(struct watch *self, short events)
{
	static char data[64 << 10];

	(void)self;
	(void)events;
	/* Not for ever: the others want a turn. */
	for (int i = 0; i < 64; i++) {
		ssize_t got = read(notices, data, sizeof data);

		if (got <= 0)
			return;
		take_all(data, (size_t)got);
	}
}

/* FAN_MARK_FILESYSTEM sees every cgroup of the hierarchy, through whatever mount it is reached, so a
 * group made and written to within a microsecond is seen, too; what is not below the lab's own we do
 * not know and do not tell. That needs CAP_SYS_ADMIN on the host (to others the kernel says nobody's
 * pid), and a file system with an id, which cgroups have from Linux 6.7 on. */
bool cgroup_watch_open(const struct lab *lab, struct failure *failure)
{
	hierarchies = &lab->cgroups;
	notices = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE |
				NAMES, O_RDONLY);
	if (notices < 0)
		return fail(failure, "fanotify_init", NULL, "the kernel tells only root who writes cgroup files");
	for (size_t i = 0; i < hierarchies->count; i++) {
		const struct hierarchy *hierarchy = &hierarchies->list[i];

		if (!hierarchy->made || fanotify_mark(notices, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
						      FAN_MODIFY | FAN_CLOSE_WRITE | FAN_CREATE | FAN_DELETE |
						      FAN_ONDIR, AT_FDCWD, hierarchy->path) == 0)
			continue;
		fail(failure, "fanotify_mark", hierarchy->path,
		     "the kernel tells who writes cgroup files from Linux 6.7 on");
		close(notices);
		notices = -1;
		return false;
	}
	return true;
}

void cgroup_watch_start(void)
{
	if (notices < 0)
		return;
	for (size_t i = 0; i < hierarchies->count; i++)
		if (hierarchies->list[i].made)
			group_add_tree(&hierarchies->list[i], "/");
	watch.fd = notices;
	loop_add(&watch);
}

void cgroup_watch_sweep(void)
{
	writes_tell_kept_open();
	for (struct group *group = groups; group; group = group->next)
		group_state_look(group);
}

void cgroup_watch_pause(bool pause)
{
	watch.fd = pause ? -1 : notices;
}

void cgroup_watch_stop(void)
{
	while (groups)
		forget(groups);
	early_clear();
	/* Not closed: the kernel waits for its readers then, and does it by itself when we exit. */
	loop_remove(&watch);
	watch.fd = notices = -1;
}
