#include "asked.h"

#include "emit.h"
#include "message.h"
#include "run.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MILLISECONDS 10000

struct asked {
	char id[ID_SIZE];
	int64_t run;
	uint64_t deadline;
	struct asked *next;
};

static struct asked *oldest, **end = &oldest;

void asked_note(const char *id, int64_t run)
{
	struct asked *asked = allocate(sizeof *asked);

	strncpy(asked->id, id, sizeof asked->id - 1);
	asked->run = run;
	asked->deadline = monotonic_now() + PATIENCE_MILLISECONDS * 1000000ull;
	*end = asked;
	end = &asked->next;
}

static void forget(struct asked **link)
{
	struct asked *gone = *link;

	*link = gone->next;
	if (end == &gone->next)
		end = link;
	free(gone);
}

bool asked_answered(const char *id)
{
	for (struct asked **link = &oldest; *link; link = &(*link)->next) {
		if (strcmp((*link)->id, id))
			continue;
		forget(link);
		return true;
	}
	return false;
}

int asked_patience(void)
{
	uint64_t now = monotonic_now();

	if (!oldest)
		return -1;
	return oldest->deadline > now ? (int)((oldest->deadline - now) / 1000000) + 1 : 0;
}

static void refuse_oldest(int error, const char *why)
{
	struct failure failure;

	refuse(&failure, error, "%s", why);
	emit_error(oldest->id, &failure);
	if (oldest->run != ASKED_NO_RUN)
		run_abandon(oldest->run);
	forget(&oldest);
}

void asked_expire(void)
{
	while (oldest && oldest->deadline <= monotonic_now())
		refuse_oldest(ETIMEDOUT, "the lab's PID 1 does not answer: it may be frozen, or held by a tracer");
}

void asked_give_up(const char *why)
{
	while (oldest)
		refuse_oldest(0, why);
}
