#include "netns-find.h"

#include "files.h"
#include "nsid.h"
#include "process.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif
#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

#define CACHED_ATTEMPTS 8

/* Something to open that may be a namespace we do not know. */
struct clue {
	pid_t pid;
	ino_t inode;
	char *path;
	struct clue *next;
};

static struct clue *clues;
static pid_t init;
static int mountinfo = -1;
static bool everywhere, mounts_changed;

static void note(pid_t pid, ino_t inode, const char *path)
{
	struct clue **at = &clues;

	while (*at && (*at)->inode != inode)
		at = &(*at)->next;
	if (!*at) {
		*at = allocate(sizeof **at);
		(*at)->inode = inode;
	}
	/* Both ways in are kept: the process may be gone, and something mounted over the path. */
	if (pid)
		(*at)->pid = pid;
	if (path && !(*at)->path)
		(*at)->path = print_text("%s", path);
}

bool netns_find_process(pid_t pid, ino_t inode)
{
	if (!init || !inode || netns_of_inode(inode))
		return false;
	note(pid, inode, NULL);
	return true;
}

void netns_find_everywhere(void)
{
	everywhere = mounts_changed = true;
}

void netns_find_mounts(void)
{
	mounts_changed = true;
}

static void look_at_process(struct process *process, void *context)
{
	(void)context;
	netns_find_process(process->pid, namespace_inode(process->pid, "net"));
}

/* The inode, or 0 when it is no file of the kernel's nsfs (namespaces(7)). */
static ino_t inode_of(int fd)
{
	struct statfs system;
	struct stat status;

	if (fstatfs(fd, &system) || system.f_type != NSFS_MAGIC || fstat(fd, &status))
		return 0;
	return status.st_ino;
}

/* What lies at a path in the lab is the learner's: openat2(2) keeps every link inside the lab's
 * root, O_PATH opens nothing that could notice, and only a namespace is opened for real. The way to
 * a mount point is always in the kernel's memory; RESOLVE_CACHED (Linux 5.12) asks no file system,
 * for one that the lab has mounted over it might never answer. EAGAIN: it is not, or something was
 * mounted just now. */
static int open_path(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_CACHED };
	char *root_path = print_text("/proc/%d/root", (int)init), again[64];
	int root = open(root_path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	free(root_path);
	int place = -1;
	for (int attempt = 0; root >= 0 && place < 0 && attempt < CACHED_ATTEMPTS; attempt++)
		if ((place = (int)syscall(SYS_openat2, root, path, &how, sizeof how)) < 0 && errno != EAGAIN)
			break;
	if (root >= 0)
		close(root);
	if (place < 0)
		return -1;
	snprintf(again, sizeof again, "/proc/self/fd/%d", place);
	int fd = inode_of(place) ? open(again, O_RDONLY | O_CLOEXEC) : -1;
	close(place);
	return fd;
}

static int open_process(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int expect(int fd, ino_t inode)
{
	if (fd < 0 || inode_of(fd) == inode)
		return fd;
	close(fd);
	return -1;
}

struct search {
	ino_t inode;
	pid_t pid;
};

static void search_process(struct process *process, void *context)
{
	struct search *search = context;

	if (!search->pid && namespace_inode(process->pid, "net") == search->inode)
		search->pid = process->pid;
}

static int open_by_any_process(ino_t inode)
{
	struct search search = { .inode = inode };

	processes_each(search_process, &search);
	return search.pid ? expect(open_process(search.pid), inode) : -1;
}

int netns_find_open(const struct netns *netns)
{
	int fd = -1;

	if (netns_own(netns))
		return expect(open_process(init), netns->inode);
	if (netns->path)
		fd = expect(open_path(netns->path), netns->inode);
	return fd >= 0 ? fd : open_by_any_process(netns->inode);
}

static void take_clue(const struct clue *clue, int route, void (*found)(struct netns *, int))
{
	int fd = clue->path ? expect(open_path(clue->path), clue->inode) : -1;

	if (fd < 0 && clue->pid)
		fd = expect(open_process(clue->pid), clue->inode);
	/* It was the last that we heard of there, and may be gone already: others may not. */
	if (fd < 0 && clue->pid)
		fd = open_by_any_process(clue->inode);
	if (fd < 0 || netns_of_inode(clue->inode)) {
		if (fd >= 0)
			close(fd);
		return;
	}
	int nsid = nsid_give(route, fd);
	if (nsid != NETLINK_OWN_NSID && !netns_of_nsid(nsid)) {
		struct netns *netns = netns_add(clue->inode, nsid);

		netns_mounted_at(netns, clue->path);
		netns_tell(netns);
		found(netns, fd);
	}
	close(fd);
}

/* A namespace's line reads "36 25 0:4 net:[4026532265] /run/netns/c1 rw … - nsfs nsfs rw". */
static void take_mount(const char *line)
{
	char path[4096];
	unsigned long inode;

	if (sscanf(line, "%*d %*d %*s net:[%lu] %4095s", &inode, path) != 2 || !inode)
		return;
	unescape_octal(path);
	struct netns *netns = netns_of_inode(inode);
	if (!netns) {
		note(0, inode, path);
		return;
	}
	netns->mounted = true;
	if (!netns_own(netns) && !netns->path && netns_mounted_at(netns, path))
		netns_tell(netns);
}

static void read_mounts(void)
{
	struct text text = { 0 };
	char *line;

	lseek(mountinfo, 0, SEEK_SET);
	for (struct netns *netns = netns_list; netns; netns = netns->next)
		netns->mounted = false;
	if (text_read_fd(&text, mountinfo, 64 << 20) && text.length) {
		char *rest = text.data;

		while ((line = strsep(&rest, "\n")))
			take_mount(line);
	}
	text_free(&text);
	for (struct netns *netns = netns_list; netns; netns = netns->next)
		if (!netns->mounted && netns_mounted_at(netns, NULL))
			netns->untold = true;
}

void netns_find_settle(int route, void (*found)(struct netns *netns, int namespace))
{
	if (everywhere)
		processes_each(look_at_process, NULL);
	/* After the processes, before the clues: a mount gives a name. */
	if (mounts_changed && mountinfo >= 0)
		read_mounts();
	everywhere = mounts_changed = false;
	while (clues) {
		struct clue *clue = clues;

		clues = clue->next;
		take_clue(clue, route, found);
		free(clue->path);
		free(clue);
	}
}

int netns_find_mountinfo(void)
{
	return mountinfo;
}

void netns_find_start(pid_t started)
{
	char *path = print_text("/proc/%d/mountinfo", (int)started);

	init = started;
	mountinfo = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
}

void netns_find_stop(void)
{
	if (mountinfo >= 0)
		close(mountinfo);
	mountinfo = -1;
	init = 0;
}
