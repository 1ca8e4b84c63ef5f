/* Lines from stdin, cut at newlines. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "json.h"

/* A request that is JSON and has an id; `id` is that number as it was spelt. */
typedef void request_handler(const struct json *request, const char *id);
typedef void requests_ended(void);

void requests_start(request_handler *handler, requests_ended *ended);
void requests_stop(void);

#endif
