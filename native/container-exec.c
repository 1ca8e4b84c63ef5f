#include "container.h"

#include "text.h"

#include <errno.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* The maker's variables stay outside; these are Docker's. */
static void set_environment(const struct container *container)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char home[] = "HOME=/root";
	static char *variables[5] = { path, home };
	const char *terminal = getenv("TERM");

	variables[2] = print_text("HOSTNAME=%s", container->hostname);
	if (terminal)
		variables[3] = print_text("TERM=%s", terminal);
	environ = variables;
}

/* What the maker had blocked or ignored would else go on in the command (signal(7)). */
static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

bool command_execute(struct container *container, struct failure *failure)
{
	struct keeper_message executes = { .word = KEEPER_EXECUTES, .stage = STAGE_EXEC };

	set_environment(container);
	reset_signals();
	/* A descriptor from outside would be a door: CVE-2024-21626 was a working directory that runc had
	 * forgotten to close. close_range(2); before Linux 5.11 each of ours is close-on-exec anyway. */
	syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC);
	send(container->keeper, &executes, sizeof executes, MSG_NOSIGNAL);
	execvp(container->argv[0], container->argv);
	return fail(failure, "execve", container->argv[0], "%.200s cannot be executed", container->argv[0]);
}
