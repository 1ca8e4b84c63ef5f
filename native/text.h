/* Text: a buffer that grows, UTF-8 (RFC 3629) and base64 (RFC 4648). */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct text {
	char *data;
	size_t length, capacity;
};

/* Memory that cannot be had ends the process: the janitor and PID 1 tidy up after it. */
void *allocate(size_t size) __attribute__((returns_nonnull));
char *print_text(const char *format, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

void text_append(struct text *text, const void *data, size_t length);
/* Appends, after a space when there is something already. */
void text_word(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_drop(struct text *text, size_t length);
void text_free(struct text *text);

/* Whole content of a file, NUL-terminated; false and errno when it cannot be read. */
bool text_read_fd(struct text *text, int fd, size_t limit);
bool text_read(struct text *text, int directory, const char *path, size_t limit);

/* How many bytes at the start are valid UTF-8. */
size_t utf8_valid(const char *data, size_t length);
/* How many bytes (0 to 3) at the end begin a sequence that is not complete yet. */
size_t utf8_incomplete(const char *data, size_t length);
/* False when it is not base64 (RFC 4648, with padding); `text` may have some of it then. */
bool base64_decode(struct text *text, const char *base64);
void base64_append(struct text *text, const char *data, size_t length);

#endif
