/* tsi-lab: see README.md for the protocol. */
#include "container.h"
#include "emit.h"
#include "journal.h"
#include "listen.h"
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

/* The lab has this program a second time, as /run/tsi/bin/container (rootfs-program.c). */
static bool is_called(const char *name, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return path && !strcmp(slash ? slash + 1 : path, name);
}

int main(int argc, char **argv)
{
	if (argc > 0 && is_called("container", argv[0]))
		return container_main(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "container"))
		return container_main(argc - 1, argv + 1);
	title_start(argc, argv);
	have_standard_descriptors();
	if (argc == 1)
		return warden_main();
	if (argc == 2 && !strcmp(argv[1], "--reap"))
		return reap_main();
	if (argc == 2 && !strcmp(argv[1], "--version"))
		return printf("tsi-lab " VERSION "\n") < 0;
	if (argc > 3 && !strcmp(argv[1], "listen"))
		return listen_main(argv[2], argv + 3);
	fprintf(stderr, "usage: tsi-lab [--reap | --version | container ... | listen PID NAME...]\n");
	return 2;
}
