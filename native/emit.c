#include "emit.h"

#include "loop.h"
#include "names.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FULL (1u << 20)
#define OVERFULL (64u << 20)

static struct text queue;
static struct text *target = &queue;
static size_t sent; /* bytes at the queue's start that are written already */
static bool comma;
static bool reader_gone;
static int flags_before = -1;

uint64_t monotonic_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void put(const char *text)
{
	text_append(target, text, strlen(text));
}

void line_capture(struct text *into)
{
	target = into ? into : &queue;
	comma = into && into->length > 0;
}

static void put_escaped(const char *data, size_t length)
{
	char escape[8];
	size_t from = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		text_append(target, data + from, i - from);
		from = i + 1;
		if (c == '\n')
			put("\\n");
		else if (c >= 0x20)
			text_append(target, (char[2]){ '\\', (char)c }, 2);
		else
			snprintf(escape, sizeof escape, "\\u%04x", c), put(escape);
	}
	text_append(target, data + from, length - from);
}

static void put_name(const char *name)
{
	if (comma)
		put(",");
	comma = true;
	if (!name)
		return;
	put("\"");
	put(name);
	put("\":");
}

void line_begin_at(const char *kind, uint64_t t)
{
	put("{");
	comma = false;
	line_text("kind", kind);
	line_unsigned("t", t);
}

void line_begin(const char *kind)
{
	line_begin_at(kind, monotonic_now());
}

void line_open(const char *name, char bracket)
{
	put_name(name);
	text_append(target, &bracket, 1);
	comma = false;
}

void line_close(char bracket)
{
	text_append(target, &bracket, 1);
	comma = true;
}

void line_json(const char *name, const char *json)
{
	put_name(name);
	put(json);
}

void line_integer(const char *name, int64_t value)
{
	char number[32];

	snprintf(number, sizeof number, "%lld", (long long)value);
	line_json(name, number);
}

void line_unsigned(const char *name, uint64_t value)
{
	char number[32];

	snprintf(number, sizeof number, "%llu", (unsigned long long)value);
	line_json(name, number);
}

void line_flag(const char *name, bool value)
{
	line_json(name, value ? "true" : "false");
}

void line_text_of(const char *name, const char *value, size_t length)
{
	put_name(name);
	put("\"");
	for (;;) {
		size_t valid = utf8_valid(value, length);

		put_escaped(value, valid);
		if (valid == length)
			break;
		put("\xef\xbf\xbd");
		value += valid + 1;
		length -= valid + 1;
	}
	put("\"");
}

void line_text(const char *name, const char *value)
{
	line_text_of(name, value, strlen(value));
}

void line_bytes(const char *data, size_t length)
{
	if (utf8_valid(data, length) == length) {
		line_text_of("text", data, length);
		return;
	}
	put_name("base64");
	put("\"");
	base64_append(target, data, length);
	put("\"");
}

void emit_diagnostic(const char *format, ...)
{
	char message[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	line_begin("diagnostic");
	line_text("source", "lab");
	line_text("message", message);
	line_end();
}

void emit_error(const char *id, const struct failure *failure)
{
	line_begin("error");
	line_json("id", id ? id : "null");
	line_text("message", failure->message);
	if (failure->call[0])
		line_text("call", failure->call);
	if (failure->path[0])
		line_text("path", failure->path);
	if (failure->error)
		line_text("errno", errno_name(failure->error));
	line_end();
}

static void flush(struct watch *watch, short ready);
static struct watch writable = { .fd = STDOUT_FILENO, .events = 0, .ready = flush };

static void flush(struct watch *watch, short ready)
{
	(void)watch;
	/* Polled with events 0 these two alone arrive: nobody will read what we write. */
	if (ready & (POLLERR | POLLHUP))
		reader_gone = true;
	while (sent < queue.length && !reader_gone) {
		ssize_t wrote = write(STDOUT_FILENO, queue.data + sent, queue.length - sent);

		if (wrote >= 0)
			sent += (size_t)wrote;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			reader_gone = true;
	}
	if (reader_gone)
		sent = queue.length;
	/* Moving the rest to the front is worth it only when much has been written. */
	if (sent == queue.length || sent > FULL) {
		text_drop(&queue, sent);
		sent = 0;
	}
	writable.events = queue.length > sent ? POLLOUT : 0;
	if (reader_gone)
		writable.fd = -1;
}

void line_end(void)
{
	put("}\n");
	if (queue.length - sent < FULL / 16)
		writable.events = POLLOUT;
	else
		flush(NULL, 0);
}

/* A descriptor in non-blocking mode never holds up the loop; a terminal's mode is shared with the
 * shell that started us (fcntl(2), F_SETFL), so there it is left alone. */
void emit_start(void)
{
	if (!isatty(STDOUT_FILENO)) {
		flags_before = fcntl(STDOUT_FILENO, F_GETFL);
		fcntl(STDOUT_FILENO, F_SETFL, flags_before | O_NONBLOCK);
	}
	loop_add(&writable);
}

bool emit_full(void)
{
	return queue.length - sent > FULL;
}

bool emit_overfull(void)
{
	return queue.length - sent > OVERFULL;
}

bool emit_reader_gone(void)
{
	return reader_gone;
}

void emit_finish(int milliseconds)
{
	uint64_t deadline = monotonic_now() + (uint64_t)milliseconds * 1000000u;

	flush(NULL, 0);
	while (queue.length > sent && !reader_gone && monotonic_now() < deadline) {
		struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

		poll(&out, 1, 10);
		flush(NULL, 0);
	}
	if (flags_before >= 0)
		fcntl(STDOUT_FILENO, F_SETFL, flags_before);
}
