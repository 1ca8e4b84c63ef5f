#include "run.h"

#include "asked.h"
#include "command.h"
#include "emit.h"
#include "names.h"
#include "stream.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUT, ERR, TRACE, STREAMS };

struct run {
	int64_t number;
	char id[ID_SIZE];
	pid_t lab_pid; /* 0: lab-init has not answered yet */
	bool exited, told; /* the exit is known; the exit has been sent */
	int status;
	int control;
	struct stream streams[STREAMS];
	struct run *next;
};

static struct run *runs;

static struct run *find(int64_t number)
{
	struct run *run = runs;

	while (run && run->number != number)
		run = run->next;
	return run;
}

static void forget(struct run *gone)
{
	for (struct run **link = &runs; *link; link = &(*link)->next) {
		if (*link != gone)
			continue;
		*link = gone->next;
		break;
	}
	for (int i = 0; i < STREAMS; i++)
		stream_close(&gone->streams[i]);
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
	for (int i = 0; i < STREAMS; i++)
		open = open || run->streams[i].fd >= 0;
	if (run->told && !open)
		forget(run);
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

static struct run *new_run(int64_t number, const char *id, int control)
{
	static const char *const names[] = { "out", "err", "trace" };
	struct run *run = allocate(sizeof *run);

	run->number = number;
	run->control = control;
	strncpy(run->id, id, sizeof run->id - 1);
	for (int i = 0; i < STREAMS; i++)
		run->streams[i] = (struct stream){ .fd = -1, .run = number, .name = names[i],
						   .ended = stream_ended, .owner = run };
	run->next = runs;
	runs = run;
	return run;
}

/* pipe(7): we keep the read ends, lab-init's child gets the write ends. */
static bool hand_over(int control, struct message *message, const char *id, int block,
		      struct failure *failure)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC))
		return fail(failure, "pipe2", NULL, "there is no pipe for the command's output");
	if (pipe2(err, O_CLOEXEC)) {
		fail(failure, "pipe2", NULL, "there is no pipe for the command's output");
		close(out[0]);
		close(out[1]);
		return false;
	}
	int fds[] = { block, out[1], err[1] };
	bool sent = message_send(control, message, NULL, 0, fds, 3, 0) ||
		    fail(failure, "sendmsg", NULL, "the command cannot be handed to the lab");
	close(out[1]);
	close(err[1]);
	if (sent) {
		asked_note(id, message->run);
		struct run *run = new_run(message->run, id, control);

		stream_open(&run->streams[OUT], out[0]);
		stream_open(&run->streams[ERR], err[0]);
		/* Not before the answer. */
		stream_pause(&run->streams[OUT], true);
		stream_pause(&run->streams[ERR], true);
	} else {
		close(out[0]);
		close(err[0]);
	}
	return sent;
}

bool run_start(int control, const char *id, const struct json *request, struct failure *failure)
{
	struct message message = { .kind = MESSAGE_RUN };
	struct text block = { 0 };
	int fd = -1;
	bool started = command_read(request, &block, &message, failure);

	if (started && find(message.run))
		started = refuse(failure, EEXIST, "run %lld is not over yet", (long long)message.run);
	strncpy(message.id, id, sizeof message.id - 1);
	started = started && (fd = command_descriptor(&block, failure)) >= 0 &&
		  hand_over(control, &message, id, fd, failure);
	if (fd >= 0)
		close(fd);
	text_free(&block);
	return started;
}

/* A run that nobody waits for any longer has been started after all. */
static void stop_late(int control, const struct message *started)
{
	struct message message = { .kind = MESSAGE_SIGNAL, .pid = started->pid, .number = SIGKILL };

	if (started->pid > 0)
		message_send(control, &message, NULL, 0, NULL, 0, 0);
}

/* Whoever has taken over PID 1 must not have us wait for something that is no pipe. */
static bool is_fifo(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

void run_started(int control, struct message *started)
{
	struct run *run = find(started->run);

	if (!run || run->lab_pid || strcmp(run->id, started->id) || !asked_answered(run->id)) {
		stop_late(control, started);
		return;
	}
	if (started->pid <= 0) {
		emit_error(run->id, &started->failure);
		forget(run);
		return;
	}
	run->control = control;
	run->lab_pid = started->pid;
	line_begin("ok");
	line_json("id", run->id);
	line_integer("pid", started->credential);
	line_integer("labPid", started->pid);
	if (started->fd_count == 1 && is_fifo(started->fds[0])) {
		char *path = print_text("/run/tsi/trace.%lld", (long long)run->number);

		line_text("trace", path);
		free(path);
		stream_open(&run->streams[TRACE], started->fds[0]);
		started->fd_count = 0;
	}
	line_end();
	stream_pause(&run->streams[OUT], false);
	stream_pause(&run->streams[ERR], false);
}

void run_exited(const struct message *exited)
{
	struct run *run = find(exited->run);

	if (!run || run->exited || !run->lab_pid || run->lab_pid != exited->pid)
		return;
	run->exited = true;
	run->status = exited->number;
	/* All that the command itself wrote is in the pipes by now; background children may write
	 * on, and are listened to after the exit. */
	stream_owe(&run->streams[OUT]);
	stream_owe(&run->streams[ERR]);
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
	struct run *run = json_integer(request, "run", &number) ? find(number) : NULL;

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
	struct run *run = find(number);

	if (run)
		forget(run);
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
	forget(run);
}

void runs_finish(void)
{
	while (runs)
		finish(runs);
}
