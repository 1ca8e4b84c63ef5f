#include "cgroup-watch.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>

/* A program makes a group, writes to it and removes it faster than we read: the group's name leads
 * nowhere when we look for its number, so that the events that bear the number say nothing to us.
 * They are kept, and the removal, which names both, tells whose they were. Groups that are not the
 * lab's end up here, too: the newest KEPT are enough for a burst. */
#define KEPT 8192

static struct early {
	struct fanotify_event_metadata *event; /* NULL: free */
	uint64_t file_system, id, t;
} kept[KEPT];
static size_t next;

void early_keep(uint64_t file_system, uint64_t id, const struct fanotify_event_metadata *event, uint64_t t)
{
	struct early *place = &kept[next++ % KEPT];

	free(place->event);
	*place = (struct early){ .event = allocate(event->event_len), .file_system = file_system, .id = id, .t = t };
	memcpy(place->event, event, event->event_len);
}

void early_give(uint64_t file_system, uint64_t id, early_take *take)
{
	/* Taking one may keep another: of a group made in this one. */
	size_t end = next;

	for (size_t i = end > KEPT ? end - KEPT : 0; i < end; i++) {
		struct early one = kept[i % KEPT];

		if (!one.event || one.id != id || one.file_system != file_system)
			continue;
		kept[i % KEPT].event = NULL;
		take(one.event, one.t);
		free(one.event);
	}
}

void early_clear(void)
{
	for (size_t i = 0; i < KEPT && i < next; i++) {
		free(kept[i].event);
		kept[i].event = NULL;
	}
}
