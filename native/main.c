/* tsi-lab: see README.md for the protocol. */
#include "emit.h"
#include "journal.h"
#include "title.h"
#include "warden.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Descriptors 0, 1 and 2 must exist, or the next file we open becomes one of them. */
static void have_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static void say_removed(const char *lab, const char *what, const char *path, pid_t pid)
{
	line_begin("removed");
	line_text("lab", lab);
	line_text("what", what);
	if (path)
		line_text("path", path);
	if (pid)
		line_integer("pid", pid);
	line_end();
}

static int reap_main(void)
{
	journal_sweep(say_removed);
	emit_finish(10000);
	return 0;
}

int main(int argc, char **argv)
{
	title_start(argc, argv);
	have_standard_descriptors();
	if (argc == 1)
		return warden_main();
	if (argc == 2 && !strcmp(argv[1], "--reap"))
		return reap_main();
	if (argc == 2 && !strcmp(argv[1], "--version"))
		return printf("tsi-lab " VERSION "\n") < 0;
	fprintf(stderr, "usage: tsi-lab [--reap | --version]\n");
	return 2;
}
