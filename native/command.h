/* A `run` request, in the form that spawn.c takes. */
#ifndef COMMAND_H
#define COMMAND_H

#include "failure.h"
#include "json.h"
#include "message.h"
#include "text.h"

bool command_read(const struct json *request, struct text *block, struct message *message,
		  struct failure *failure);
/* A memfd that holds the block, or -1. */
/* `rows` and `columns`, 1 to 65535 each. */
bool command_size(const struct json *request, unsigned short *rows, unsigned short *columns,
		  struct failure *failure);
int command_descriptor(const struct text *block, struct failure *failure);

#endif
