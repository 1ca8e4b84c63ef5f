/* A process of the lab's that means harm: `hostile HOW`. It says "ready" and stays. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <dirent.h>
#include <unistd.h>

static void ready(void)
{
	if (write(1, "ready\n", 6) < 0)
		_exit(1);
}

/* ptrace(2): PID 1 stops, and nobody lets it go on. */
static void hold_init(void)
{
	if (ptrace(PTRACE_SEIZE, 1, 0, 0) || ptrace(PTRACE_INTERRUPT, 1, 0, 0)) {
		perror("ptrace");
		_exit(1);
	}
	waitpid(1, NULL, __WALL);
}

/* fuse(4): a file system whose server never answers, on /mnt/stuck and over /run/tsi. */
static void mount_stuck(const char *target)
{
	char options[128];
	int fd;

	mknod("/tmp/fuse", S_IFCHR | 0600, makedev(10, 229));
	mkdir(target, 0755);
	fd = open("/tmp/fuse", O_RDWR);
	snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	if (fd < 0 || mount("stuck", target, "fuse", 0, options)) {
		perror("fuse");
		_exit(1);
	}
}

/* Every process that appears is stopped, before it can execute what it should. */
static void stop_others(void)
{
	for (;;) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while ((entry = readdir(proc))) {
			int pid = atoi(entry->d_name);

			if (pid > 1 && pid != getpid())
				kill(pid, SIGSTOP);
		}
		closedir(proc);
	}
}

/* The trace FIFOs, taken away under the helper's hands: links, devices, directories in their place. */
static void replace_fifos(void)
{
	char path[64];

	for (unsigned round = 0;; round++) {
		snprintf(path, sizeof path, "/run/tsi/trace.%u", round % 40);
		unlink(path);
		rmdir(path);
		switch (round / 40 % 4) {
		case 0: (void)!symlink("/dev/zero", path); break;
		case 1: mknod(path, S_IFCHR | 0666, makedev(1, 5)); break;
		case 2: mkdir(path, 0755); break;
		case 3: (void)!symlink("/proc/1/mem", path); break;
		}
	}
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (!strcmp(how, "hold-init"))
		hold_init();
	else if (!strcmp(how, "stuck"))
		mount_stuck("/mnt/stuck"), mount_stuck("/run/tsi");
	ready();
	if (!strcmp(how, "stop-others"))
		stop_others();
	if (!strcmp(how, "replace-fifos"))
		replace_fifos();
	for (;;)
		pause();
}
