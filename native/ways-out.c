#include "init.h"

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

static bool keep_one(int socket, const struct hierarchy *hierarchy, const char *leaf)
{
	struct message message = { .kind = MESSAGE_GO };
	int fds[] = { open_in(hierarchy->parent, "", O_RDONLY | O_DIRECTORY),
		      open_in(leaf ? leaf : hierarchy->parent, "/cgroup.procs", O_WRONLY) };
	bool kept = fds[0] >= 0 && fds[1] >= 0 && message_send(socket, &message, NULL, 0, fds, 2, 0);
	int error = errno;

	for (size_t i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	errno = error;
	return kept;
}

/* After the pivot, and in a cgroup namespace, nothing above the lab's cgroup can be named any more;
 * descriptors opened before still work (v2 checks against the opener's cgroup namespace). But they
 * would be doors to the host's cgroups for everybody who looks into /proc/1/fd. So they wait where
 * no path leads: in flight (unix(7), SCM_RIGHTS), in the queue of a socket that nobody reads until
 * the end. proc_pid_fd(5): the link of a socket cannot be opened. */
bool ways_keep(struct init *init, const struct cgroups *cgroups, struct failure *failure)
{
	int pair[2];
	bool kept = true;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return fail(failure, "socketpair", NULL, "the ways out of the cgroups cannot be kept");
	for (size_t i = 0; kept && i < cgroups->count; i++) {
		const struct hierarchy *hierarchy = &cgroups->list[i];

		if (hierarchy->made)
			kept = keep_one(pair[0], hierarchy, hierarchy->version == 2 ? cgroups->leaf : NULL) ||
			       fail(failure, "sendmsg", hierarchy->parent,
				    "the way out of the cgroup cannot be kept");
	}
	close(pair[0]);
	init->ways_socket = pair[1];
	return kept;
}

void ways_take(struct init *init)
{
	char *data = allocate(MESSAGE_DATA_LIMIT);
	struct message message;

	while (init->way_count < HIERARCHY_LIMIT &&
	       message_receive(init->ways_socket, &message, data, 0) > 0)
		if (message.fd_count == 2)
			init->ways[init->way_count++] = (struct way_out){ message.fds[0], message.fds[1] };
	free(data);
}
