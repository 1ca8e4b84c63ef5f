#include "mount-namespaces.h"

#include "emit.h"
#include "process.h"

void mount_put_namespace(ino_t inode)
{
	if (!mount_own || inode != mount_own->inode)
		line_unsigned("mntns", inode);
}

void mount_tell_add(const struct mount_namespace *namespace, const struct mount *mount, pid_t by)
{
	line_begin("mount.add");
	mount_put_namespace(namespace->inode);
	mount_put(mount);
	process_put(by);
	line_end();
}

void mount_tell_remove(const struct mount_namespace *namespace, const struct mount *mount, pid_t by)
{
	line_begin("mount.remove");
	mount_put_namespace(namespace->inode);
	line_integer("mount", mount->id);
	line_text("target", mount->target);
	process_put(by);
	line_end();
}

void mount_tell_found(const struct mount_namespace *namespace, pid_t pid)
{
	line_begin("mount.namespace");
	line_unsigned("mntns", namespace->inode);
	process_put(pid);
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
	process_put(event->pid);
	line_end();
}
