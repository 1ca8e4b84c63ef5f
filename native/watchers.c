#include "watchers.h"

#include "cgroup-watch.h"
#include "mounts.h"
#include "namespaces.h"
#include "net.h"
#include "process-events.h"
#include "stage-events.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A process may live for a fifth of a millisecond, and /proc knows its arguments and its pid in the
 * lab only so long. So from here on we run as soon as there is an event, before all that is not in a
 * hurry (sched(7)); the janitor does not inherit it. Where that is not allowed, the best of the
 * ordinary priorities. */
bool watchers_hurry(void)
{
	struct sched_param first = { .sched_priority = 1 };

	/* The system call itself: musl's function only says ENOSYS. */
	if (syscall(SYS_sched_setscheduler, 0, SCHED_RR | SCHED_RESET_ON_FORK, &first) == 0)
		return true;
	setpriority(PRIO_PROCESS, 0, -20);
	return false;
}

void watchers_open(struct lab *lab)
{
	struct failure blind = { 0 };

	if (!cgroup_watch_open(lab, &blind))
		cgroups_lack(&lab->cgroups, "cgroup.writers", "%s", blind.message);
	if (!mounts_open(lab, &blind))
		cgroups_lack(&lab->cgroups, "mounts.all", "%s", blind.message);
	if (!watchers_hurry())
		cgroups_lack(&lab->cgroups, "processes.argv", "the arguments of processes that live for less "
			     "than a millisecond are often missing: the watcher has no real-time priority");
}

void watchers_start(struct lab *lab)
{
	mounts_start(lab->pid);
	cgroup_watch_start();
	net_start(lab);
	namespaces_start(lab->pid);
	process_events_start(lab);
	stage_events_start(lab->stages);
	lab->netns = lab->stages = -1;
}

void watchers_pause(bool overfull, bool ending)
{
	mounts_pause(overfull);
	cgroup_watch_pause(overfull);
	net_pause(overfull || ending);
	stage_events_pause(overfull);
}

void watchers_stop(void)
{
	namespaces_stop();
	mounts_stop();
	cgroup_watch_stop();
	net_stop();
	stage_events_stop();
}
