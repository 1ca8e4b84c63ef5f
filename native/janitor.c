#include "janitor.h"

#include "emit.h"
#include "files.h"
#include "message.h"
#include "text.h"
#include "title.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

#define GRACE_MILLISECONDS 500
#define LAST_MILLISECONDS 3000

/* pidfd_open(2): a pidfd is readable once the process has ended, whoever its parent is. PID 1 of a
 * pid namespace ends only after every other process in it has (pid_namespaces(7)). */
static bool dead_within(const struct journal *journal, int pidfd, int milliseconds)
{
	uint64_t deadline = monotonic_now() + (uint64_t)milliseconds * 1000000u;

	for (;;) {
		struct pollfd process = { .fd = pidfd, .events = POLLIN };

		if (poll(&process, 1, 5) > 0)
			return true;
		if (monotonic_now() > deadline)
			return false;
		/* v1: a frozen process can neither end by itself nor be killed. */
		journal_thaw(journal);
	}
}

void bury(const struct journal *journal, int pidfd)
{
	if (pidfd >= 0 && !dead_within(journal, pidfd, GRACE_MILLISECONDS)) {
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
		dead_within(journal, pidfd, LAST_MILLISECONDS);
	}
	if (!journal_clear(journal, LAST_MILLISECONDS / 10)) {
		journal_kill(journal);
		journal_clear(journal, LAST_MILLISECONDS);
	}
}

static _Noreturn void serve(const struct journal *journal, int socket)
{
	char *data = allocate(MESSAGE_DATA_LIMIT);
	struct message message;
	int pidfd = -1, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int keep[] = { journal->fd, socket };

	/* A Ctrl-C or a hang-up of the warden's terminal is not for us. */
	setsid();
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	title_set("tsi-janitor");
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	close_all_but(keep, sizeof keep / sizeof *keep);
	while (message_receive(socket, &message, data, 0) > 0)
		if (message.fd_count)
			pidfd = message.fds[0];
	bury(journal, pidfd);
	_exit(0);
}

bool janitor_start(struct janitor *janitor, const struct journal *journal, struct failure *failure)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail(failure, "socketpair", NULL, "the socket to the janitor cannot be made");
	pid_t pid = fork();
	if (pid == 0)
		serve(journal, pair[1]);
	close(pair[1]);
	if (pid < 0) {
		fail(failure, "fork", NULL, "the janitor cannot be started");
		close(pair[0]);
		return false;
	}
	janitor->pid = pid;
	janitor->socket = pair[0];
	return true;
}

void janitor_watch(const struct janitor *janitor, int pidfd)
{
	struct message message = { .kind = MESSAGE_GO };

	message_send(janitor->socket, &message, NULL, 0, &pidfd, 1, 0);
}

void janitor_dismiss(struct janitor *janitor)
{
	if (janitor->socket >= 0)
		close(janitor->socket);
	janitor->socket = -1;
	for (int i = 0; janitor->pid > 0 && i < 1000; i++) {
		if (waitpid(janitor->pid, NULL, WNOHANG) != 0)
			break;
		usleep(500);
	}
	janitor->pid = 0;
}
