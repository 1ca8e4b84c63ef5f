/* UTF-8, base64, octal escapes, word lists: the first byte cuts the rest in two. */
#include "../text.h"

#include "../emit.h"
#include "../files.h"
#include "../json.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

const char *const fuzz_seeds[] = { "\x04/mnt/a\\040b\\011c\\134", "\x09memory,cpu cpuacct\n", "\x02h\xc3\xa9\xf0\x9f\x90\x8b", NULL };
const char *const fuzz_words[] = { "\\040", "\\1", "\\", "\\-1", "\\ 1", "\\777", "\xed\xa0\x80", "\xf0\x9f\x90",
				   "\xf0\x9f\x90\x8b", "\xc3", ",", " ", "\n", NULL };

/* A stream sends what is whole, and carries the rest to the next chunk: together it is the same. */
static void cut_in_two(const char *data, size_t size, size_t cut)
{
	size_t carried = utf8_incomplete(data, cut);

	MUST(carried <= 3 && carried <= cut);
	if (utf8_valid(data, size) == size)
		MUST(utf8_valid(data, cut - carried) == cut - carried &&
		     utf8_valid(data + cut - carried, size - cut + carried) == size - cut + carried);
}

static size_t told;

static void look(const struct json *line)
{
	const char *base64 = json_text(line, "base64");

	MUST(!base64 == !!json_text(line, "text"));
	MUST(!base64 || strlen(base64) == (told + 2) / 3 * 4);
	MUST(json_text(line, "all"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	size_t length = size - 1, cut = data[0] % length;
	char *text = allocate(length + 1), *copy = NULL;

	memcpy(text, data + 1, length);
	cut_in_two(text, length, cut);
	/* U+0000 is in no text of ours: JSON's reader refuses it. */
	if (!memchr(text, 0, length)) {
		told = length;
		line_begin("fuzz");
		line_bytes(text, length);
		line_text_of("all", text, length);
		line_end();
		lines_check(look);
	}
	/* There and back. */
	struct text base64 = { 0 }, back = { 0 };
	base64_append(&base64, text, length);
	MUST(base64_decode(&back, base64.data) && back.length == length && !memcmp(back.data, text, length));
	back.length = 0;
	base64_decode(&back, text);
	text_free(&base64);
	text_free(&back);
	copy = print_text("%s", text);
	size_t before = strlen(copy);
	unescape_octal(copy);
	MUST(strlen(copy) <= before);
	free(copy);
	/* A word of the list is found in the list. */
	copy = print_text("%.*s", (int)strcspn(text, " ,\n"), text);
	MUST(!*copy || has_word(text, copy));
	free(copy);
	free(text);
	return 0;
}
