/* The keeper: parent of the container's process. It does what can only be done from outside (id maps,
 * v1 cgroups), holds the container where it is to stop, answers `container go`, hands on signals, and
 * ends as the command ended. */
#include "container.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 3 /* a signal that PID 1 ignores is sent three times, then it is SIGKILL */

struct keeper {
	struct container *container;
	int listener, signals;
	int asker;          /* who waits for the answer to `go`, or -1 */
	enum stage stopped; /* where the container waits, or STAGE_NONE */
	bool executes, dead;
	int status, nudges;
};

static void answer_asker(struct keeper *keeper, const char *words)
{
	if (keeper->asker < 0)
		return;
	send(keeper->asker, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(keeper->asker);
	keeper->asker = -1;
}

static void say_state(const struct keeper *keeper, char *words, size_t size)
{
	const struct container *container = keeper->container;

	if (keeper->stopped != STAGE_NONE)
		snprintf(words, size, "stopped after %s, pid %d", stage_name(keeper->stopped), (int)container->pid);
	else
		snprintf(words, size, "%s, pid %d", keeper->executes ? "running" : "on its way", (int)container->pid);
}

static void tell_asker(struct keeper *keeper)
{
	char words[128];

	say_state(keeper, words, sizeof words);
	answer_asker(keeper, words);
}

static void oblige(struct keeper *keeper, enum stage stage)
{
	struct keeper_answer answer = { .stops = keeper->container->stops };

	if (stage == STAGE_ID_MAPS)
		answer.done = id_maps_write(keeper->container, &answer.failure);
	else if (stage == STAGE_CGROUP)
		answer.done = cgroup_enter(keeper->container, &answer.failure);
	send(keeper->container->keeper, &answer, sizeof answer, MSG_NOSIGNAL);
}

static void say_failure(const char *stage, const struct failure *failure)
{
	fprintf(stderr, "container: %s: %s", stage, failure->message);
	if (*failure->call)
		fprintf(stderr, " (%s%s%s)", failure->call, *failure->path ? " " : "", failure->path);
	fputc('\n', stderr);
}

static void report_failure(struct keeper *keeper, const struct keeper_message *message)
{
	const struct failure *failure = &message->failure;
	char words[600];

	snprintf(words, sizeof words, "failed at %s: %s%s%s%s", stage_name(message->stage), failure->message,
		 *failure->call ? " (" : "", failure->call, *failure->call ? ")" : "");
	say_failure(stage_name(message->stage), failure);
	answer_asker(keeper, words);
	keeper->executes = false;
}

/* The socket is close-on-exec: after "executes" its end says that execve(2) has succeeded. */
static void container_ended_talk(struct keeper *keeper)
{
	close(keeper->container->keeper);
	keeper->container->keeper = -1;
	if (!keeper->executes)
		return;
	did(keeper->container, "execve", "%s", keeper->container->argv[0]);
	tell_stage(keeper->container, STAGE_EXEC);
	tell_asker(keeper);
}

static void hear_container(struct keeper *keeper)
{
	struct keeper_message message;

	if (recv(keeper->container->keeper, &message, sizeof message, 0) != sizeof message) {
		container_ended_talk(keeper);
		return;
	}
	if (message.word == KEEPER_PLEASE)
		oblige(keeper, message.stage);
	else if (message.word == KEEPER_FAILED)
		report_failure(keeper, &message);
	else if (message.word == KEEPER_EXECUTES)
		keeper->executes = true;
	else {
		keeper->stopped = message.stage;
		tell_asker(keeper);
	}
}

static void go_on(struct keeper *keeper, unsigned stops)
{
	struct keeper_answer answer = { .done = true };

	keeper->stopped = STAGE_NONE;
	keeper->container->stops |= stops;
	answer.stops = keeper->container->stops;
	send(keeper->container->keeper, &answer, sizeof answer, MSG_NOSIGNAL);
}

static void hear_question(struct keeper *keeper, int client)
{
	char words[64] = "", state[128];
	unsigned stops;

	if (recv(client, words, sizeof words - 1, 0) <= 0) {
		close(client);
	} else if (sscanf(words, "go %x", &stops) == 1 && keeper->stopped != STAGE_NONE) {
		answer_asker(keeper, "refused: somebody else said go");
		keeper->asker = client;
		go_on(keeper, stops);
	} else {
		if (!strcmp(words, "kill"))
			kill(keeper->container->pid, SIGKILL);
		say_state(keeper, state, sizeof state);
		const char *answer = !strcmp(words, "kill") ? "killed"
				     : !strcmp(words, "state") ? state : "refused: it is not stopped";
		send(client, answer, strlen(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
		close(client);
	}
}

static void take_question(struct keeper *keeper)
{
	struct timeval patience = { .tv_usec = 200000 };
	int client = accept4(keeper->listener, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return;
	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	hear_question(keeper, client);
}

/* pid_namespaces(7): PID 1 gets only signals it has a handler for, unless SIGKILL comes from outside.
 * So `container run -- sleep 100` does not heed the first Ctrl-C, as in Docker. */
static void take_signal(struct keeper *keeper)
{
	struct signalfd_siginfo information;

	if (read(keeper->signals, &information, sizeof information) != sizeof information)
		return;
	if (information.ssi_signo == SIGCHLD) {
		siginfo_t end = { 0 };

		/* It stays a zombie until all it said is told: a pid that is free names nobody. */
		waitid(P_PID, (id_t)keeper->container->pid, &end, WEXITED | WNOHANG | WNOWAIT);
		keeper->dead = end.si_pid != 0;
		return;
	}
	bool enough = ++keeper->nudges >= PATIENCE || !keeper->executes;
	kill(keeper->container->pid, enough ? SIGKILL : (int)information.ssi_signo);
}

static void turn(struct keeper *keeper)
{
	struct pollfd ready[] = { { .fd = keeper->container->keeper, .events = POLLIN },
				  { .fd = keeper->listener, .events = POLLIN },
				  { .fd = keeper->signals, .events = POLLIN } };

	if (poll(ready, 3, -1) < 0)
		return;
	if (ready[0].revents)
		hear_container(keeper);
	else if (ready[2].revents)
		take_signal(keeper);
	else if (ready[1].revents)
		take_question(keeper);
}

static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* As a shell says it: 128 and the signal. */
static int status_of(const struct keeper *keeper)
{
	return WIFSIGNALED(keeper->status) ? 128 + WTERMSIG(keeper->status) : WEXITSTATUS(keeper->status);
}

static int keep(struct keeper *keeper)
{
	while (!keeper->dead)
		turn(keeper);
	/* What it said before it died. */
	while (keeper->container->keeper >= 0)
		hear_container(keeper);
	answer_asker(keeper, "ended");
	waitpid(keeper->container->pid, &keeper->status, 0);
	return status_of(keeper);
}

int keeper_run(struct container *container)
{
	struct keeper keeper = { .container = container, .listener = -1, .asker = -1, .stopped = STAGE_NONE };
	struct failure failure;
	int status = 125;

	tell_open(container);
	keeper.signals = signals_open();
	if (!control_take_name(container, &keeper.listener, &failure) ||
	    !namespaces_clone(container, &failure))
		say_failure("clone", &failure);
	else
		status = keep(&keeper);
	control_give_up_name(container);
	cgroup_clean();
	free(container->mask_words);
	return status;
}
