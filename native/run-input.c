#include "run.h"
#include "run-state.h"

#include "command.h"
#include "emit.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

static struct run *find_started(const struct json *request, struct failure *failure)
{
	int64_t number;
	struct run *run = json_integer(request, "run", &number) ? run_find(number) : NULL;

	if (run && run->lab_pid && !run->told)
		return run;
	refuse(failure, ESRCH, "there is no such run");
	return NULL;
}

/* `text`, or `base64` for what is no text; neither: nothing. */
static bool read_data(const struct json *request, struct text *data, struct failure *failure)
{
	const char *text = json_text(request, "text"), *base64 = json_text(request, "base64");

	text_append(data, "", 0);
	if (text && base64)
		return refuse(failure, EINVAL, "write takes text or base64, not both");
	if (text)
		text_append(data, text, strlen(text));
	return !base64 || base64_decode(data, base64) || refuse(failure, EINVAL, "that is not base64");
}

static bool put(struct run *run, const struct json *request, const struct text *data,
		struct failure *failure)
{
	bool end = json_flag(request, "end");

	if (end && run->pty)
		return refuse(failure, EINVAL, "a terminal has no end: write its end-of-file character, \\u0004");
	if (!end && !data->length)
		return refuse(failure, EINVAL, "write needs text, base64 or end");
	if (data->length && !feed_write(&run->input, data->data, data->length, failure))
		return false;
	if (end)
		feed_end(&run->input);
	return true;
}

bool run_write(const char *id, const struct json *request, struct failure *failure)
{
	struct run *run = find_started(request, failure);
	struct text data = { 0 };
	bool done = run && read_data(request, &data, failure) && put(run, request, &data, failure);

	text_free(&data);
	if (!done)
		return false;
	line_begin("ok");
	line_json("id", id);
	/* So that a sender can wait instead of being refused. */
	line_integer("waiting", (int64_t)run->input.queue.length);
	line_end();
	return true;
}

/* TIOCSWINSZ(2const): the kernel sends SIGWINCH to the terminal's foreground process group. */
bool run_resize(const char *id, const struct json *request, struct failure *failure)
{
	struct run *run = find_started(request, failure);
	struct winsize size = { 0 };

	if (!run)
		return false;
	if (!run->pty || run->input.fd < 0)
		return refuse(failure, ENOTTY, "the run has no terminal, or no longer");
	if (!command_size(request, &size.ws_row, &size.ws_col, failure))
		return false;
	if (ioctl(run->input.fd, TIOCSWINSZ, &size))
		return fail(failure, "ioctl", NULL, "the terminal's size cannot be changed");
	line_begin("ok");
	line_json("id", id);
	line_end();
	return true;
}
