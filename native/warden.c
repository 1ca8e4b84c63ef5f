#include "warden.h"

#include "asked.h"
#include "emit.h"
#include "lab.h"
#include "loop.h"
#include "message.h"
#include "names.h"
#include "operations.h"
#include "process-events.h"
#include "process-poll.h"
#include "ready.h"
#include "requests.h"
#include "run.h"
#include "text.h"
#include "watchers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define END_MILLISECONDS 500
#define MESSAGES_A_TURN 256

static struct warden {
	struct lab lab;
	bool up, ending, finished, died;
	uint64_t deadline;
	char reason[128];
} warden;

static void control_ready(struct watch *watch, short events);
static void init_dead(struct watch *watch, short events);
static void janitor_dead(struct watch *watch, short events);
static void signalled(struct watch *watch, short events);

static struct watch control = { .fd = -1, .events = POLLIN, .ready = control_ready };
static struct watch init_death = { .fd = -1, .events = POLLIN, .ready = init_dead };
static struct watch janitor_death = { .fd = -1, .events = POLLIN, .ready = janitor_dead };
static struct watch signals = { .fd = -1, .events = POLLIN, .ready = signalled };

/* The lab goes: lab-init reads end of file, and may still tell us how its runs ended. */
void warden_end(const char *reason)
{
	if (warden.ending)
		return;
	warden.ending = true;
	snprintf(warden.reason, sizeof warden.reason, "%s", reason);
	warden.deadline = monotonic_now() + END_MILLISECONDS * 1000000ull;
	requests_stop();
	if (warden.up)
		shutdown(warden.lab.control, SHUT_WR);
	else
		warden.finished = true;
}

static void take_answer(struct message *message, char *data)
{
	if (message->kind == MESSAGE_STARTED)
		run_started(warden.lab.control, message);
	else if (message->kind == MESSAGE_EXITED)
		run_exited(message);
	else if (message->kind == MESSAGE_ENDED)
		process_poll_ended(message->credential, message->number);
	else if (message->kind == MESSAGE_DONE)
		operation_done(message, data);
	message_close_fds(message);
}

/* What lab-init has said, but not without end. 1: there is more, 0: it has closed its end, -1: no more
 * for now. */
static int take_answers(void)
{
	static char data[MESSAGE_DATA_LIMIT];
	struct message message;

	for (int i = 0; i < MESSAGES_A_TURN; i++) {
		int got = message_receive(control.fd, &message, data, MSG_DONTWAIT);

		if (got > 0)
			take_answer(&message, data);
		else if (got == 0 || errno != EPROTO)
			return got;
	}
	return 1;
}

static void control_ended(void)
{
	if (control.fd < 0)
		return;
	control.fd = -1;
	warden.died = warden.died || !warden.ending;
	warden_end("the lab's PID 1 has ended");
}

static void control_ready(struct watch *watch, short events)
{
	(void)watch;
	(void)events;
	if (take_answers() == 0)
		control_ended();
}

static void init_dead(struct watch *watch, short events)
{
	int status = 0;

	(void)events;
	/* Nobody is left who could say more. */
	while (control.fd >= 0 && take_answers() > 0)
		;
	control_ended();
	waitpid(warden.lab.pid, &status, 0);
	warden.lab.pid = 0;
	if (WIFSIGNALED(status)) {
		warden.died = true;
		snprintf(warden.reason, sizeof warden.reason, "the lab's PID 1 was killed by %s",
			 signal_name(WTERMSIG(status)));
	}
	watch->fd = -1;
	warden.finished = true;
}

/* A killed janitor is replaced: there is always somebody who outlives us. */
static void janitor_dead(struct watch *watch, short events)
{
	struct failure failure;

	(void)events;
	watch->fd = -1;
	janitor_dismiss(&warden.lab.janitor);
	if (warden.ending)
		return;
	if (!janitor_start(&warden.lab.janitor, &warden.lab.journal, &failure)) {
		emit_diagnostic("the janitor died and cannot be started again: %s", failure.message);
		return;
	}
	janitor_watch(&warden.lab.janitor, warden.lab.pidfd);
	watch->fd = warden.lab.janitor.socket;
	emit_diagnostic("the janitor died; there is a new one");
}

static void signalled(struct watch *watch, short events)
{
	struct signalfd_siginfo information;

	(void)events;
	if (read(watch->fd, &information, sizeof information) == sizeof information)
		warden_end(signal_name((int)information.ssi_signo));
}

struct lab *warden_lab(void)
{
	return warden.up ? &warden.lab : NULL;
}

bool warden_up(const struct lab *plan, const char *id, struct failure *failure)
{
	if (warden.up)
		return refuse(failure, EEXIST, "the lab is up already");
	if (warden.ending)
		return refuse(failure, 0, "the helper is ending");
	warden.lab = *plan;
	/* Before the lab, so that not one of its processes is missed. */
	struct failure blind = { 0 };
	bool watching = process_events_open(&blind);
	if (!lab_up(&warden.lab, failure)) {
		process_events_stop();
		return false;
	}
	if (!watching)
		cgroups_lack(&warden.lab.cgroups, "processes.all", "short-lived processes are not seen, "
			     "because /proc is read every 20 ms instead: %s", blind.message);
	watchers_open(&warden.lab);
	warden.up = true;
	control.fd = warden.lab.control;
	init_death.fd = warden.lab.pidfd;
	janitor_death.fd = warden.lab.janitor.socket;
	emit_ready(&warden.lab, id);
	watchers_start(&warden.lab);
	return true;
}

static void hear_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* signalfd(2): a signal becomes something to read in the loop. */
	signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void warden_hello(void)
{
	struct timespec real;

	uint64_t now = monotonic_now();
	clock_gettime(CLOCK_REALTIME, &real);
	line_begin_at("hello", now);
	line_integer("protocol", 1);
	line_text("version", VERSION);
	line_integer("pid", getpid());
	line_integer("uid", geteuid());
	line_integer("realtime", (int64_t)real.tv_sec * 1000000000 + real.tv_nsec);
	line_end();
}

static void turn(void)
{
	bool overfull = emit_overfull();

	runs_pause(emit_full() && !warden.ending);
	requests_pause(overfull);
	watchers_pause(overfull, warden.ending);
	loop_turn(warden.ending ? 5 : asked_patience());
	asked_expire();
	if (emit_reader_gone())
		warden_end("nobody reads what the helper says");
	if (!warden.ending || warden.finished)
		return;
	/* v1: frozen processes cannot die. */
	journal_thaw(&warden.lab.journal);
	warden.finished = monotonic_now() > warden.deadline;
}

static void finish(void)
{
	watchers_stop();
	if (warden.up) {
		char *reason = warden.reason;

		lab_bury(&warden.lab);
		process_events_stop();
		asked_give_up("the lab is gone");
		runs_finish();
		line_begin("lab.gone");
		line_text("reason", reason);
		line_end();
	}
	emit_finish(300);
}

int warden_main(void)
{
	warden.lab.journal.fd = -1;
	hear_signals();
	emit_start();
	warden_hello();
	/* Process events first: they are the ones the kernel drops when nobody takes them. */
	process_events_watch();
	struct watch *watches[] = { &control, &init_death, &janitor_death, &signals };
	for (size_t i = 0; i < sizeof watches / sizeof *watches; i++)
		loop_add(watches[i]);
	requests_start(operation_take, operation_end);
	while (!warden.finished)
		turn();
	finish();
	return warden.died;
}
