#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct json *json_member(const struct json *object, const char *name)
{
	if (object && object->type == JSON_OBJECT)
		for (const struct json *member = object->child; member; member = member->next)
			if (!strcmp(member->name, name))
				return member;
	return NULL;
}

const char *json_text(const struct json *object, const char *name)
{
	const struct json *member = json_member(object, name);

	return member && member->type == JSON_STRING ? member->text : NULL;
}

bool json_flag(const struct json *object, const char *name)
{
	const struct json *member = json_member(object, name);

	return member && member->type == JSON_TRUE;
}

bool json_integer(const struct json *object, const char *name, int64_t *value)
{
	const struct json *member = json_member(object, name);
	char *end;

	if (!member || member->type != JSON_NUMBER)
		return false;
	errno = 0;
	*value = strtoll(member->text, &end, 10);
	return errno == 0 && *end == 0;
}
