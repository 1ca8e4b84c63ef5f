#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *allocate(size_t size)
{
	void *memory = calloc(1, size ? size : 1);

	if (!memory)
		_exit(71);
	return memory;
}

char *print_text(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		_exit(71);
	va_end(arguments);
	return text;
}

void text_append(struct text *text, const void *data, size_t length)
{
	if (text->capacity - text->length < length + 1) {
		size_t capacity = (text->length + length + 1) * 2;
		char *grown = realloc(text->data, capacity);

		if (!grown)
			_exit(71);
		text->data = grown;
		text->capacity = capacity;
	}
	if (length)
		memcpy(text->data + text->length, data, length);
	text->length += length;
	text->data[text->length] = 0;
}

void text_word(struct text *text, const char *format, ...)
{
	char *word = NULL;
	va_list arguments;

	va_start(arguments, format);
	int length = vasprintf(&word, format, arguments);
	va_end(arguments);
	if (length < 0)
		_exit(71);
	if (text->length)
		text_append(text, " ", 1);
	text_append(text, word, (size_t)length);
	free(word);
}

void text_drop(struct text *text, size_t length)
{
	if (length)
		memmove(text->data, text->data + length, text->length - length);
	text->length -= length;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

bool text_read_fd(struct text *text, int fd, size_t limit)
{
	char chunk[8192];

	text->length = 0;
	text_append(text, "", 0);
	while (text->length < limit) {
		size_t room = limit - text->length;
		ssize_t got = read(fd, chunk, room < sizeof chunk ? room : sizeof chunk);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		text_append(text, chunk, (size_t)got);
	}
	return true;
}

bool text_read(struct text *text, int directory, const char *path, size_t limit)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	text->length = 0;
	text_append(text, "", 0);
	if (fd < 0)
		return false;
	bool whole = text_read_fd(text, fd, limit);
	int error = errno;
	close(fd);
	errno = error;
	return whole;
}

/* Length of the sequence that begins with this byte, with the range of the second byte that keeps
 * out overlong forms, surrogates and what lies beyond U+10FFFF. 0: no sequence begins so. */
static size_t sequence(unsigned char first, unsigned char *low, unsigned char *high)
{
	static const struct {
		unsigned char from, to, length, low, high;
	} rows[] = {
		{ 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
		{ 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
		{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
		{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf },
		{ 0xf4, 0xf4, 4, 0x80, 0x8f },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (first < rows[i].from || first > rows[i].to)
			continue;
		*low = rows[i].low;
		*high = rows[i].high;
		return rows[i].length;
	}
	return 0;
}

/* Bytes of the sequence at `data` that are right so far; `*wanted` is its full length. */
static size_t matched(const unsigned char *data, size_t length, size_t *wanted)
{
	unsigned char low = 0, high = 0;

	*wanted = length ? sequence(data[0], &low, &high) : 0;
	if (!*wanted)
		return 0;
	for (size_t i = 1; i < *wanted; i++) {
		if (i == length || data[i] < low || data[i] > high)
			return i;
		low = 0x80;
		high = 0xbf;
	}
	return *wanted;
}

size_t utf8_valid(const char *data, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)data;
	size_t at = 0, wanted;

	while (at < length) {
		size_t right = matched(bytes + at, length - at, &wanted);

		if (!wanted || right < wanted)
			break;
		at += wanted;
	}
	return at;
}

size_t utf8_incomplete(const char *data, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)data;
	size_t wanted;

	for (size_t back = 1; back <= 3 && back <= length; back++) {
		size_t right = matched(bytes + length - back, back, &wanted);

		if (wanted > back && right == back)
			return back;
	}
	return 0;
}

void base64_append(struct text *text, const char *data, size_t length)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *bytes = (const unsigned char *)data;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (left > 1)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (left > 2)
			group |= bytes[i + 2];
		char four[4] = { alphabet[group >> 18], alphabet[group >> 12 & 63],
				 left > 1 ? alphabet[group >> 6 & 63] : '=',
				 left > 2 ? alphabet[group & 63] : '=' };
		text_append(text, four, 4);
	}
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct text *text, const char *base64)
{
	size_t length = strlen(base64), padding = 0;

	if (length % 4)
		return false;
	while (padding < 2 && padding < length && base64[length - padding - 1] == '=')
		padding++;
	for (size_t i = 0; i < length; i += 4) {
		uint32_t group = 0;
		size_t count = i + 4 == length ? 4 - padding : 4;

		for (size_t j = 0; j < 4; j++) {
			int value = j < count ? base64_value(base64[i + j]) : 0;

			if (value < 0)
				return false;
			group = group << 6 | (uint32_t)value;
		}
		char three[3] = { (char)(group >> 16), (char)(group >> 8), (char)group };
		text_append(text, three, count - 1);
	}
	return true;
}
