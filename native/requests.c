#include "requests.h"

#include "emit.h"
#include "loop.h"
#include "message.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define LINE_LIMIT (1u << 20)

static struct text input;
static bool skipping; /* the rest of a line that was too long */
static request_handler *handle;
static requests_ended *end;

static void refuse_line(const char *id, const char *sentence)
{
	struct failure failure;

	refuse(&failure, EINVAL, "%s", sentence);
	emit_error(id, &failure);
}

static void take_line(const char *line, size_t length)
{
	struct json_document document;

	if (!length)
		return;
	if (!json_parse(&document, line, length)) {
		refuse_line(NULL, document.problem);
	} else {
		const struct json *id = json_member(document.root, "id");

		if (!id || id->type != JSON_NUMBER || strlen(id->text) >= ID_SIZE)
			refuse_line(NULL, "a request is an object with a number as its id");
		else
			handle(document.root, id->text);
	}
	json_free(&document);
}

static void take_lines(void)
{
	size_t from = 0;
	char *newline;

	while (from < input.length &&
	       (newline = memchr(input.data + from, '\n', input.length - from))) {
		size_t length = (size_t)(newline - (input.data + from));

		if (!skipping)
			take_line(input.data + from, length);
		skipping = false;
		from += length + 1;
	}
	text_drop(&input, from);
	if (input.length <= LINE_LIMIT)
		return;
	if (!skipping)
		refuse_line(NULL, "the line is longer than 1 MiB");
	skipping = true;
	input.length = 0;
}

static void ready(struct watch *watch, short events)
{
	char data[64 << 10];
	bool paused = !(watch->events & POLLIN);

	if (paused && !(events & (POLLHUP | POLLRDHUP)))
		return;
	ssize_t got = paused ? 0 : read(watch->fd, data, sizeof data);

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		requests_stop();
		end();
		return;
	}
	text_append(&input, data, (size_t)got);
	take_lines();
}

static struct watch watch = { .fd = STDIN_FILENO, .events = POLLIN, .ready = ready };

void requests_start(request_handler *handler, requests_ended *ended)
{
	handle = handler;
	end = ended;
	loop_add(&watch);
}

void requests_pause(bool pause)
{
	watch.events = pause ? POLLRDHUP : POLLIN;
}

void requests_stop(void)
{
	loop_remove(&watch);
}
