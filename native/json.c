#include "json.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_LIMIT 16

struct reader {
	const char *at, *end;
	struct json *node; /* the next free node */
	char *text;        /* the next free byte for texts */
	const char *problem;
};

static bool read_value(struct reader *reader, struct json *value, int depth);

static bool wrong(struct reader *reader, const char *sentence)
{
	if (!reader->problem)
		reader->problem = sentence;
	return false;
}

static void skip_space(struct reader *reader)
{
	while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) && *reader->at)
		reader->at++;
}

static bool take(struct reader *reader, char wanted)
{
	skip_space(reader);
	if (reader->at == reader->end || *reader->at != wanted)
		return false;
	reader->at++;
	return true;
}

static bool read_hex(struct reader *reader, unsigned *value)
{
	*value = 0;
	if (reader->end - reader->at < 4)
		return wrong(reader, "a \\u escape needs four digits");
	for (int i = 0; i < 4; i++) {
		char c = *reader->at++;
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
			: c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
			: c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
		if (digit > 15)
			return wrong(reader, "a \\u escape needs four hexadecimal digits");
		*value = *value << 4 | digit;
	}
	return true;
}

static void put_code_point(struct reader *reader, unsigned point)
{
	if (point < 0x80) {
		*reader->text++ = (char)point;
		return;
	}
	int tail = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	*reader->text++ = (char)(lead[tail] | point >> 6 * tail);
	while (tail--)
		*reader->text++ = (char)(0x80 | (point >> 6 * tail & 0x3f));
}

/* \uD83D\uDC0B is one character in two escapes: a high surrogate, then a low one. */
static bool read_unicode(struct reader *reader)
{
	unsigned point, low;

	if (!read_hex(reader, &point))
		return false;
	if (point >= 0xd800 && point < 0xdc00) {
		if (reader->end - reader->at < 2 || reader->at[0] != '\\' || reader->at[1] != 'u')
			return wrong(reader, "a surrogate stands alone");
		reader->at += 2;
		if (!read_hex(reader, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return wrong(reader, "a surrogate stands alone");
		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
	} else if (point >= 0xdc00 && point < 0xe000) {
		return wrong(reader, "a surrogate stands alone");
	}
	/* argv, env and paths are C strings: a NUL would silently cut them. */
	if (point == 0)
		return wrong(reader, "a string holds U+0000");
	put_code_point(reader, point);
	return true;
}

static bool read_escape(struct reader *reader)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";

	if (reader->at == reader->end)
		return wrong(reader, "a string does not end");
	char name = *reader->at++;
	const char *found = name ? strchr(names, name) : NULL;

	if (found)
		*reader->text++ = values[found - names];
	else if (name == 'u')
		return read_unicode(reader);
	else
		return wrong(reader, "an escape is unknown");
	return true;
}

static bool read_string(struct reader *reader, const char **value)
{
	*value = reader->text;
	while (reader->at < reader->end && *reader->at != '"') {
		if ((unsigned char)*reader->at < 0x20)
			return wrong(reader, "a string holds a bare control character");
		if (*reader->at != '\\')
			*reader->text++ = *reader->at++;
		else if (reader->at++, !read_escape(reader))
			return false;
	}
	if (reader->at == reader->end)
		return wrong(reader, "a string does not end");
	reader->at++;
	*reader->text++ = 0;
	return true;
}

static bool read_members(struct reader *reader, struct json *value, int depth)
{
	bool object = value->type == JSON_OBJECT;
	char closing = object ? '}' : ']';
	struct json **link = &value->child;

	if (take(reader, closing))
		return true;
	do {
		struct json *member = reader->node++;

		if (object && (!take(reader, '"') || !read_string(reader, &member->name)))
			return wrong(reader, "a member needs a name");
		if (object && !take(reader, ':'))
			return wrong(reader, "a member needs a colon");
		if (!read_value(reader, member, depth + 1))
			return false;
		*link = member;
		link = &member->next;
	} while (take(reader, ','));
	return take(reader, closing) || wrong(reader, "a bracket is not closed");
}

static size_t digits(struct reader *reader)
{
	size_t count = 0;

	while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
		reader->at++;
		count++;
	}
	return count;
}

static bool read_number(struct reader *reader, struct json *value)
{
	const char *from = reader->at;

	if (*reader->at == '-')
		reader->at++;
	const char *whole = reader->at;
	size_t count = digits(reader);
	if (!count || (count > 1 && *whole == '0'))
		return wrong(reader, "this is not JSON");
	if (reader->at < reader->end && *reader->at == '.' && (reader->at++, !digits(reader)))
		return wrong(reader, "a number ends too early");
	if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
		reader->at++;
		if (reader->at < reader->end && (*reader->at == '+' || *reader->at == '-'))
			reader->at++;
		if (!digits(reader))
			return wrong(reader, "a number ends too early");
	}
	size_t length = (size_t)(reader->at - from);
	value->type = JSON_NUMBER;
	value->text = memcpy(reader->text, from, length);
	reader->text += length;
	*reader->text++ = 0;
	return true;
}

static bool read_word(struct reader *reader, struct json *value)
{
	static const struct {
		const char *text;
		enum json_type type;
	} words[] = { { "null", JSON_NULL }, { "false", JSON_FALSE }, { "true", JSON_TRUE } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t length = strlen(words[i].text);

		if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, words[i].text, length))
			continue;
		value->type = words[i].type;
		reader->at += length;
		return true;
	}
	return read_number(reader, value);
}

static bool read_value(struct reader *reader, struct json *value, int depth)
{
	if (depth > DEPTH_LIMIT)
		return wrong(reader, "this is nested too deeply");
	if (take(reader, '"')) {
		value->type = JSON_STRING;
		return read_string(reader, &value->text);
	}
	value->type = take(reader, '{') ? JSON_OBJECT : take(reader, '[') ? JSON_ARRAY : JSON_NULL;
	if (value->type != JSON_NULL)
		return read_members(reader, value, depth);
	if (reader->at == reader->end)
		return wrong(reader, "the line ends too early");
	return read_word(reader, value);
}

bool json_parse(struct json_document *document, const char *data, size_t length)
{
	size_t values = 2;

	/* Every value but the first follows one of these, so this many nodes are enough. */
	for (size_t i = 0; i < length; i++)
		values += data[i] == ',' || data[i] == '[' || data[i] == '{';
	*document = (struct json_document){ 0 };
	document->nodes = allocate(values * sizeof *document->nodes);
	document->texts = allocate(length + 2);

	struct reader reader = { data, data + length, document->nodes + 1, document->texts, NULL };
	bool read = utf8_valid(data, length) == length ? read_value(&reader, document->nodes, 0)
						       : wrong(&reader, "the line is not UTF-8");
	skip_space(&reader);
	if (read && reader.at != reader.end)
		read = wrong(&reader, "there is more after the value");
	document->root = document->nodes;
	document->problem = reader.problem;
	return read;
}

void json_free(struct json_document *document)
{
	free(document->nodes);
	free(document->texts);
	*document = (struct json_document){ 0 };
}
