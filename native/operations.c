#include "operations.h"

#include "asked.h"
#include "emit.h"
#include "journal.h"
#include "net-rules.h"
#include "net.h"
#include "run.h"
#include "snapshot.h"
#include "text.h"
#include "tree.h"
#include "warden.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIDS_LIMIT 512
#define MEMORY_LIMIT (1ll << 30)

/* NULL-terminated characters allowed; the length is checked by the caller's buffer. */
static bool spelt_with(const char *text, const char *characters, size_t limit)
{
	size_t length = text ? strlen(text) : 0;

	return length > 0 && length <= limit && strspn(text, characters) == length;
}

/* One line for a lab, when its last thing is gone. */
static void count_removed(const char *lab, const char *what, const char *path, pid_t pid)
{
	static int processes, cgroups;
	static char counted[64];

	(void)path;
	(void)pid;
	/* Another one was before, and something of it could not be removed. */
	if (strcmp(counted, lab))
		processes = cgroups = 0;
	snprintf(counted, sizeof counted, "%s", lab);
	processes += !strcmp(what, "process");
	cgroups += !strcmp(what, "cgroup");
	if (strcmp(what, "journal"))
		return;
	if (processes || cgroups)
		emit_diagnostic("cleaned up after %s: %d process%s, %d cgroup director%s", lab, processes,
				processes == 1 ? "" : "es", cgroups, cgroups == 1 ? "y" : "ies");
}

static bool read_limits(const struct json *request, struct limits *limits, struct failure *failure)
{
	const struct json *given = json_member(request, "limits");
	struct {
		const char *name;
		int64_t *value, least, most; /* the most: what the kernel's files take */
	} rows[] = { { "pids", &limits->pids, 8, 4 << 20 },
		     { "memory", &limits->memory, 16 << 20, 1ll << 60 } };

	*limits = (struct limits){ PIDS_LIMIT, MEMORY_LIMIT, json_flag(request, "enableControllers") };
	if (given && given->type != JSON_OBJECT)
		return refuse(failure, EINVAL, "limits must be an object");
	for (size_t i = 0; i < 2; i++) {
		if (!json_member(given, rows[i].name))
			continue;
		if (!json_integer(given, rows[i].name, rows[i].value) || *rows[i].value < rows[i].least ||
		    *rows[i].value > rows[i].most)
			return refuse(failure, EINVAL, "limits.%s must be a whole number, %lld to %lld", rows[i].name,
				      (long long)rows[i].least, (long long)rows[i].most);
	}
	return true;
}

static bool up(const struct json *request, const char *id, struct failure *failure)
{
	const char *name = json_text(request, "name"), *mode = json_text(request, "mode");
	const char *hostname = json_text(request, "hostname");
	struct lab plan = { 0 };

	if (!spelt_with(name, "abcdefghijklmnopqrstuvwxyz0123456789-", 32))
		return refuse(failure, EINVAL, "up needs a name of 1 to 32 of a-z, 0-9 and -");
	if (!mode || (strcmp(mode, "root") && strcmp(mode, "rootless")))
		return refuse(failure, EINVAL, "up needs a mode: root or rootless");
	plan.rootless = !strcmp(mode, "rootless");
	if (!plan.rootless && geteuid() != 0)
		return refuse(failure, EPERM, "a root lab needs a helper that is root: start it with sudo");
	if (!json_member(request, "hostname"))
		hostname = "lab";
	if (!spelt_with(hostname, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", 64))
		return refuse(failure, EINVAL, "a hostname is 1 to 64 of letters, digits, - and .");
	if (!read_limits(request, &plan.limits, failure))
		return false;
	if (plan.rootless && !become_caller(failure))
		return false;
	snprintf(plan.id, sizeof plan.id, "tsi-%s-%d", name, (int)getpid());
	snprintf(plan.hostname, sizeof plan.hostname, "%s", hostname);
	journal_sweep(count_removed);
	return warden_up(&plan, id, failure);
}

static bool run(const struct json *request, const char *id, struct failure *failure)
{
	return run_start(warden_lab()->control, id, request, failure);
}

static bool send_signal(const struct json *request, const char *id, struct failure *failure)
{
	return run_signal(warden_lab()->control, id, request, failure);
}

static bool write_input(const struct json *request, const char *id, struct failure *failure)
{
	return run_write(id, request, failure);
}

static bool resize(const struct json *request, const char *id, struct failure *failure)
{
	return run_resize(id, request, failure);
}

static bool ask_about_path(enum message_kind kind, const struct json *request, const char *id,
			   struct failure *failure)
{
	struct message message = { .kind = kind };
	const char *path = json_text(request, "path");

	if (!path || path[0] != '/' || strlen(path) >= 4096)
		return refuse(failure, EINVAL, "%s needs an absolute path", kind == MESSAGE_TREE ? "tree" : "read");
	strncpy(message.id, id, sizeof message.id - 1);
	if (!message_send(warden_lab()->control, &message, path, strlen(path), NULL, 0, 0))
		return fail(failure, "sendmsg", NULL, "the lab cannot be reached");
	asked_note(id, ASKED_NO_RUN);
	return true;
}

static bool read_path(const struct json *request, const char *id, struct failure *failure)
{
	return ask_about_path(MESSAGE_READ, request, id, failure);
}

static bool tree(const struct json *request, const char *id, struct failure *failure)
{
	return ask_about_path(MESSAGE_TREE, request, id, failure);
}

static bool count(const struct json *request, const char *id, struct failure *failure)
{
	(void)request;
	(void)failure;
	net_count();
	line_begin("ok");
	line_json("id", id);
	line_end();
	return true;
}

static bool watch(const struct json *request, const char *id, struct failure *failure)
{
	const char *what = json_text(request, "what");

	if (!what || strcmp(what, "conntrack"))
		return refuse(failure, EINVAL, "watch needs what, and the only one so far is conntrack");
	net_watch_connections();
	line_begin("ok");
	line_json("id", id);
	line_end();
	return true;
}

static bool take_snapshot(const struct json *request, const char *id, struct failure *failure)
{
	(void)request;
	(void)failure;
	snapshot(warden_lab(), id);
	return true;
}

static bool down(const struct json *request, const char *id, struct failure *failure)
{
	(void)request;
	(void)failure;
	line_begin("ok");
	line_json("id", id);
	line_end();
	warden_end("down");
	return true;
}

/* What is not in this table does not exist. `why`: what keeps it from reaching beyond the lab. */
static const struct operation {
	const char *name;
	bool (*perform)(const struct json *request, const char *id, struct failure *failure);
	bool needs_lab;
	const char *why;
} operations[] = {
	{ "up", up, false, "once; everything it makes hangs on lab-init and on directories of our own name" },
	{ "run", run, true, "argv is a child of lab-init, so it dies with the lab; its terminal is the lab's" },
	{ "write", write_input, true, "only into the pipe or the terminal of a run that asked for it" },
	{ "resize", resize, true, "only a run's own terminal" },
	{ "signal", send_signal, true, "to a run's process group, by lab-init, which sees no pid but the lab's" },
	{ "read", read_path, true, "lab-init reads, below the lab's root, regular files alone" },
	{ "tree", tree, true, "lab-init reads, below the lab's root; it opens directories alone, and so many" },
	{ "count", count, true, "reads the counters of firewall rules" },
	{ "watch", watch, true, "listens to what the kernel says of the lab's network namespaces alone" },
	{ "snapshot", take_snapshot, true, "only reads; what it says is bounded" },
	{ "down", down, false, "the same as closing stdin" },
};

static bool perform(const struct json *request, const char *id, struct failure *failure)
{
	const char *name = json_text(request, "op");

	for (size_t i = 0; name && i < sizeof operations / sizeof *operations; i++) {
		if (strcmp(name, operations[i].name))
			continue;
		if (operations[i].needs_lab && !warden_lab())
			return refuse(failure, 0, "there is no lab yet: ask for up first");
		return operations[i].perform(request, id, failure);
	}
	return refuse(failure, EINVAL, "there is no operation %.64s", name ? name : "without a name");
}

void operation_take(const struct json *request, const char *id)
{
	struct failure failure;

	if (!perform(request, id, &failure))
		emit_error(id, &failure);
}

void operation_end(void)
{
	warden_end("stdin closed");
}

void operation_done(const struct message *done, const char *data)
{
	size_t length = done->length;

	if (!asked_answered(done->id))
		return;
	if (done->failure.message[0]) {
		emit_error(done->id, &done->failure);
		return;
	}
	line_begin("ok");
	line_json("id", done->id);
	if (done->trace || done->input)
		line_flag("exists", done->number);
	if (done->input && done->number) {
		tree_tell(data, length);
		line_flag("more", done->run);
	}
	if (done->trace && !done->input && done->number) {
		/* A file longer than the limit may have been cut inside a character. */
		if (length == MESSAGE_DATA_LIMIT)
			length -= utf8_incomplete(data, length);
		line_bytes(data, length);
	}
	line_end();
}
