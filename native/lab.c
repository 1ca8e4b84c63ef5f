#include "lab.h"

#include "emit.h"
#include "files.h"
#include "message.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

#define READY_MILLISECONDS 10000
#define SEND_BUFFER (4 << 20)

/* clone3(2): one call makes PID 1 of a new pid namespace together with its own mount, network, UTS
 * and IPC namespaces (namespaces(7)), and a descriptor that stays that very process (pidfd). The
 * cgroup namespace comes later: it takes its root from where the process is when it is made.
 * In a lab without root they all belong to a new user namespace (user_namespaces(7)), in which the
 * child has every capability; its id maps are written before MESSAGE_GO. Its network namespace comes
 * after them: files such as /proc/net/ip_tables_names get their owner when that is made, and belong
 * for ever to nobody when the user namespace has no id 0 yet. */
static bool clone_init(struct lab *lab, struct failure *failure)
{
	int pair[2], pidfd = -1;
	struct clone_args arguments = {
		.flags = CLONE_PIDFD | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC |
			 (lab->rootless ? CLONE_NEWUSER : CLONE_NEWNET),
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail(failure, "socketpair", NULL, "the socket to the lab cannot be made");
	pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
	if (pid == 0)
		lab_init(lab, pair[1]);
	int error = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		errno = error;
		return fail(failure, "clone3", NULL, "the lab's namespaces cannot be made");
	}
	lab->pid = pid;
	lab->pidfd = pidfd;
	lab->control = pair[0];
	/* A lab that does not take its messages (its PID 1 can be frozen with the rest) must not hold
	 * up the warden: what does not fit is refused. */
	fcntl(lab->control, F_SETFL, O_NONBLOCK);
	if (setsockopt(lab->control, SOL_SOCKET, SO_SNDBUFFORCE, &(int){ SEND_BUFFER }, sizeof(int)))
		setsockopt(lab->control, SOL_SOCKET, SO_SNDBUF, &(int){ SEND_BUFFER }, sizeof(int));
	/* unix(7), SO_PASSCRED: lab-init names its children, the kernel gives us the host's pid. */
	setsockopt(lab->control, SOL_SOCKET, SO_PASSCRED, &(int){ 1 }, sizeof(int));
	return true;
}

/* Out of memory in the lab's cgroup should cost a learner's process, not PID 1 (proc_pid_oom_score_adj(5)). */
static void spare_init(pid_t pid)
{
	char *path = print_text("/proc/%d/oom_score_adj", (int)pid);

	write_file(AT_FDCWD, path, "-900");
	free(path);
}

static bool wait_ready(struct lab *lab, struct failure *failure)
{
	struct pollfd socket = { .fd = lab->control, .events = POLLIN };
	char *data = allocate(MESSAGE_DATA_LIMIT);
	struct message message;

	int ready = poll(&socket, 1, READY_MILLISECONDS);
	int got = ready > 0 ? message_receive(lab->control, &message, data, 0) : 0;
	free(data);
	if (got <= 0)
		return refuse(failure, 0, ready ? "the lab's PID 1 died before the lab was ready"
						: "the lab was not ready within 10 seconds");
	if (message.kind == MESSAGE_FAILED) {
		*failure = message.failure;
		message_close_fds(&message);
		return false;
	}
	if (message.failure.message[0])
		cgroups_lack(&lab->cgroups, "programs.sealed", "%s", message.failure.message);
	lab->overlays = message.number & READY_OVERLAYS;
	lab->overlay_xattrs = message.number & READY_OVERLAY_XATTRS;
	lab->netns = message.fd_count ? message.fds[0] : -1;
	lab->stages = message.fd_count > 1 ? message.fds[1] : -1;
	lab->mounts = message.fd_count > 2 ? message.fds[2] : -1;
	return journal_root(&lab->journal, message.device, failure);
}

static bool start_init(struct lab *lab, struct failure *failure)
{
	struct message go = { .kind = MESSAGE_GO };

	if (!clone_init(lab, failure))
		return false;
	janitor_watch(&lab->janitor, lab->pidfd);
	spare_init(lab->pid);
	if (lab->rootless && !id_map_write(&lab->ids, lab->pid, failure))
		return false;
	if (!cgroups_attach(&lab->cgroups, lab->pid, lab->rootless, failure))
		return false;
	if (!message_send(lab->control, &go, NULL, 0, NULL, 0, 0))
		return fail(failure, "sendmsg", NULL, "the lab's PID 1 cannot be told to go on");
	return wait_ready(lab, failure);
}

/* The order matters: what can remove a thing is there before the thing is. Journal, janitor,
 * cgroups, then the process that everything else hangs on. */
static bool bring_up(struct lab *lab, struct failure *failure)
{
	struct cgroup_request request = { .journal = &lab->journal, .limits = lab->limits,
					  .rootless = lab->rootless };

	if (!cgroups_find(&lab->cgroups, lab->id, failure) ||
	    !journal_create(&lab->journal, lab->id, failure) ||
	    !janitor_start(&lab->janitor, &lab->journal, failure))
		return false;
	request.ours[0] = getpid();
	request.ours[1] = lab->janitor.pid;
	request.ours_count = 2;
	return cgroups_make(&lab->cgroups, &request, failure) && start_init(lab, failure);
}

bool lab_up(struct lab *lab, struct failure *failure)
{
	lab->host_pid_namespace = namespace_inode(getpid(), "pid");
	lab->journal.fd = lab->janitor.socket = lab->pidfd = lab->control = lab->netns = lab->stages = lab->mounts = -1;
	if (bring_up(lab, failure))
		return true;
	lab_bury(lab);
	if (lab->rootless)
		explain_refusal(failure);
	return false;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void lab_bury(struct lab *lab)
{
	close_one(&lab->control);
	bury(&lab->journal, lab->pidfd);
	if (lab->pid > 0)
		waitpid(lab->pid, NULL, WNOHANG);
	lab->pid = 0;
	close_one(&lab->pidfd);
	close_one(&lab->netns);
	close_one(&lab->stages);
	journal_close(&lab->journal);
	janitor_dismiss(&lab->janitor);
	cgroups_free(&lab->cgroups);
}
