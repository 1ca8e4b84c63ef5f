#include "mount-events.h"

#include "loop.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <unistd.h>

/* linux/fanotify.h of Linux 6.15, which older headers lack. */
#define REPORT_MOUNTS 0x4000u    /* FAN_REPORT_MNT */
#define MARK_NAMESPACE 0x110u    /* FAN_MARK_MNTNS */
#define ATTACHED 0x01000000ull   /* FAN_MNT_ATTACH */
#define DETACHED 0x02000000ull   /* FAN_MNT_DETACH */
#define INFORMATION_OF_MOUNT 7   /* FAN_EVENT_INFO_TYPE_MNT */

struct information {
	struct fanotify_event_info_header header;
	uint64_t mount;
};

static void ready(struct watch *watch, short events);
static struct watch watch = { .fd = -1, .events = POLLIN, .ready = ready };
static int group = -1;
static void (*take)(const struct mount_event *event);
static void (*overflowed)(void);

int mount_events_group(void)
{
	unsigned flags = FAN_CLASS_NOTIF | REPORT_MOUNTS | FAN_CLOEXEC | FAN_NONBLOCK;
	int fd = fanotify_init(flags | FAN_UNLIMITED_QUEUE, O_RDONLY);

	/* Without root the queue has 16,384 places, and nobody's pid is told (fanotify(7)). */
	return fd < 0 && errno == EPERM ? fanotify_init(flags, O_RDONLY) : fd;
}

/* One group for all namespaces: to close one makes the kernel wait for its readers (SRCU, 6 ms),
 * and a mark goes by itself with its namespace, which it does not hold. */
bool mount_events_open(int given, pid_t init, struct failure *failure)
{
	char *path = print_text("/proc/%d/ns/mnt", (int)init);

	group = given >= 0 ? given : mount_events_group();
	bool marked = mount_events_mark(path);
	if (!marked)
		fail(failure, group < 0 ? "fanotify_init" : "fanotify_mark", NULL,
		     "Linux tells of each mount from 6.15 on; here what is mounted and gone again at once is missed");
	if (!marked && group >= 0) {
		close(group);
		group = -1;
	}
	free(path);
	return marked;
}

bool mount_events_mark(const char *path)
{
	return group >= 0 && fanotify_mark(group, FAN_MARK_ADD | MARK_NAMESPACE, ATTACHED | DETACHED, AT_FDCWD,
					   path) == 0;
}

static void take_one(const struct fanotify_event_metadata *event)
{
	const struct information *information = (const void *)(event + 1);

	if (event->mask & FAN_Q_OVERFLOW) {
		overflowed();
		return;
	}
	if (event->event_len < sizeof *event + sizeof *information ||
	    information->header.info_type != INFORMATION_OF_MOUNT)
		return;
	take(&(struct mount_event){ information->mount, event->pid, event->mask & ATTACHED,
				    event->mask & DETACHED });
}

void mount_events_drain(void)
{
	static _Alignas(struct fanotify_event_metadata) char data[64 << 10];

	if (watch.fd < 0)
		return;
	/* Not for ever: the others want a turn. */
	for (int i = 0; i < 64; i++) {
		ssize_t left = read(group, data, sizeof data);
		const struct fanotify_event_metadata *event = (const void *)data;

		if (left <= 0)
			return;
		for (; FAN_EVENT_OK(event, left); event = FAN_EVENT_NEXT(event, left))
			take_one(event);
	}
}

static void ready(struct watch *self, short events)
{
	(void)self;
	(void)events;
	mount_events_drain();
}

void mount_events_watch(void (*taker)(const struct mount_event *event), void (*overflow)(void))
{
	take = taker;
	overflowed = overflow;
	watch.fd = group;
	if (group >= 0)
		loop_add(&watch);
}

void mount_events_pause(bool pause)
{
	watch.fd = pause ? -1 : group;
}

void mount_events_stop(void)
{
	if (group < 0)
		return;
	/* Not closed: the kernel waits 6 ms and more then, and does it by itself when we exit. */
	loop_remove(&watch);
	watch.fd = group = -1;
}
