#include "title.h"

#include <string.h>
#include <sys/prctl.h>

static char *line;
static size_t room;

/* /proc/PID/cmdline shows the memory that held argv at execve(2) (proc_pid_cmdline(5)). */
void title_start(int argc, char **argv)
{
	line = argc ? argv[0] : NULL;
	room = argc ? (size_t)(argv[argc - 1] + strlen(argv[argc - 1]) - argv[0]) : 0;
}

void title_set(const char *title)
{
	size_t length = strlen(title);

	prctl(PR_SET_NAME, title);
	if (!line || length > room)
		return;
	memset(line, 0, room);
	memcpy(line, title, length);
}
