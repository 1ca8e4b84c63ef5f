#include "command.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Appends every string of an array, NUL after each; false when it is not an array of strings. */
static bool append_strings(struct text *block, const struct json *array, uint32_t *count)
{
	*count = 0;
	if (!array)
		return true;
	if (array->type != JSON_ARRAY)
		return false;
	for (const struct json *item = array->child; item; item = item->next) {
		if (item->type != JSON_STRING)
			return false;
		text_append(block, item->text, strlen(item->text) + 1);
		++*count;
	}
	return true;
}

static bool all_assignments(const struct json *env)
{
	for (const struct json *item = env ? env->child : NULL; item; item = item->next)
		if (!strchr(item->text, '=') || item->text[0] == '=')
			return false;
	return true;
}

bool command_size(const struct json *request, unsigned short *rows, unsigned short *columns,
		  struct failure *failure)
{
	int64_t high, wide;

	if (!json_integer(request, "rows", &high) || !json_integer(request, "columns", &wide) || high < 1 ||
	    wide < 1 || high > 65535 || wide > 65535)
		return refuse(failure, EINVAL, "a terminal needs rows and columns, 1 to 65535");
	*rows = (unsigned short)high;
	*columns = (unsigned short)wide;
	return true;
}

/* The command in the form of spawn.c: cwd, argv, env. */
bool command_read(const struct json *request, struct text *block, struct message *message,
		  struct failure *failure)
{
	const char *cwd = json_text(request, "cwd");
	const struct json *env = json_member(request, "env");

	if (!cwd)
		cwd = "/";
	text_append(block, cwd, strlen(cwd) + 1);
	if (!append_strings(block, json_member(request, "argv"), &message->argc) || !message->argc)
		return refuse(failure, EINVAL, "run needs argv, an array of at least one string");
	if (!append_strings(block, env, &message->envc) || !all_assignments(env))
		return refuse(failure, EINVAL, "env must be an array of NAME=VALUE strings");
	if (!json_integer(request, "run", &message->run) || message->run < 0)
		return refuse(failure, EINVAL, "run needs a number, 0 or greater");
	message->trace = json_flag(request, "trace");
	message->input = json_flag(request, "stdin");
	const struct json *pty = json_member(request, "pty");
	if (pty && message->input)
		return refuse(failure, EINVAL, "a run has a pty or a stdin, not both");
	return !pty || command_size(pty, &message->rows, &message->columns, failure);
}

int command_descriptor(const struct text *block, struct failure *failure)
{
	int fd = memfd_create("command", MFD_CLOEXEC);

	if (fd < 0) {
		fail(failure, "memfd_create", NULL, "the command cannot be handed to the lab");
	} else if (write(fd, block->data, block->length) != (ssize_t)block->length) {
		fail(failure, "write", NULL, "the command cannot be handed to the lab");
		close(fd);
		fd = -1;
	}
	return fd;
}
