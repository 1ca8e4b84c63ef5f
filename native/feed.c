#include "feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

static void ready(struct watch *watch, short events);

void feed_open(struct feed *feed, int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	/* poll(2) tells of an end whether one asks or not: it is asked only while something waits. */
	feed->watch = (struct watch){ .fd = -1, .events = POLLOUT, .ready = ready, .owner = feed };
	feed->fd = fd;
	loop_add(&feed->watch);
}

void feed_close(struct feed *feed)
{
	if (feed->fd < 0)
		return;
	loop_remove(&feed->watch);
	close(feed->fd);
	feed->fd = -1;
	text_free(&feed->queue);
}

static void push(struct feed *feed)
{
	ssize_t wrote = 0;

	while (feed->queue.length && wrote >= 0) {
		wrote = write(feed->fd, feed->queue.data, feed->queue.length);
		if (wrote > 0)
			text_drop(&feed->queue, (size_t)wrote);
	}
	bool gone = wrote < 0 && errno != EAGAIN && errno != EINTR;
	if (gone || (feed->ending && !feed->queue.length))
		feed_close(feed);
	else
		feed->watch.fd = feed->queue.length ? feed->fd : -1;
}

static void ready(struct watch *watch, short events)
{
	(void)events;
	push(watch->owner);
}

bool feed_write(struct feed *feed, const char *data, size_t length, struct failure *failure)
{
	if (feed->fd < 0 || feed->ending)
		return refuse(failure, EPIPE, "the run reads no input, or no more");
	if (feed->queue.length + length > FEED_LIMIT)
		return refuse(failure, EAGAIN, "the run does not read: %zu bytes are waiting, at most %u may",
			      feed->queue.length, FEED_LIMIT);
	text_append(&feed->queue, data, length);
	push(feed);
	return true;
}

void feed_end(struct feed *feed)
{
	if (feed->fd < 0)
		return;
	feed->ending = true;
	push(feed);
}
