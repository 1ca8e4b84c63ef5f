#include "init.h"

#include "emit.h"
#include "files.h"
#include "journal.h"
#include "lab.h"
#include "netns-enter.h"
#include "text.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define END_MILLISECONDS 300

/* The direct children: runs whose exit the warden is waiting for. */
struct child {
	pid_t pid;
	int64_t run;
	struct child *next;
};

static struct child *children;

static void remember(pid_t pid, int64_t run)
{
	struct child *child = allocate(sizeof *child);

	*child = (struct child){ pid, run, children };
	children = child;
}

static void report_exit(const struct init *init, pid_t pid, int status)
{
	for (struct child **link = &children; *link; link = &(*link)->next) {
		struct child *child = *link;

		if (child->pid != pid)
			continue;
		struct message exited = { .kind = MESSAGE_EXITED, .run = child->run, .pid = pid,
					  .number = status };
		message_send(init->control, &exited, NULL, 0, NULL, 0, 0);
		*link = child->next;
		free(child);
		return;
	}
}

/* Nobody but its parent is told how a process ends where the proc connector does not speak to us, and
 * orphans' parent is PID 1. */
static void report_end(const struct init *init, pid_t pid, int status)
{
	struct message ended = { .kind = MESSAGE_ENDED, .number = status };

	message_send(init->control, &ended, NULL, 0, NULL, 0, pid);
}

/* pid_namespaces(7): orphans of the namespace become children of PID 1, which must wait(2) for
 * them, or they stay zombies. waitid(2) with WNOWAIT leaves the zombie, so that its pid can still be
 * translated for the warden; then that one is reaped, for another may have ended meanwhile. */
static bool reap(const struct init *init, bool reports)
{
	for (;;) {
		siginfo_t end = { 0 };

		if (waitid(P_ALL, 0, &end, WEXITED | WNOHANG | WNOWAIT))
			return errno == ECHILD;
		if (!end.si_pid)
			return false;
		/* As waitpid(2) says it. */
		int status = end.si_code == CLD_EXITED ? end.si_status << 8 : end.si_status;
		if (reports)
			report_end(init, end.si_pid, status);
		if (waitpid(end.si_pid, &status, WNOHANG) <= 0)
			return false;
		report_exit(init, end.si_pid, status);
	}
}

/* The child gets the terminal's other side as all three of its descriptors. */
static int give_terminal(struct message *request, struct failure *failure)
{
	struct winsize size = { .ws_row = request->rows, .ws_col = request->columns };
	int slave = -1, master = pty_open(&size, &slave, failure);

	if (master >= 0) {
		request->fds[1] = request->fds[2] = slave;
		request->fd_count = 3;
	}
	return master;
}

static void start_run(const struct init *init, struct message *request, struct message *started)
{
	int fds[2];
	size_t count = 0;
	bool ready = true;

	if (request->trace)
		ready = (fds[count++] = trace_open(request->run, &started->failure)) >= 0;
	if (ready && request->rows)
		ready = (fds[count++] = give_terminal(request, &started->failure)) >= 0;
	if (ready && spawn(init, request, &started->pid, &started->failure))
		remember(started->pid, request->run);
	else
		started->pid = 0;
	if (request->rows && request->fd_count == 3)
		request->fd_count = 2; /* two names of one descriptor: it is closed once */
	message_send(init->control, started, NULL, 0, fds, ready ? count : 0, started->pid);
	for (size_t i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void answer_run(const struct init *init, struct message *request)
{
	struct message started = { .kind = MESSAGE_STARTED, .run = request->run, .trace = request->trace };

	memcpy(started.id, request->id, sizeof started.id);
	start_run(init, request, &started);
	if (!started.pid && request->trace)
		trace_remove(request->run);
}

static void answer_signal(const struct init *init, const struct message *request)
{
	struct message done = { .kind = MESSAGE_DONE };

	memcpy(done.id, request->id, sizeof done.id);
	/* kill(2) with a negative pid: the process group. spawn() gave each run one of its own. */
	if (request->pid <= 1 || kill(-request->pid, request->number))
		fail(&done.failure, "kill", NULL, "the run's process group cannot be signalled");
	message_send(init->control, &done, NULL, 0, NULL, 0, 0);
}

static void answer_read(const struct init *init, const struct message *request, char *path)
{
	struct message done = { .kind = MESSAGE_DONE };
	struct text text = { 0 };

	memcpy(done.id, request->id, sizeof done.id);
	path[request->length < MESSAGE_DATA_LIMIT ? request->length : MESSAGE_DATA_LIMIT - 1] = 0;
	int found = read_in_lab(path, &text, &done.failure);
	done.trace = true; /* a text belongs to this answer */
	done.number = found > 0;
	message_send(init->control, &done, text.data, found > 0 ? text.length : 0, NULL, 0, 0);
	text_free(&text);
}

static void answer_tree(const struct init *init, const struct message *request, char *path)
{
	struct message done = { .kind = MESSAGE_DONE, .input = true };
	struct text text = { 0 };
	bool more = false;

	memcpy(done.id, request->id, sizeof done.id);
	path[request->length < MESSAGE_DATA_LIMIT ? request->length : MESSAGE_DATA_LIMIT - 1] = 0;
	int found = tree_in_lab(path, &text, &more, &done.failure);
	done.number = found > 0;
	done.run = more;
	message_send(init->control, &done, text.data, found > 0 ? text.length : 0, NULL, 0, 0);
	text_free(&text);
}

static void answer(const struct init *init, struct message *request, char *data)
{
	if (request->kind == MESSAGE_RUN)
		answer_run(init, request);
	else if (request->kind == MESSAGE_SIGNAL)
		answer_signal(init, request);
	else if (request->kind == MESSAGE_READ)
		answer_read(init, request, data);
	else if (request->kind == MESSAGE_TREE)
		answer_tree(init, request, data);
	else if (request->kind == MESSAGE_TRACED)
		trace_remove(request->run);
	message_close_fds(request);
}

static void thaw_all(const struct init *init)
{
	for (size_t i = 0; i < init->way_count; i++)
		cgroup_thaw(init->ways[i].directory, init->lab);
}

/* kill(2) with -1 reaches every process that the caller can see, all at once, so no fork bomb runs
 * ahead of it. For PID 1 of the lab that is the lab and nothing else; for anybody else it would be
 * the host. So it happens only after three proofs that we are where we think. */
static void kill_all(const struct init *init)
{
	ino_t own = namespace_inode(1, "pid");

	if (getpid() != 1 || getppid() != 0 || init->host_pid_namespace == 0 ||
	    own == init->host_pid_namespace)
		return;
	kill(-1, SIGKILL);
}

static bool leave_cgroups(const struct init *init)
{
	bool all = true;

	for (size_t i = 0; i < init->way_count; i++)
		all = write(init->ways[i].procs, "0", 1) == 1 &&
		      cgroup_remove(init->ways[i].directory, init->lab) && all;
	return all;
}

/* With nothing left that it names the journal is done with: the warden and the janitor may both be
 * dead. */
static void leave(const struct init *init)
{
	bool detached = loop_devices_detach(&init->loops, init->root, false);

	if (!leave_cgroups(init) || !detached || init->journals < 0)
		return;
	char *name = print_text("%s" JOURNAL_SUFFIX, init->lab);
	unlinkat(init->journals, name, 0);
	free(name);
}

/* The warden has closed its end, or is dead. What we leave undone the kernel does when PID 1 ends
 * (the other namespaces), or the warden, or the janitor (the cgroups, loop devices). */
static _Noreturn void end(struct init *init)
{
	uint64_t deadline = monotonic_now() + END_MILLISECONDS * 1000000ull;

	ways_take(init);
	do {
		thaw_all(init);
		kill_all(init);
		usleep(500);
	} while (!reap(init, false) && monotonic_now() < deadline);
	leave(init);
	_exit(0);
}

_Noreturn void init_serve(struct init *init)
{
	char *data = allocate(MESSAGE_DATA_LIMIT);
	struct signalfd_siginfo information;
	struct message request;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	for (;;) {
		struct pollfd ready[] = { { .fd = init->control, .events = POLLIN },
					  { .fd = signals, .events = POLLIN },
					  { .fd = init->netns, .events = POLLIN } };

		if (poll(ready, 3, -1) < 0)
			continue;
		if (ready[2].revents & POLLIN)
			netns_answer(init->netns);
		else if (ready[2].revents)
			init->netns = -1;
		if (ready[1].revents && read(signals, &information, sizeof information) > 0)
			reap(init, init->plan->rootless);
		if (!ready[0].revents)
			continue;
		int got = message_receive(init->control, &request, data, MSG_DONTWAIT);
		if (got > 0)
			answer(init, &request, data);
		else if (got == 0)
			end(init);
	}
}
