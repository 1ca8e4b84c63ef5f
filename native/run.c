#include "run.h"
#include "run-state.h"

#include "asked.h"
#include "emit.h"
#include "names.h"
#include "text.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct run *runs;

struct run *run_find(int64_t number)
{
	struct run *run = runs;

	while (run && run->number != number)
		run = run->next;
	return run;
}

void run_forget(struct run *gone)
{
	for (struct run **link = &runs; *link; link = &(*link)->next) {
		if (*link != gone)
			continue;
		*link = gone->next;
		break;
	}
	for (int i = 0; i < STREAMS; i++)
		stream_close(&gone->streams[i]);
	feed_close(&gone->input);
	free(gone);
}

static void tell_exit(struct run *run)
{
	line_begin("run.exit");
	line_integer("run", run->number);
	if (WIFSIGNALED(run->status))
		line_text("signal", signal_name(WTERMSIG(run->status)));
	else
		line_integer("code", WEXITSTATUS(run->status));
	line_end();
	run->told = true;
}

/* A pipe that has ended, or has given what it owed: is the run's exit due, is the run over? */
static void advance(struct run *run)
{
	bool open = false;

	if (run->exited && !run->told && !run->streams[OUT].owed && !run->streams[ERR].owed)
		tell_exit(run);
	/* pty(7): closing the master hangs up whoever still holds the other side. Background children of
	 * a run without terminal may write on, but nobody writes to them. */
	if (run->told)
		feed_close(&run->input);
	if (run->told && run->pty)
		stream_close(&run->streams[OUT]);
	for (int i = 0; i < STREAMS; i++)
		open = open || run->streams[i].fd >= 0;
	if (run->told && !open)
		run_forget(run);
}

static void stream_ended(struct stream *stream)
{
	struct run *run = stream->owner;

	if (stream == &run->streams[TRACE] && stream->fd < 0) {
		struct message traced = { .kind = MESSAGE_TRACED, .run = run->number };

		message_send(run->control, &traced, NULL, 0, NULL, 0, 0);
	}
	advance(run);
}

struct run *run_new(int64_t number, const char *id, int control)
{
	static const char *const names[] = { "out", "err", "trace" };
	struct run *run = allocate(sizeof *run);

	run->number = number;
	run->control = control;
	run->input.fd = -1;
	strncpy(run->id, id, sizeof run->id - 1);
	for (int i = 0; i < STREAMS; i++)
		run->streams[i] = (struct stream){ .fd = -1, .run = number, .name = names[i],
						   .ended = stream_ended, .owner = run };
	run->next = runs;
	runs = run;
	return run;
}

void run_exited(const struct message *exited)
{
	struct run *run = run_find(exited->run);

	if (!run || run->exited || !run->lab_pid || run->lab_pid != exited->pid)
		return;
	run->exited = true;
	run->status = exited->number;
	/* All that the command itself wrote is in the pipes by now; background children may write
	 * on, and are listened to after the exit. */
	stream_owe(&run->streams[OUT], run->pty);
	stream_owe(&run->streams[ERR], false);
	while (!emit_full() && run->streams[OUT].owed && stream_read(&run->streams[OUT]))
		;
	while (!emit_full() && run->streams[ERR].owed && stream_read(&run->streams[ERR]))
		;
	/* A trace that nobody has opened would never end: reading it says end of file at once. */
	if (run->streams[TRACE].fd >= 0 && !emit_full()) {
		stream_read(&run->streams[TRACE]);
		stream_ended(&run->streams[TRACE]);
		return;
	}
	advance(run);
}

bool run_signal(int control, const char *id, const struct json *request, struct failure *failure)
{
	static const struct {
		const char *name;
		int number;
	} signals[] = { { "INT", SIGINT }, { "TERM", SIGTERM }, { "KILL", SIGKILL } };
	struct message message = { .kind = MESSAGE_SIGNAL };
	const char *name = json_text(request, "signal");
	int64_t number;
	struct run *run = json_integer(request, "run", &number) ? run_find(number) : NULL;

	if (!run || !run->lab_pid)
		return refuse(failure, ESRCH, "there is no such run");
	for (size_t i = 0; name && i < sizeof signals / sizeof *signals; i++)
		if (!strcmp(signals[i].name, name))
			message.number = signals[i].number;
	if (!message.number)
		return refuse(failure, EINVAL, "signal must be INT, TERM or KILL");
	message.pid = run->lab_pid;
	strncpy(message.id, id, sizeof message.id - 1);
	if (!message_send(control, &message, NULL, 0, NULL, 0, 0))
		return fail(failure, "sendmsg", NULL, "the lab cannot be reached");
	asked_note(id, ASKED_NO_RUN);
	return true;
}

void run_abandon(int64_t number)
{
	struct run *run = run_find(number);

	if (run)
		run_forget(run);
}

void runs_pause(bool pause)
{
	for (struct run *run = runs; run; run = run->next)
		for (int i = 0; i < STREAMS; i++)
			stream_pause(&run->streams[i], pause || !run->lab_pid);
}

static void finish(struct run *run)
{
	for (int i = 0; i < STREAMS; i++)
		while (stream_read(&run->streams[i]))
			;
	if (!run->told) {
		/* pid_namespaces(7): when PID 1 ends the kernel sends SIGKILL to all others. */
		if (!run->exited)
			run->status = SIGKILL;
		tell_exit(run);
	}
	run_forget(run);
}

void runs_finish(void)
{
	while (runs)
		finish(runs);
}
