#include "init.h"

#include "lab.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_in(const char *directory, const char *file, int flags)
{
	char *path = print_text("%s%s", directory, file);
	int fd = open(path, flags | O_CLOEXEC);

	free(path);
	return fd;
}

static bool keep(int socket, enum way way, const int *fds, size_t count)
{
	struct message message = { .kind = MESSAGE_GO, .number = (int)way };
	bool opened = true;

	for (size_t i = 0; i < count; i++)
		opened = opened && fds[i] >= 0;
	bool kept = opened && message_send(socket, &message, NULL, 0, fds, count, 0);
	int error = errno;
	for (size_t i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	errno = error;
	return kept;
}

static bool keep_cgroup(int socket, const struct hierarchy *hierarchy, const char *leaf)
{
	int fds[] = { open_in(hierarchy->parent, "", O_RDONLY | O_DIRECTORY),
		      open_in(leaf ? leaf : hierarchy->parent, "/cgroup.procs", O_WRONLY) };

	return keep(socket, WAY_CGROUP, fds, 2);
}

/* Without these the warden or the janitor does what PID 1 would have done, or the next sweep. Where
 * there is a leaf, the journal is about more than PID 1 can put back, so it stays theirs. */
static void keep_the_rest(int socket, const struct lab *lab)
{
	struct loop_places loops = loop_places_open();
	int journals = lab->cgroups.leaf ? -1 : open_in(journal_folder(), "", O_RDONLY | O_DIRECTORY);

	keep(socket, WAY_LOOP_DEVICES, (int[]){ loops.block, loops.dev }, 2);
	keep(socket, WAY_JOURNAL, &journals, 1);
}

/* After the pivot, and in a cgroup namespace, nothing above the lab's cgroup can be named any more;
 * descriptors opened before still work (v2 checks against the opener's cgroup namespace). But they
 * would be doors to the host for everybody who looks into /proc/1/fd. So they wait where no path
 * leads: in flight (unix(7), SCM_RIGHTS), in the queue of a socket that nobody reads until the end.
 * proc_pid_fd(5): the link of a socket cannot be opened. */
bool ways_keep(struct init *init, const struct lab *lab, struct failure *failure)
{
	const struct cgroups *cgroups = &lab->cgroups;
	int pair[2];
	bool kept = true;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return fail(failure, "socketpair", NULL, "the ways out of the cgroups cannot be kept");
	for (size_t i = 0; kept && i < cgroups->count; i++) {
		const struct hierarchy *hierarchy = &cgroups->list[i];

		if (hierarchy->made)
			kept = keep_cgroup(pair[0], hierarchy, hierarchy->version == 2 ? cgroups->leaf : NULL) ||
			       fail(failure, "sendmsg", hierarchy->parent,
				    "the way out of the cgroup cannot be kept");
	}
	keep_the_rest(pair[0], lab);
	close(pair[0]);
	init->ways_socket = pair[1];
	return kept;
}

static void take(struct init *init, const struct message *message)
{
	const int *fds = message->fds;

	if (message->number == WAY_CGROUP && message->fd_count == 2 && init->way_count < HIERARCHY_LIMIT)
		init->ways[init->way_count++] = (struct way_out){ fds[0], fds[1] };
	else if (message->number == WAY_LOOP_DEVICES && message->fd_count == 2)
		init->loops = (struct loop_places){ fds[0], fds[1] };
	else if (message->number == WAY_JOURNAL && message->fd_count == 1)
		init->journals = fds[0];
}

void ways_take(struct init *init)
{
	char *data = allocate(MESSAGE_DATA_LIMIT);
	struct message message;

	init->loops = (struct loop_places){ -1, -1 };
	init->journals = -1;
	while (message_receive(init->ways_socket, &message, data, 0) > 0)
		take(init, &message);
	free(data);
}
