/* The story: what `container run` does, as named steps. The process that types it becomes the
 * container's keeper; the process it clones walks through the stages (container-walk.c) and becomes
 * the command. */
#include "container.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
	"usage: container run [OPTION]... -- COMMAND [ARGUMENT]...\n"
	"       container go NAME [--stop-after=STAGE]...\n"
	"       container kill NAME | list | stages\n"
	"\n"
	"  --name=NAME              how `go`, `kill` and `list` call it\n"
	"  --rootfs=DIR             its root is this directory, or\n"
	"  --lower=DIR[:DIR]... --upper=DIR --work=DIR   an overlay\n"
	"  --namespaces=LIST        of pid,mnt,net,uts,ipc,cgroup (these are the default),user,time\n"
	"  --map=INSIDE:OUTSIDE:COUNT[,...]   user and group ids; u:… or g:… for one of them\n"
	"  --time-offset=SECONDS    what its CLOCK_MONOTONIC and CLOCK_BOOTTIME are ahead\n"
	"  --hostname=NAME          (the container's name)\n"
	"  --cgroup=PATH            made where there is none, in every hierarchy\n"
	"  --mask=PATH[,PATH]... | none       instead of what Docker masks\n"
	"  --cap=NAME[,NAME]... | none        instead of Docker's fourteen; +NAME and -NAME change them\n"
	"  --no-new-privs\n"
	"  --seccomp=default | none\n"
	"  --without=STAGE[,STAGE]...         leaves stages out\n"
	"  --stop-after=STAGE[,STAGE]...      waits there for `container go`\n"
	"  --verbose                says each stage on stderr\n";

static int run(int argc, char **argv)
{
	struct container container = { .events = -1, .keeper = -1 };

	if (!options_read(&container, argc, argv))
		return 125;
	return keeper_run(&container);
}

static int go(int argc, char **argv)
{
	uint32_t stops = 0;

	if (argc < 1)
		return fprintf(stderr, "container: go needs the container's name\n"), 125;
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--stop-after=", 13))
			return fprintf(stderr, "container: go knows --stop-after, not %s\n", argv[i]), 125;
		if (!lists_stages(&stops, argv[i] + 13))
			return 125;
	}
	return control_go(argv[0], stops);
}

static int kill_one(int argc, char **argv)
{
	if (argc != 1)
		return fprintf(stderr, "container: kill needs the container's name\n"), 125;
	return control_kill(argv[0]);
}

static int list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return control_list();
}

static int stages(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	stages_print(stdout);
	return 0;
}

static int help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return fputs(usage, stdout) < 0;
}

int container_main(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*perform)(int argc, char **argv);
	} words[] = { { "run", run },	    { "go", go },	  { "kill", kill_one },
		      { "list", list },	    { "stages", stages }, { "--help", help } };

	for (size_t i = 0; argc > 1 && i < sizeof words / sizeof *words; i++)
		if (!strcmp(argv[1], words[i].word))
			return words[i].perform(argc - 2, argv + 2);
	fputs(usage, stderr);
	return 125;
}
