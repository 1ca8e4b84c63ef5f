/* A process of the lab's that means harm: `hostile HOW`. It says "ready" and stays. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
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

/* A name of a network namespace that leads through a file system that never answers; then changes in
 * that namespace, so that the helper has a reason to go there. */
static void hide_netns(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd;

	mkdir("/mnt/a", 0755);
	if (unshare(CLONE_NEWNET) || mount("a", "/mnt/a", "tmpfs", 0, NULL) ||
	    (fd = open("/mnt/a/ns", O_WRONLY | O_CREAT, 0600)) < 0 ||
	    mount("/proc/self/ns/net", "/mnt/a/ns", NULL, MS_BIND, NULL)) {
		perror("netns");
		_exit(1);
	}
	usleep(200000);
	mount_stuck("/mnt/a");
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (int round = 0; round < 20; round++) {
		request.ifr_flags = round % 2 ? 0 : IFF_UP;
		ioctl(fd, SIOCSIFFLAGS, &request);
		usleep(10000);
	}
}

/* TCP to itself, full, and lingering (socket(7), SO_LINGER): whoever closes it last waits for ever. */
static int lingering(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct linger linger = { 1, 100000 };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);
	static char data[65536];

	if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &length) ||
	    connect(fd, (struct sockaddr *)&address, sizeof address) || accept(listener, NULL, NULL) < 0)
		_exit(1);
	while (send(fd, data, sizeof data, MSG_DONTWAIT) > 0)
		;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	return fd;
}

static void send_lingering(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/tsi/stages" };
	char words[] = "stage\0name\0clone\0\0";
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct iovec part = { words, sizeof words };
	struct msghdr header = { .msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &part,
				 .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
	int fd = lingering(), stages = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	sendmsg(stages, &header, 0);
	close(fd);
	for (;;) /* the other end stays, and reads nothing */
		pause();
}

static void linger(void)
{
	for (int round = 0; round < 30; round++)
		if (fork() == 0)
			send_lingering();
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (!strcmp(how, "hold-init"))
		hold_init();
	else if (!strcmp(how, "stuck"))
		mount_stuck("/mnt/stuck"), mount_stuck("/run/tsi");
	else if (!strcmp(how, "hide-netns"))
		hide_netns();
	else if (!strcmp(how, "linger"))
		linger();
	ready();
	if (!strcmp(how, "stop-others"))
		stop_others();
	if (!strcmp(how, "replace-fifos"))
		replace_fifos();
	for (;;)
		pause();
}
