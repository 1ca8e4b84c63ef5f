/* The helper's lines, checked instead of written: emit.c is here with its queue. */
#include "../emit.c"

#include "../json.h"
#include "fuzz.h"

const char *content;
size_t content_length;

bool fuzz_text_read_fd(struct text *text, int fd, size_t limit)
{
	(void)fd;
	text->length = 0;
	text_append(text, "", 0);
	text_append(text, content, content_length < limit ? content_length : limit);
	return true;
}

static void check_line(const char *line, size_t length, void (*look)(const struct json *))
{
	struct json_document document;

	bool parsed = json_parse(&document, line, length);
	MUST(parsed);
	MUST(json_text(document.root, "kind"));
	if (look)
		look(document.root);
	json_free(&document);
}

void lines_check(void (*look)(const struct json *line))
{
	size_t from = 0;
	char *newline;

	while (from < queue.length && (newline = memchr(queue.data + from, '\n', queue.length - from))) {
		check_line(queue.data + from, (size_t)(newline - queue.data) - from, look);
		from = (size_t)(newline - queue.data) + 1;
	}
	MUST(from == queue.length);
	queue.length = sent = 0;
}

_Noreturn void fuzz_broken(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: this must hold: %s\n", file, line, condition);
	abort();
}

uint8_t take_byte(struct input *input)
{
	if (!input->left)
		return 0;
	input->left--;
	return *input->at++;
}

uint32_t take_number(struct input *input)
{
	uint32_t number = 0;

	for (int i = 0; i < 4; i++)
		number = number << 8 | take_byte(input);
	return number;
}

const uint8_t *take_bytes(struct input *input, size_t limit, size_t *length)
{
	const uint8_t *at = input->at;

	*length = limit < input->left ? limit : input->left;
	input->at += *length;
	input->left -= *length;
	return at;
}
