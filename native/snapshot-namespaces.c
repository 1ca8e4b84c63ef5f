#include "snapshot.h"

#include "emit.h"
#include "mounts.h"
#include "namespaces.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT 512
#define GET_USER_NAMESPACE _IO(0xb7, 0x1) /* NS_GET_USERNS */

static struct namespace {
	size_t type;
	ino_t inode;
} known[LIMIT];
static size_t known_count, left;
static const struct namespace *wanted;

static void add(size_t type, ino_t inode)
{
	if (!inode)
		return;
	for (size_t i = 0; i < known_count; i++)
		if (known[i].type == type && known[i].inode == inode)
			return;
	if (known_count < LIMIT)
		known[known_count++] = (struct namespace){ type, inode };
	else
		left++;
}

/* "net:[4026532251]" */
static bool parse(const char *root, struct namespace *namespace)
{
	unsigned long inode;
	char type[16];

	if (sscanf(root, "%15[a-z]:[%lu]", type, &inode) != 2)
		return false;
	for (size_t i = 0; i < NAMESPACE_TYPES; i++) {
		if (strcmp(namespace_types[i], type))
			continue;
		*namespace = (struct namespace){ i, (ino_t)inode };
		return true;
	}
	return false;
}

static void add_kept(const char *root, const char *target)
{
	struct namespace namespace;

	(void)target;
	if (parse(root, &namespace))
		add(namespace.type, namespace.inode);
}

static void put_kept(const char *root, const char *target)
{
	struct namespace namespace;

	if (parse(root, &namespace) && namespace.type == wanted->type && namespace.inode == wanted->inode)
		line_text(NULL, target);
}

/* ioctl_nsfs(2): the user namespace whose capabilities count for this one. Of a user namespace: the
 * one it was made in. EPERM: that is not below ours. */
static void put_owner(pid_t pid, size_t type)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)pid, namespace_types[type]);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int owner = fd >= 0 ? ioctl(fd, GET_USER_NAMESPACE) : -1;
	if (owner >= 0 && fstat(owner, &status) == 0)
		line_unsigned("owner", status.st_ino);
	if (owner >= 0)
		close(owner);
	if (fd >= 0)
		close(fd);
}

static void put(const struct namespace *namespace, struct process *const *processes, size_t count)
{
	pid_t first = 0;

	line_open(NULL, '{');
	line_text("type", namespace_types[namespace->type]);
	line_unsigned("inode", namespace->inode);
	line_open("processes", '[');
	for (size_t i = 0; i < count; i++) {
		if (processes[i]->namespaces[namespace->type] != namespace->inode)
			continue;
		line_integer(NULL, processes[i]->pid);
		first = first ? first : processes[i]->pid;
	}
	line_close(']');
	if (first)
		put_owner(first, namespace->type);
	wanted = namespace;
	line_open("kept", '[');
	mounts_each_namespace_file(put_kept);
	line_close(']');
	line_close('}');
}

size_t snapshot_namespaces(struct process *const *processes, size_t count)
{
	known_count = left = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t type = 0; type < NAMESPACE_TYPES; type++)
			add(type, processes[i]->namespaces[type]);
	mounts_each_namespace_file(add_kept);
	line_open("namespaces", '[');
	for (size_t i = 0; i < known_count; i++)
		put(&known[i], processes, count);
	line_close(']');
	return left;
}
