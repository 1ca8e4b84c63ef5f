#include "snapshot.h"

#include "emit.h"
#include "mounts.h"
#include "namespaces.h"
#include "net-rules.h"
#include "net.h"
#include "text.h"

#include <stdlib.h>

static struct {
	struct process **list;
	size_t count, room;
} found;

static void collect(struct process *process, void *context)
{
	(void)context;
	if (found.count == found.room) {
		size_t room = found.room * 2 + 64;
		struct process **grown = allocate(room * sizeof(struct process *));

		for (size_t i = 0; i < found.count; i++)
			grown[i] = found.list[i];
		free(found.list);
		found.list = grown;
		found.room = room;
	}
	found.list[found.count++] = process;
}

static int by_pid(const void *left, const void *right)
{
	pid_t one = (*(struct process *const *)left)->pid, other = (*(struct process *const *)right)->pid;

	return (one > other) - (one < other);
}

static void put_cut(const char *what, size_t left)
{
	if (!left)
		return;
	line_open(NULL, '{');
	line_text("what", what);
	line_integer("left", (int64_t)left);
	line_close('}');
}

/* Nothing stands still meanwhile: `from` and `until` say how long it took. Each part is read at once,
 * the processes first, because the rest is told by way of them. */
void snapshot(const struct lab *lab, const char *id)
{
	struct process init = { .pid = lab->pid, .lab_pid = 1 };
	uint64_t from = monotonic_now();

	found.count = 0;
	process_read_comm(&init);
	process_read_namespaces(init.pid, init.namespaces);
	collect(&init, NULL);
	processes_each(collect, NULL);
	qsort(found.list, found.count, sizeof(struct process *), by_pid);
	/* What has changed unseen is told before the line begins. */
	for (size_t i = 0; i < found.count; i++)
		if (found.list[i] != &init && namespaces_read(found.list[i]))
			namespaces_tell(found.list[i]);
	mounts_look();
	net_count();
	line_begin("ok");
	line_json("id", id);
	line_unsigned("from", from);
	size_t processes = snapshot_processes(lab, found.list, found.count);
	size_t namespaces = snapshot_namespaces(found.list, found.count);
	size_t groups = snapshot_cgroups(lab);
	size_t mounts = mounts_put(SNAPSHOT_MOUNTS);
	net_snapshot();
	line_open("cut", '[');
	put_cut("processes", processes);
	put_cut("namespaces", namespaces);
	put_cut("cgroups", groups);
	put_cut("mounts", mounts);
	line_close(']');
	line_unsigned("until", monotonic_now());
	line_end();
}
