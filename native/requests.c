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
#define TOO_LONG "the line is longer than 1 MiB"

static struct text input;
static size_t searched; /* of it, so far, without a newline: a line that comes byte by byte is read once */
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
	if (length > LINE_LIMIT) {
		refuse_line(NULL, TOO_LONG);
		return;
	}
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

	while (searched < input.length &&
	       (newline = memchr(input.data + searched, '\n', input.length - searched))) {
		size_t length = (size_t)(newline - (input.data + from));

		if (!skipping)
			take_line(input.data + from, length);
		skipping = false;
		searched = from += length + 1;
	}
	text_drop(&input, from);
	searched = input.length;
	if (input.length <= LINE_LIMIT)
		return;
	if (!skipping)
		refuse_line(NULL, TOO_LONG);
	skipping = true;
	input.length = searched = 0;
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
