/* What a PID 1 that has been taken over says are the names below a directory: lengths that are not
 * so, texts that end in the middle. 1 stands for NUL in the bytes. */
#include "../tree-tell.c"

#include "../json.h"
#include "../text.h"
#include "fuzz.h"

#include <stdlib.h>

const char *const fuzz_seeds[] = { "aaaa\x03" "etc", "abbb\x08" "etc/motd" "baaa\x04" "link", "\xff\xff\xff\xff\x05x", NULL };
const char *const fuzz_words[] = { "a\x01\x01\x01", "\x01\x01\x01\x01", "\xff\xff\xff\xff", "\xff", "\xc3", NULL };

static void put_entry(struct input *input, struct text *text)
{
	uint8_t honest = take_byte(input);
	size_t length;
	const uint8_t *bytes = take_bytes(input, take_byte(input), &length);
	struct tree_entry entry = { .mode = take_number(input), .marks = take_byte(input),
				    .path = (uint32_t)length };

	if (honest % 4 == 0)
		entry.target = take_number(input);
	if (honest % 8 == 1)
		entry.path = take_number(input), entry.redirect = take_number(input);
	text_append(text, &entry, sizeof entry - (honest == 255 ? 3 : 0));
	text_append(text, bytes, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct text text = { 0 };

	while (input.left)
		put_entry(&input, &text);
	/* Of its own size, so that a byte too many is seen. */
	char *exact = allocate(text.length + 1);
	if (text.length)
		memcpy(exact, text.data, text.length);
	line_begin("ok");
	tree_tell(exact, text.length);
	line_end();
	free(exact);
	text_free(&text);
	lines_check(NULL);
	return 0;
}
