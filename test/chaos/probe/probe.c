#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOURNALS "/run/tsinternals"

/* Every helper that comes up sweeps the journals of dead labs. So that no other one on this machine
 * tidies up what is to be counted, and --reap here does not tidy up after others, root's journals get
 * a place that only this run sees (mount_namespaces(7)). All other mounts are the machine's. What is
 * mounted here would go when anybody removes the empty directory below it: so that has a file. */
static void own_journals(char *held, size_t size)
{
	snprintf(held, size, JOURNALS "/chaos-%d", (int)getpid());
	mkdir(JOURNALS, 0700);
	close(open(held, O_CREAT | O_CLOEXEC | O_WRONLY, 0600));
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ||
	    mount("journals", JOURNALS, "tmpfs", 0, "mode=700"))
		perror("a place for journals of our own");
}

/* probe under ARGV…: runs a program, and is the one who waits (wait(2)) for whatever is orphaned
 * below it, at once (PR_SET_CHILD_SUBREAPER, prctl(2)). A zombie nobody waits for keeps its pid
 * namespace alive; where PID 1 takes seconds that would be measured as ours. */
static int under(char **argv)
{
	int status, code = 1;
	pid_t pid, child;

	char held[64];
	bool root = geteuid() == 0;

	if (root)
		own_journals(held, sizeof held);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGINT, SIG_IGN);
	if ((child = fork()) == 0) {
		signal(SIGINT, SIG_DFL);
		/* Without us there would be nobody to wait. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	while ((pid = wait(&status)) > 0 || errno == EINTR)
		if (pid == child) {
			code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			break;
		}
	if (root && umount2(JOURNALS, MNT_DETACH) == 0)
		unlink(held);
	return code;
}

/* Why a process is taken for one of the lab's: its environment carries the mark, it is in a pid
 * namespace that was the lab's, or in a cgroup of the lab's name. NULL: it is not. */
static const char *why_ours(pid_t pid, const char *mark, const char *lab)
{
	static char text[1 << 20];
	ssize_t length = read_proc(pid, "environ", text, sizeof text);

	if (length > 0 && holds(text, (size_t)length, mark))
		return "mark";
	length = read_proc(pid, "cgroup", text, sizeof text);
	if (length > 0 && holds(text, (size_t)length, lab))
		return "cgroup";
	return namespaces_include(pid) ? "pid namespace" : NULL;
}

/* left MARK LAB: the processes and namespaces of the lab that are still there. Zombies have no
 * environment; they count by their cgroup and pid namespace, apart. */
static void left(char *arguments)
{
	static struct pids all;
	const char *mark = strsep(&arguments, " "), *lab = strsep(&arguments, " ");
	const char *separator = "";
	int zombies = 0;

	everybody(&all);
	printf("{\"processes\":[");
	for (size_t i = 0; i < all.count; i++) {
		const char *why = all.list[i] == getpid() ? NULL : why_ours(all.list[i], mark, lab);
		char comm[32], state = why ? state_of(all.list[i]) : 0;

		zombies += state == 'Z';
		if (!state || state == 'Z')
			continue;
		comm_of(all.list[i], comm);
		printf("%s\"%d %s %c (%s)\"", separator, (int)all.list[i], comm, state, why);
		separator = ",";
	}
	printf("],\"zombies\":%d,\"namespaces\":[", zombies);
	namespaces_print_alive();
	printf("]}\n");
}

/* One command a line, one JSON line an answer. */
static int serve(void)
{
	char line[4096];

	while (fgets(line, sizeof line, stdin)) {
		char *rest = line;

		line[strcspn(line, "\n")] = 0;
		const char *command = strsep(&rest, " ");
		if (!strcmp(command, "strike") && rest)
			strike(rest);
		else if (!strcmp(command, "left") && rest)
			left(rest);
		else
			printf("{\"handles\":%s}\n", namespaces_have_handles() ? "true" : "false");
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "under"))
		return under(argv + 2);
	return serve();
}
