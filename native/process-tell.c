#include "process-tell.h"

#include "emit.h"
#include "names.h"
#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define ARGUMENTS_LIMIT 4096

void process_put_named(const struct process *process)
{
	line_integer("pid", process->pid);
	if (process->lab_pid)
		line_integer("labPid", process->lab_pid);
	if (process->comm[0])
		line_text("comm", process->comm);
}

/* proc_pid_cmdline(5): the arguments, NUL after each. */
void process_put_arguments(pid_t pid)
{
	char path[64];
	struct text arguments = { 0 };

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	text_read(&arguments, AT_FDCWD, path, ARGUMENTS_LIMIT);
	if (arguments.length) {
		line_open("argv", '[');
		for (size_t at = 0; at < arguments.length; at += strlen(arguments.data + at) + 1)
			line_text(NULL, arguments.data + at);
		line_close(']');
	}
	text_free(&arguments);
}

void process_put_end(int status)
{
	if (WIFSIGNALED(status))
		line_text("signal", signal_name(WTERMSIG(status)));
	else
		line_integer("code", WEXITSTATUS(status));
}
