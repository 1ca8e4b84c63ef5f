/* The closed list of what a request may ask for. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "json.h"
#include "message.h"

void operation_take(const struct json *request, const char *id);
/* stdin has ended. */
void operation_end(void);
/* lab-init's answer to `signal` or `read`. */
void operation_done(const struct message *done, const char *data);

#endif
