/* What bench:lab runs inside of a lab, compiled there (static: a container has no libraries).
 *   spawn stamp                        says CLOCK_MONOTONIC, as the first thing of main()
 *   spawn true                         nothing
 *   spawn time ROUNDS NAME ARGV… [, NAME ARGV…]…
 *       from before fork(2) to the first instruction of main() of what ARGV ends up executing, which
 *       must be `spawn stamp`; those named take turns. A line each: NAME BEGAN STAMPED ENDED (ns).
 *   spawn burst COUNT ARGV…            COUNT processes one after the other
 *   spawn poll HERTZ COMM              looks through /proc so often, until end of file on stdin, and
 *                                      says how many processes of that name it has seen */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static uint64_t read_stamp(int fd)
{
	char text[4096];
	size_t length = 0;
	ssize_t got;

	while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = 0;
	/* Whatever else it printed came before. */
	char *stamp = strstr(text, "stamp ");
	return stamp ? strtoull(stamp + 6, NULL, 10) : 0;
}

static int time_once(const char *name, char **argv)
{
	int pipes[2], status = 0;

	if (pipe2(pipes, O_CLOEXEC))
		return fail("pipe2");
	uint64_t began = now();
	pid_t pid = fork();
	if (pid == 0) {
		dup2(pipes[1], 1);
		execvp(argv[0], argv);
		_exit(fail(argv[0]));
	}
	close(pipes[1]);
	uint64_t stamp = read_stamp(pipes[0]);
	close(pipes[0]);
	waitpid(pid, &status, 0);
	if (!stamp || status) {
		fprintf(stderr, "%s ended with %d, %s\n", name, status, stamp ? "stamped" : "without a stamp");
		return 1;
	}
	printf("%s %llu %llu %llu\n", name, (unsigned long long)began, (unsigned long long)stamp,
	       (unsigned long long)now());
	fflush(stdout);
	return 0;
}

static int time_all(int rounds, char **arguments)
{
	char **starts[16];
	int count = 0;

	starts[count++] = arguments;
	for (char **word = arguments; *word; word++)
		if (!strcmp(*word, ",") && count < 16) {
			*word = NULL;
			starts[count++] = word + 1;
		}
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++)
			if (time_once(starts[i][0], starts[i] + 1))
				return 1;
	return 0;
}

static int burst(int count, char **argv)
{
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			execv(argv[0], argv);
			_exit(127);
		}
		if (pid < 0)
			return fail("fork");
		waitpid(pid, NULL, 0);
	}
	return 0;
}

/* The list of all processes, and who has this name now. */
static int look(const char *comm, unsigned char *seen)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	int found = 0;

	while (directory && (entry = readdir(directory))) {
		char path[300], name[32] = "";
		int pid = isdigit((unsigned char)*entry->d_name) ? atoi(entry->d_name) : 0;

		if (pid <= 0 || pid >= 1 << 22 || seen[pid])
			continue;
		snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
		int fd = open(path, O_RDONLY);
		ssize_t length = fd >= 0 ? read(fd, name, sizeof name - 1) : 0;
		if (fd >= 0)
			close(fd);
		if (length > 0 && !strncmp(name, comm, strlen(comm))) {
			seen[pid] = 1;
			found++;
		}
	}
	if (directory)
		closedir(directory);
	return found;
}

static int poll_processes(int hertz, const char *comm)
{
	static unsigned char seen[1 << 22];
	struct pollfd end = { .fd = 0, .events = POLLIN };
	int found = 0;

	do
		found += look(comm, seen);
	while (poll(&end, 1, 1000 / hertz) == 0);
	printf("polled %d %d\n", hertz, found);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t first = now();

	if (argc > 1 && !strcmp(argv[1], "stamp"))
		return printf("stamp %llu\n", (unsigned long long)first) < 0;
	if (argc > 1 && !strcmp(argv[1], "true"))
		return 0;
	if (argc > 4 && !strcmp(argv[1], "time"))
		return time_all(atoi(argv[2]), argv + 3);
	if (argc > 3 && !strcmp(argv[1], "burst"))
		return burst(atoi(argv[2]), argv + 3);
	if (argc > 3 && !strcmp(argv[1], "poll"))
		return poll_processes(atoi(argv[2]), argv[3]);
	fprintf(stderr, "spawn stamp|true|time|burst|poll\n");
	return 2;
}
