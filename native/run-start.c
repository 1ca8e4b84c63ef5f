#include "run.h"
#include "run-state.h"

#include "asked.h"
#include "command.h"
#include "emit.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* pipe(7): we keep one end of each, lab-init's child gets the other. `theirs`: stdout, stderr, stdin. */
struct pipes {
	int ours[3], theirs[3];
	size_t count;
};

static void pipes_close(int *ends, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(ends[i]);
}

static bool pipes_open(struct pipes *pipes, size_t wanted, struct failure *failure)
{
	for (pipes->count = 0; pipes->count < wanted; pipes->count++) {
		bool input = pipes->count == 2;
		int ends[2];

		if (pipe2(ends, O_CLOEXEC)) {
			fail(failure, "pipe2", NULL, "there is no pipe for the command's output");
			pipes_close(pipes->ours, pipes->count);
			pipes_close(pipes->theirs, pipes->count);
			return false;
		}
		pipes->ours[pipes->count] = ends[input];
		pipes->theirs[pipes->count] = ends[!input];
	}
	return true;
}

static void listen_to(struct run *run, const struct pipes *pipes)
{
	for (size_t i = 0; i < pipes->count && i < 2; i++) {
		stream_open(&run->streams[i], pipes->ours[i]);
		stream_pause(&run->streams[i], true); /* not before the answer */
	}
	if (pipes->count == 3)
		feed_open(&run->input, pipes->ours[2]);
}

static bool hand_over(int control, struct message *message, const char *id, int block,
		      struct failure *failure)
{
	struct pipes pipes;
	int fds[4] = { block };

	/* A terminal is made in the lab, and its master comes with the answer. */
	if (!pipes_open(&pipes, message->rows ? 0 : message->input ? 3 : 2, failure))
		return false;
	memcpy(fds + 1, pipes.theirs, pipes.count * sizeof *fds);
	bool sent = message_send(control, message, NULL, 0, fds, 1 + pipes.count, 0) ||
		    fail(failure, "sendmsg", NULL, "the command cannot be handed to the lab");
	pipes_close(pipes.theirs, pipes.count);
	if (!sent) {
		pipes_close(pipes.ours, pipes.count);
		return false;
	}
	asked_note(id, message->run);
	struct run *run = run_new(message->run, id, control);
	run->pty = message->rows > 0;
	listen_to(run, &pipes);
	return true;
}

bool run_start(int control, const char *id, const struct json *request, struct failure *failure)
{
	struct message message = { .kind = MESSAGE_RUN };
	struct text block = { 0 };
	int fd = -1;
	bool started = command_read(request, &block, &message, failure);

	if (started && run_find(message.run))
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

/* Whoever has taken over PID 1 must not have us wait for something that is no pipe, nor write to
 * something that is no terminal's master (TIOCGPTN(2const)). */
static void take_descriptor(struct run *run, int fd)
{
	struct stat status;
	unsigned number;

	if (fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode) && run->streams[TRACE].fd < 0) {
		char *path = print_text("/run/tsi/trace.%lld", (long long)run->number);

		line_text("trace", path);
		free(path);
		stream_open(&run->streams[TRACE], fd);
	} else if (run->pty && run->streams[OUT].fd < 0 && ioctl(fd, TIOCGPTN, &number) == 0) {
		int input = fcntl(fd, F_DUPFD_CLOEXEC, 3);

		run->streams[OUT].name = "pty";
		stream_open(&run->streams[OUT], fd);
		if (input >= 0)
			feed_open(&run->input, input);
	} else {
		close(fd);
	}
}

void run_started(int control, struct message *started)
{
	struct run *run = run_find(started->run);

	if (!run || run->lab_pid || strcmp(run->id, started->id) || !asked_answered(run->id)) {
		stop_late(control, started);
		return;
	}
	if (started->pid <= 0) {
		emit_error(run->id, &started->failure);
		run_forget(run);
		return;
	}
	run->control = control;
	run->lab_pid = started->pid;
	line_begin("ok");
	line_json("id", run->id);
	line_integer("pid", started->credential);
	line_integer("labPid", started->pid);
	for (size_t i = 0; i < started->fd_count; i++)
		take_descriptor(run, started->fds[i]);
	started->fd_count = 0;
	line_end();
	stream_pause(&run->streams[OUT], false);
	stream_pause(&run->streams[ERR], false);
}
