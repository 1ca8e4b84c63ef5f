#include "container.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The keeper is dead: so are we. */
static struct keeper_answer ask(const struct container *container, const struct keeper_message *message)
{
	struct keeper_answer answer;

	if (send(container->keeper, message, sizeof *message, MSG_NOSIGNAL) < 0 ||
	    recv(container->keeper, &answer, sizeof answer, 0) != sizeof answer)
		_exit(137);
	return answer;
}

bool keeper_please(const struct container *container, enum stage stage, struct failure *failure)
{
	struct keeper_message message = { .word = KEEPER_PLEASE, .stage = stage };
	struct keeper_answer answer = ask(container, &message);

	if (!answer.done)
		*failure = answer.failure;
	return answer.done;
}

static _Noreturn void give_up(const struct container *container, enum stage stage,
			      const struct failure *failure)
{
	struct keeper_message message = { .word = KEEPER_FAILED, .stage = stage, .failure = *failure };

	tell_failed(container, stage, failure);
	send(container->keeper, &message, sizeof message, MSG_NOSIGNAL);
	/* As shells and Docker: 127 not found, 126 cannot be executed, 125 it did not come so far. */
	if (stage != STAGE_EXEC)
		_exit(125);
	_exit(failure->error == ENOENT ? 127 : 126);
}

/* Nothing of the container may outlive the keeper. While we walk, the socket tells: it ends. But
 * execve(2) closes it, and then only the kernel can tell: PR_SET_PDEATHSIG(2const) kills us when the
 * thread that cloned us ends (the keeper has one thread only), and pid_namespaces(7): with PID 1 all
 * its processes go. A change of user or group ids clears it, hence not before the id maps; an
 * execve(2) of a set-user-ID program too. Who died before this call is seen by the socket:
 * getppid(2) is 0 in a new pid namespace, alive or dead. */
static void die_with_keeper(const struct container *container)
{
	struct pollfd end = { .fd = container->keeper, .events = POLLRDHUP };

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (poll(&end, 1, 0) != 0)
		_exit(137);
}

static void stop_after(struct container *container, enum stage stage)
{
	struct keeper_message message = { .word = KEEPER_STOPPED, .stage = stage };

	tell_stopped(container, stage);
	container->stops = ask(container, &message).stops;
}

_Noreturn void container_walk(struct container *container)
{
	enum stage plan[STAGES];
	size_t count = stages_plan(container, plan);
	struct failure failure;
	bool bound = false;

	for (size_t i = 0; i < count; i++) {
		if (!bound && plan[i] > STAGE_ID_MAPS) {
			die_with_keeper(container);
			bound = true;
		}
		if (!stage_perform(container, plan[i], &failure))
			give_up(container, plan[i], &failure);
		tell_stage(container, plan[i]);
		if (container->stops & STAGE_BIT(plan[i]))
			stop_after(container, plan[i]);
	}
	_exit(125); /* not reached: exec is the last stage, and cannot be left out */
}
