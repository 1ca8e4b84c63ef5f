#include "init.h"
#include "lab.h"

#include "capabilities.h"
#include "files.h"
#include "loopback.h"
#include "netns-enter.h"
#include "mount-events.h"
#include "rootfs.h"
#include "stage-events.h"
#include "text.h"
#include "title.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* From the warden we inherit its descriptors, among them the UI's ends and the journal's lock. */
static void let_go(struct init *init)
{
	int keep[] = { init->control, init->null };
	sigset_t all;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	title_set("lab-init");
	for (int fd = 0; fd < 3; fd++)
		dup2(init->null, fd);
	close_all_but(keep, sizeof keep / sizeof *keep);
}

/* v2: from the lab's cgroup, now the namespace's root, to the leaf /init below it. */
static bool enter_leaf(const struct cgroups *cgroups, struct failure *failure)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		if (!cgroups->list[i].made || cgroups->list[i].version != 2)
			continue;
		char *path = print_text("%s/init/cgroup.procs", cgroups->list[i].path);
		bool moved = write_file(AT_FDCWD, path, "0") ||
			     fail(failure, "write", path, "PID 1 cannot enter its own cgroup");
		free(path);
		if (!moved)
			return false;
	}
	return true;
}

/* The null device until here is the host's file: `chmod 0 /dev/stdin` in the lab would change it. */
static bool own_null(struct init *init, struct failure *failure)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return fail(failure, "open", "/dev/null", "the lab's null device cannot be opened");
	dup3(fd, init->null, O_CLOEXEC);
	close(fd);
	for (fd = 0; fd < 3; fd++)
		dup2(init->null, fd);
	return true;
}

/* The warden has mapped our ids (user_namespaces(7)): the caller of the helper is 0 here. How many
 * there are besides, our own maps say. */
static bool become_root(struct rootfs *rootfs, struct failure *failure)
{
	rootfs->uids = id_count("/proc/self/uid_map");
	rootfs->gids = id_count("/proc/self/gid_map");
	/* The caller's other groups are none of the lab's. Where setgroups(2) is denied they stay. */
	setgroups(0, NULL);
	return (setresgid(0, 0, 0) == 0 && setresuid(0, 0, 0) == 0) ||
	       fail(failure, "setresuid", NULL, "PID 1 cannot become the lab's root");
}

/* icmp(7): whoever is in one of these groups may ping without CAP_NET_RAW. */
static void let_ping(const struct rootfs *rootfs)
{
	char range[32];

	snprintf(range, sizeof range, "0 %u", rootfs->gids - 1);
	if (!write_file(AT_FDCWD, "/proc/sys/net/ipv4/ping_group_range", range))
		write_file(AT_FDCWD, "/proc/sys/net/ipv4/ping_group_range", "0 0");
}

/* xattr(7): where an overlay keeps its notes. user.* came to tmpfs with Linux 6.6. */
static bool notes_kept(bool rootless)
{
	const char *name = rootless ? "user.overlay.tsi" : "trusted.overlay.tsi";

	return setxattr("/run/tsi", name, "y", 1, 0) == 0 && removexattr("/run/tsi", name) == 0;
}

static bool set_up(struct init *init, const struct lab *lab, int *overlays, struct failure *failure)
{
	struct rootfs rootfs = { .hostname = lab->hostname, .bytes = lab->limits.memory / 2,
				 .cgroups = &lab->cgroups, .place = journal_folder(),
				 .rootless = lab->rootless };

	if (lab->rootless && !become_root(&rootfs, failure))
		return false;
	if (lab->rootless && unshare(CLONE_NEWNET))
		return fail(failure, "unshare", NULL, "the network namespace cannot be made");
	if (!ways_keep(init, lab, failure))
		return false;
	/* cgroup_namespaces(7): the cgroups we are in at this moment become the roots. */
	if (unshare(CLONE_NEWCGROUP))
		return fail(failure, "unshare", NULL, "the cgroup namespace cannot be made");
	if (!enter_leaf(&lab->cgroups, failure))
		return false;
	if (sethostname(lab->hostname, strlen(lab->hostname)))
		return fail(failure, "sethostname", NULL, "the lab's host name cannot be set");
	if (!loopback_raise(failure))
		return false;
	if (lab->rootless)
		let_ping(&rootfs);
	if (!rootfs_enter(&rootfs, failure) || !own_null(init, failure))
		return false;
	*overlays = (rootfs.overlays ? READY_OVERLAYS : 0) | (notes_kept(lab->rootless) ? READY_OVERLAY_XATTRS : 0);
	/* In a user namespace of its own the lab's root needs none dropped: they are over the lab only. */
	if (!lab->rootless && !capabilities_drop(failure))
		return false;
	if (rootfs.exposed[0]) /* no failure: the warden makes a lack of it */
		refuse(failure, 0, "no overlay can be made of %s: it is bound read-only, and a remount "
		       "would make it writable", rootfs.exposed);
	return true;
}

/* By this number loop devices tell on which file system their file is (LOOP_GET_STATUS64, loop(4)). */
static uint64_t root_device(void)
{
	struct stat status;

	return stat("/", &status) == 0 ? status.st_dev : 0;
}

/* The warden died before the lab was there, and perhaps the janitor with it. We have the host's tree
 * before us, and may be in some of the cgroups already. */
static _Noreturn void give_up(const struct lab *lab)
{
	const struct cgroups *cgroups = &lab->cgroups;
	bool all = !cgroups->leaf;

	for (size_t i = 0; i < cgroups->count; i++) {
		const struct hierarchy *hierarchy = &cgroups->list[i];
		bool leaf = hierarchy->version == 2 && cgroups->leaf;
		char *procs = print_text("%s/cgroup.procs", leaf ? cgroups->leaf : hierarchy->parent);

		if (hierarchy->made) {
			write_file(AT_FDCWD, procs, "0");
			all = cgroup_remove(AT_FDCWD, hierarchy->path) && all;
		}
		free(procs);
	}
	if (all)
		unlink(lab->journal.path);
	_exit(1);
}

_Noreturn void lab_init(const struct lab *lab, int control)
{
	struct init init = { .control = control, .lab = lab->id, .plan = lab };
	struct message message, answer = { .kind = MESSAGE_READY };
	char *data = allocate(MESSAGE_DATA_LIMIT);

	init.null = open("/dev/null", O_RDWR | O_CLOEXEC);
	init.host_pid_namespace = lab->host_pid_namespace;
	let_go(&init);
	/* Until the warden has put us into our cgroups we touch nothing. */
	if (message_receive(control, &message, data, 0) <= 0)
		give_up(lab);
	free(data);
	int overlays = 0;
	if (!set_up(&init, lab, &overlays, &answer.failure)) {
		answer.kind = MESSAGE_FAILED;
		message_send(control, &answer, NULL, 0, NULL, 0, 0);
		_exit(1);
	}
	answer.number = overlays;
	init.root = answer.device = root_device();
	int sockets[] = { -1, stage_events_socket(), lab->rootless ? mount_events_group() : -1 };
	size_t count = 0;
	init.netns = netns_pair(&sockets[0]);
	while (count < 3 && sockets[count] >= 0)
		count++;
	message_send(control, &answer, NULL, 0, sockets, count, 0);
	for (size_t i = 0; i < 3; i++)
		if (sockets[i] >= 0)
			close(sockets[i]);
	init_serve(&init);
}
