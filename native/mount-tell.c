#include "mount-namespaces.h"

#include "emit.h"
#include "process.h"

void mount_put_namespace(ino_t inode)
{
	if (!mount_own || inode != mount_own->inode)
		line_unsigned("mntns", inode);
}

static void put_process(pid_t pid)
{
	const struct process *process = pid > 0 ? process_find(pid) : NULL;

	if (!process)
		return;
	line_integer("pid", pid);
	if (process->lab_pid)
		line_integer("labPid", process->lab_pid);
	if (process->comm[0])
		line_text("comm", process->comm);
}

void mount_tell_add(const struct mount_namespace *namespace, const struct mount *mount, pid_t by)
{
	line_begin("mount.add");
	mount_put_namespace(namespace->inode);
	mount_put(mount);
	put_process(by);
	line_end();
}

void mount_tell_remove(const struct mount_namespace *namespace, const struct mount *mount, pid_t by)
{
	line_begin("mount.remove");
	mount_put_namespace(namespace->inode);
	line_integer("mount", mount->id);
	line_text("target", mount->target);
	put_process(by);
	line_end();
}

void mount_tell_found(const struct mount_namespace *namespace, pid_t pid)
{
	line_begin("mount.namespace");
	line_unsigned("mntns", namespace->inode);
	put_process(pid);
	line_open("mounts", '[');
	for (size_t i = 0; i < namespace->table.count; i++) {
		line_open(NULL, '{');
		mount_put(&namespace->table.mounts[i]);
		line_close('}');
	}
	line_close(']');
	line_end();
}

/* Gone again before we could ask what it was. */
void mount_tell_brief(const struct mount_event *event)
{
	const struct process *process = process_find(event->pid);

	line_begin("mount.brief");
	if (process && process->namespaces[NAMESPACE_MNT])
		mount_put_namespace(process->namespaces[NAMESPACE_MNT]);
	line_unsigned("mount", event->mount);
	put_process(event->pid);
	line_end();
}
