/* Reading JSON (RFC 8259): one line in, a tree out. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	const char *name;   /* the member's name, when it is one of an object */
	const char *text;   /* a string's value, a number's own spelling */
	struct json *child; /* the first element or member */
	struct json *next;
};

struct json_document {
	struct json *root;
	struct json *nodes;
	char *texts;
	const char *problem; /* one sentence, when json_parse said false */
};

bool json_parse(struct json_document *document, const char *data, size_t length);
void json_free(struct json_document *document);

const struct json *json_member(const struct json *object, const char *name);
/* NULL or false when the member is absent or of another type. */
const char *json_text(const struct json *object, const char *name);
bool json_flag(const struct json *object, const char *name);
bool json_integer(const struct json *object, const char *name, int64_t *value);

#endif
