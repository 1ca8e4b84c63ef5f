/* Request lines: any bytes give a tree or a sentence, and what was a text is a text again. */
#include "../json.h"

#include "../emit.h"
#include "../text.h"
#include "fuzz.h"

#include <string.h>

const char *const fuzz_seeds[] = {
	"{\"id\":1,\"op\":\"up\",\"name\":\"a\",\"mode\":\"root\",\"limits\":{\"pids\":64,\"memory\":1e9}}",
	"{\"id\":2,\"op\":\"run\",\"run\":1,\"argv\":[\"/bin/sh\",\"-c\",\"true\"],\"env\":[\"A=b\"],\"trace\":true}",
	"[[[[[[1,-0,0.5,1E+3]]]]],\"\\ud83d\\udc0b\\u00e9\\n\",null,false,{}]",
	"{\"id\":-9223372036854775808,\"op\":\"r\\u0065ad\",\"path\":\"/\\\"\\\\\\/\\b\\f\"}", NULL,
};
const char *const fuzz_words[] = {
	"\\ud800", "\\udc00", "\\u0000", "\\u", "\\", "\"", "[[[[[[[[", "{\"a\":", "]", "}", ",", "1e", "-", "0x",
	"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xf0\x9f\x90\x8b", "9999999999999999999999", "null",
	"tru", NULL,
};

static const struct json *said; /* the tree that was told, while the line is looked at */

static void put(const char *name, const struct json *value)
{
	static const char *const words[] = { "null", "false", "true" };
	bool object = value->type == JSON_OBJECT;

	if (value->type == JSON_STRING) {
		line_text(name, value->text);
	} else if (value->type == JSON_NUMBER) {
		line_json(name, value->text);
	} else if (value->type <= JSON_TRUE) {
		line_json(name, words[value->type]);
	} else {
		line_open(name, object ? '{' : '[');
		for (const struct json *child = value->child; child; child = child->next)
			put(object ? "member" : NULL, child);
		line_close(object ? '}' : ']');
	}
}

static void same(const struct json *left, const struct json *right)
{
	MUST(left->type == right->type);
	MUST(!left->text == !right->text && (!left->text || !strcmp(left->text, right->text)));
	left = left->child;
	right = right->child;
	for (; left && right; left = left->next, right = right->next)
		same(left, right);
	MUST(!left && !right);
}

static void look(const struct json *line)
{
	same(said, json_member(line, "tree"));
}

static int depth_of(const struct json *value)
{
	int most = 0;

	for (const struct json *child = value->child; child; child = child->next) {
		int depth = depth_of(child) + 1;

		most = depth > most ? depth : most;
	}
	return most;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_document document;
	int64_t number;

	if (!json_parse(&document, (const char *)data, size)) {
		MUST(document.problem);
	} else {
		json_integer(document.root, "id", &number);
		MUST(depth_of(document.root) <= 16);
		if (depth_of(document.root) < 16) { /* one deeper, it is told again */
			said = document.root;
			line_begin("fuzz");
			put("tree", said);
			line_end();
			lines_check(look);
		}
	}
	json_free(&document);
	return 0;
}
