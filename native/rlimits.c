#include "init.h"
#include "lab.h"

#include <sys/resource.h>

static void bound(int resource, int64_t most)
{
	struct rlimit limit = { (rlim_t)most, (rlim_t)most };

	setrlimit(resource, &limit);
}

/* getrlimit(2). RLIMIT_NPROC counts the processes and threads of a user in its user namespace (since
 * Linux 5.14; those of namespaces below count too), so here it counts the lab's, and a fork bomb
 * ends at it. PID 1 has no such limit, and can always start one more. RLIMIT_DATA bounds what one
 * process may write to in private; all together may take as many times that as there are
 * processes. Raising either again takes CAP_SYS_RESOURCE in the host's user namespace. */
void rlimits_apply(const struct lab *lab)
{
	if (!lab->rootless)
		return;
	if (!lab->cgroups.pids_limited)
		bound(RLIMIT_NPROC, lab->limits.pids);
	if (!lab->cgroups.memory_limited)
		bound(RLIMIT_DATA, lab->limits.memory);
}
