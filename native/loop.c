#include "loop.h"

#include "text.h"

#include <poll.h>
#include <stdlib.h>

static struct watch *watches;
static struct watch **asked; /* the watches of this turn, NULL when removed meanwhile */
static struct pollfd *polled;
static size_t asked_count, room;

void loop_add(struct watch *watch)
{
	struct watch **link = &watches;

	while (*link)
		link = &(*link)->next;
	watch->next = NULL;
	*link = watch;
}

void loop_remove(struct watch *watch)
{
	for (struct watch **link = &watches; *link; link = &(*link)->next) {
		if (*link != watch)
			continue;
		*link = watch->next;
		break;
	}
	for (size_t i = 0; i < asked_count; i++)
		if (asked[i] == watch)
			asked[i] = NULL;
}

static void make_room(size_t count)
{
	if (count <= room)
		return;
	room = count * 2;
	free(asked);
	free(polled);
	asked = allocate(room * sizeof *asked);
	polled = allocate(room * sizeof *polled);
}

void loop_turn(int milliseconds)
{
	size_t count = 0;

	for (struct watch *watch = watches; watch; watch = watch->next)
		count++;
	make_room(count);
	asked_count = 0;
	for (struct watch *watch = watches; watch; watch = watch->next) {
		asked[asked_count] = watch;
		polled[asked_count++] = (struct pollfd){ .fd = watch->fd, .events = watch->events };
	}
	if (poll(polled, asked_count, milliseconds) <= 0)
		return;
	for (size_t i = 0; i < asked_count; i++)
		if (polled[i].revents && asked[i])
			asked[i]->ready(asked[i], polled[i].revents);
	asked_count = 0;
}
