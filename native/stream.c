#include "stream.h"

#include "emit.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CHUNK (16u << 10)
/* FIONREAD knows only what the line discipline has; behind it the kernel buffers up to 64 KiB. Reading
 * says EAGAIN, or EIO once everybody has closed the other side, only when all of it is read. */
#define TERMINAL_HOLDS (256u << 10)

static void send(const struct stream *stream, const char *data, size_t length)
{
	if (!length)
		return;
	line_begin("output");
	line_integer("run", stream->run);
	line_text("stream", stream->name);
	line_bytes(data, length);
	line_end();
}

bool stream_read(struct stream *stream)
{
	char data[CHUNK];
	ssize_t got;

	if (stream->fd < 0)
		return false;
	memcpy(data, stream->carry, stream->carried);
	do
		got = read(stream->fd, data + stream->carried, sizeof data - stream->carried);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN) {
		stream->owed = 0;
		return false;
	}
	if (got <= 0) {
		send(stream, stream->carry, stream->carried);
		stream_close(stream);
		return false;
	}
	stream->owed -= (size_t)got < stream->owed ? (size_t)got : stream->owed;
	size_t length = stream->carried + (size_t)got;
	stream->carried = utf8_incomplete(data, length);
	length -= stream->carried;
	memcpy(stream->carry, data + length, stream->carried);
	send(stream, data, length);
	return true;
}

static void ready(struct watch *watch, short events)
{
	(void)events;
	struct stream *stream = watch->owner;

	stream_read(stream);
	if (stream->ended)
		stream->ended(stream);
}

void stream_open(struct stream *stream, int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	stream->fd = fd;
	stream->watch = (struct watch){ .fd = fd, .events = POLLIN, .ready = ready, .owner = stream };
	loop_add(&stream->watch);
}

void stream_close(struct stream *stream)
{
	if (stream->fd < 0)
		return;
	loop_remove(&stream->watch);
	close(stream->fd);
	stream->fd = -1;
	stream->carried = stream->owed = 0;
}

void stream_owe(struct stream *stream, bool terminal)
{
	int waiting = 0;

	if (terminal && stream->fd >= 0)
		stream->owed = TERMINAL_HOLDS;
	else if (stream->fd >= 0 && ioctl(stream->fd, FIONREAD, &waiting) == 0)
		stream->owed = (size_t)waiting + 1; /* and one: whether the pipe has ended */
}

void stream_pause(struct stream *stream, bool pause)
{
	stream->watch.fd = pause ? -1 : stream->fd;
}
