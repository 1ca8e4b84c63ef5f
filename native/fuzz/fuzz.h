/* What every fuzz target has: one input, and words worth putting into inputs. */
#ifndef FUZZ_H
#define FUZZ_H

#include "../text.h"

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own name, so that a target runs under clang's engine or under our loop (loop.c). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* NULL-terminated: whole inputs to start from, and pieces to put into them. */
extern const char *const fuzz_seeds[];
extern const char *const fuzz_words[];

/* A property that does not hold ends the process as a crash does; the input is kept. */
#define MUST(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *condition, const char *file, int line);

/* lines.c: each line that the helper has said is one JSON object with a kind; forgets them.
 * `look` sees every line. */
struct json;
void lines_check(void (*look)(const struct json *line));

/* The input, taken apart: all give zeros when it has ended. */
struct input {
	const uint8_t *at;
	size_t left;
};
uint8_t take_byte(struct input *input);
uint32_t take_number(struct input *input);
/* Up to `limit` bytes; never NULL. */
const uint8_t *take_bytes(struct input *input, size_t limit, size_t *length);

/* In place of text_read_fd(): whatever file is read, this is in it. */
bool fuzz_text_read_fd(struct text *text, int fd, size_t limit);
extern const char *content;
extern size_t content_length;

#endif
