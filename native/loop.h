/* The one loop: poll(2) over everything that can become ready. */
#ifndef LOOP_H
#define LOOP_H

/* Lives in its owner. `events` may change at any time; 0 still hears POLLHUP and POLLERR, a
 * negative `fd` hears nothing. */
struct watch {
	int fd;
	short events;
	void (*ready)(struct watch *watch, short ready);
	void *owner;
	struct watch *next;
};

void loop_add(struct watch *watch);
void loop_remove(struct watch *watch);
/* Waits once, and calls who is ready. The oldest watch is asked first. */
void loop_turn(int milliseconds);

#endif
