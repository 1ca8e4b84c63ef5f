/* Lines from stdin, cut at newlines. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "json.h"

/* A request that is JSON and has an id; `id` is that number as it was spelt. */
typedef void request_handler(const struct json *request, const char *id);
typedef void requests_ended(void);

void requests_start(request_handler *handler, requests_ended *ended);
void requests_stop(void);
/* While the answers are not read none are made; the end of the asker is heard all the same. */
void requests_pause(bool pause);

#endif
