#include "init.h"

#include "files.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

#define START_MILLISECONDS 5000

/* RUN's first descriptor is a memfd (memfd_create(2)) with cwd, argv and env, NUL after each: no
 * limit of our own, execve(2) has one (E2BIG). */
struct command {
	struct text block;
	char **words; /* cwd, then argv, NULL, then env, NULL */
};

static char *default_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/tsi/bin", "HOME=/root", NULL,
};

static bool read_command(struct command *command, const struct message *request)
{
	size_t count = 1u + request->argc + request->envc, at = 0, word = 0;

	lseek(request->fds[0], 0, SEEK_SET);
	if (!text_read_fd(&command->block, request->fds[0], SIZE_MAX))
		return false;
	command->words = allocate((count + 2) * sizeof *command->words);
	for (size_t i = 0; i < count && at < command->block.length; i++) {
		if (i == 1u + request->argc)
			word++;
		command->words[word++] = command->block.data + at;
		at += strlen(command->block.data + at) + 1;
	}
	return true;
}

/* What a program may expect of its birth: default signals, an empty mask, a session of its own. */
static void reset(const struct init *init)
{
	sigset_t none;

	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* proc_pid_oom_score_adj(5): when memory is short, here or on the host, we go first. */
	write_file(AT_FDCWD, "/proc/self/oom_score_adj", "500");
	rlimits_apply(init->plan);
}

static _Noreturn void become(const struct init *init, const struct command *command,
			     const struct message *request, int report)
{
	struct failure failure;
	char *const *argv = command->words + 1;

	reset(init);
	/* TIOCSCTTY(2const): the session's controlling terminal, so that Ctrl-C becomes SIGINT. */
	if (request->rows)
		ioctl(request->fds[1], TIOCSCTTY, 0);
	dup2(request->rows ? request->fds[1] : request->input ? request->fds[3] : init->null, STDIN_FILENO);
	dup2(request->fds[1], STDOUT_FILENO);
	dup2(request->fds[2], STDERR_FILENO);
	environ = request->envc ? command->words + 1 + request->argc + 1 : default_environment;
	if (chdir(command->words[0]))
		fail(&failure, "chdir", command->words[0], "the working directory cannot be entered");
	else {
		/* Every other descriptor is close-on-exec (execve(2)), `report` too: on success its
		 * other end reads end of file. */
		execvp(argv[0], argv);
		fail(&failure, "execve", argv[0], "%.200s cannot be executed", argv[0]);
	}
	if (write(report, &failure, sizeof failure) < 0)
		_exit(126);
	_exit(127);
}

/* The pipe ends at execve(2), or holds the reason why there was none. Somebody in the lab may stop
 * the child before, or its working directory may be in a file system that does not answer. */
static bool started(pid_t pid, int report, struct failure *failure)
{
	struct pollfd end = { .fd = report, .events = POLLIN };

	if (poll(&end, 1, START_MILLISECONDS) == 0) {
		kill(pid, SIGKILL);
		return refuse(failure, ETIMEDOUT, "the command did not start within %d seconds",
			      START_MILLISECONDS / 1000);
	}
	return read(report, failure, sizeof *failure) != sizeof *failure;
}

bool spawn(const struct init *init, const struct message *request, pid_t *pid, struct failure *failure)
{
	struct command command = { 0 };
	int report[2];

	if (request->fd_count != (request->input ? 4 : 3) || !read_command(&command, request))
		return refuse(failure, EPROTO, "the command did not arrive in the lab");
	if (pipe2(report, O_CLOEXEC)) {
		fail(failure, "pipe2", NULL, "the lab cannot start a command");
		*pid = -1;
	} else if ((*pid = fork()) == 0) {
		become(init, &command, request, report[1]);
	} else {
		if (*pid < 0)
			fail(failure, "fork", NULL, "the lab cannot start a command");
		close(report[1]);
		if (*pid > 0 && !started(*pid, report[0], failure))
			*pid = -1;
		close(report[0]);
	}
	free(command.words);
	text_free(&command.block);
	return *pid > 0;
}
