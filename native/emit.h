/* Writing the helper's lines: JSON out, through a queue, so that a slow reader costs nobody a line. */
#ifndef EMIT_H
#define EMIT_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t monotonic_now(void);

/* One line: line_begin, any fields, line_end. */
void line_begin(const char *kind);
void line_begin_at(const char *kind, uint64_t t);
void line_end(void);

/* A NULL name is an array's element. */
void line_open(const char *name, char bracket);
void line_close(char bracket);
void line_integer(const char *name, int64_t value);
void line_unsigned(const char *name, uint64_t value);
void line_flag(const char *name, bool value);
/* Bytes that are not UTF-8 become U+FFFD. */
void line_text(const char *name, const char *value);
void line_text_of(const char *name, const char *value, size_t length);
/* `text` when the bytes are UTF-8, `base64` when they are not. */
void line_bytes(const char *data, size_t length);
/* A value that is JSON already; with a NULL name also members that were captured. */
void line_json(const char *name, const char *json);

/* From here on fields go into this text instead of the line; NULL: into the line again. Between
 * lines only: it is for members that are compared before they are told. */
struct text;
void line_capture(struct text *into);

void emit_diagnostic(const char *format, ...) __attribute__((format(printf, 1, 2)));
void emit_error(const char *id, const struct failure *failure);

/* The queue. Full: stop reading what can wait. Overfull: drop what may be lost, and say so. */
void emit_start(void);
bool emit_full(void);
bool emit_overfull(void);
/* Writes for at most this long; a reader that has gone away is no error. */
void emit_finish(int milliseconds);
bool emit_reader_gone(void);

#endif
