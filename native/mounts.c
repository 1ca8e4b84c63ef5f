#include "mounts.h"

#include "emit.h"
#include "files.h"
#include "mount-namespaces.h"
#include "process.h"
#include "text.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mount_namespace *mount_namespaces, *mount_own;
static bool paused;

struct mount_namespace **mount_namespace_place(ino_t inode)
{
	struct mount_namespace **place = &mount_namespaces;

	while (*place && (*place)->inode != inode)
		place = &(*place)->next;
	return place;
}

static bool list(const struct mount_namespace *namespace, struct mount_table *table)
{
	return namespace->id ? mount_stat_list(namespace->id, table)
			     : namespace->mountinfo >= 0 && mount_info_read(namespace->mountinfo, table);
}

static void compare(struct mount_namespace *namespace, struct mount_table *now)
{
	struct mount_table *known = &namespace->table;

	for (size_t i = 0; i < known->count; i++)
		known->mounts[i].kept = mount_table_find(now, &known->mounts[i]);
	/* Backwards: what lies deeper goes first. */
	for (size_t i = known->count; i-- > 0;)
		if (!known->mounts[i].kept)
			mount_tell_remove(namespace, &known->mounts[i], 0);
	for (size_t i = 0; i < now->count; i++) {
		const struct mount *before = mount_table_find(known, &now->mounts[i]);

		if (!before || !mount_unchanged(before, &now->mounts[i]))
			mount_tell_add(namespace, &now->mounts[i], 0);
	}
}

static void watch_mountinfo(struct mount_namespace *namespace, int fd)
{
	if (namespace->mountinfo >= 0)
		close(namespace->mountinfo);
	namespace->mountinfo = fd;
	namespace->watch.fd = paused ? -1 : fd;
}

/* An open mountinfo holds the namespace, and every mount in it, when all its processes are gone:
 * so only where there is no other way, and no longer than there are processes. */
static int open_mountinfo(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/mountinfo", (int)pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

struct member {
	ino_t inode;
	pid_t pid;
};

static void find_member(struct process *process, void *context)
{
	struct member *member = context;

	/* The oldest: what came later may have a root of its own (chroot(2)). */
	if (process->namespaces[NAMESPACE_MNT] == member->inode && (!member->pid || process->pid < member->pid) &&
	    namespace_inode(process->pid, "mnt") == member->inode)
		member->pid = process->pid;
}

/* proc_pid_mountinfo(5) shows what could be reached from the process's root when it was opened: after
 * pivot_root(2) that is nothing any more, and another is asked. */
static void ask_anew(struct mount_namespace *namespace)
{
	struct member member = { .inode = namespace->inode };
	int fd = -1;

	if (namespace != mount_own)
		processes_each(find_member, &member);
	if (member.pid)
		fd = open_mountinfo(member.pid);
	if (fd >= 0)
		watch_mountinfo(namespace, fd);
}

/* False: the namespace is no more. */
static bool look(struct mount_namespace *namespace)
{
	struct mount_table now = { 0 };

	if (!namespace->id)
		ask_anew(namespace);
	if (!list(namespace, &now)) {
		mount_table_free(&now);
		return false;
	}
	compare(namespace, &now);
	mount_table_free(&namespace->table);
	namespace->table = now;
	return true;
}

static void look_at_all(void)
{
	for (struct mount_namespace *namespace = mount_namespaces; namespace; namespace = namespace->next)
		look(namespace);
}

/* poll(2) on mountinfo: POLLPRI when the mount namespace has changed since it was last read. */
static void changed(struct watch *watch, short events)
{
	(void)events;
	look(watch->owner);
}

static bool is_of(int fd, ino_t inode)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_ino == inode;
}

/* The mark comes before the list, so that nothing falls between the two. The descriptor is closed
 * at once; neither the mark nor the number holds the namespace. */
static bool follow_events(struct mount_namespace *namespace, pid_t pid)
{
	char path[64];
	uint64_t id = 0;

	snprintf(path, sizeof path, "/proc/%d/ns/mnt", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	bool marked = is_of(fd, namespace->inode) && mount_stat_namespace(fd, &id) && mount_events_mark(path) &&
		      mount_stat_list(id, &namespace->table);
	close(fd);
	if (!marked)
		mount_table_free(&namespace->table);
	namespace->id = marked ? id : 0;
	return marked;
}

static struct mount_namespace *find_or_add(ino_t inode, pid_t pid)
{
	struct mount_namespace **place = mount_namespace_place(inode);

	if (*place)
		return *place;
	struct mount_namespace *namespace = *place = allocate(sizeof *namespace);
	*namespace = (struct mount_namespace){ .inode = inode, .mountinfo = -1 };
	namespace->watch = (struct watch){ .fd = -1, .events = POLLPRI, .ready = changed, .owner = namespace };
	if (!follow_events(namespace, pid)) {
		watch_mountinfo(namespace, open_mountinfo(pid));
		loop_add(&namespace->watch);
		list(namespace, &namespace->table);
	}
	if (!mount_own)
		mount_own = namespace;
	return namespace;
}

static void forget(struct mount_namespace **place)
{
	struct mount_namespace *gone = *place;

	*place = gone->next;
	loop_remove(&gone->watch);
	if (gone->mountinfo >= 0)
		close(gone->mountinfo);
	mount_table_free(&gone->table);
	free(gone);
}

void mounts_join(ino_t inode, pid_t pid)
{
	if (!mount_own || !inode)
		return;
	bool known = *mount_namespace_place(inode);
	struct mount_namespace *namespace = find_or_add(inode, pid);

	namespace->processes++;
	if (!known)
		mount_tell_found(namespace, pid);
}

void mount_namespace_gone(struct mount_namespace **place)
{
	line_begin("mount.gone");
	line_unsigned("mntns", (*place)->inode);
	line_end();
	forget(place);
}

/* The last process is not always the end of it: a bind mount or a descriptor may keep it. Its number
 * tells, and holds nothing. */
bool mount_namespace_is_dead(const struct mount_namespace *namespace)
{
	struct mount_table now = { 0 };
	bool dead = !namespace->id || !mount_stat_list(namespace->id, &now);

	mount_table_free(&now);
	return dead;
}

void mounts_leave(ino_t inode)
{
	struct mount_namespace **place = mount_namespace_place(inode);

	if (!*place || *place == mount_own || --(*place)->processes)
		return;
	if (mount_namespace_is_dead(*place))
		mount_namespace_gone(place);
}

/* A remount and a change of propagation cause no event: each time we look at the lab's own mounts,
 * and at those of one namespace more. */
void mounts_sweep(void)
{
	static unsigned turn;
	unsigned others = 0, index = 0;

	if (!mount_own || !mount_own->id || paused)
		return;
	mount_events_drain();
	look(mount_own);
	for (struct mount_namespace *each = mount_namespaces; each; each = each->next)
		others += each != mount_own && each->id;
	if (!others)
		return;
	turn = (turn + 1) % others;
	for (struct mount_namespace **place = &mount_namespaces; *place; place = &(*place)->next) {
		if (*place == mount_own || !(*place)->id || index++ != turn)
			continue;
		if (!look(*place))
			mount_namespace_gone(place);
		return;
	}
}

bool mounts_open(const struct lab *lab, struct failure *failure)
{
	return mount_events_open(lab->mounts, lab->pid, failure);
}

void mounts_start(pid_t init)
{
	struct mount_namespace *namespace = find_or_add(namespace_inode(init, "mnt"), init);

	namespace->processes++;
	for (size_t i = 0; i < namespace->table.count; i++)
		mount_tell_add(namespace, &namespace->table.mounts[i], 0);
	mount_events_watch(mount_changed, look_at_all);
}

void mounts_stop(void)
{
	mount_events_stop();
	while (mount_namespaces)
		forget(&mount_namespaces);
	mount_own = NULL;
}

void mounts_pause(bool pause)
{
	paused = pause;
	mount_events_pause(pause);
	for (struct mount_namespace *namespace = mount_namespaces; namespace; namespace = namespace->next)
		namespace->watch.fd = pause ? -1 : namespace->mountinfo;
}

void mounts_look(void)
{
	mount_events_drain();
	look_at_all();
}
