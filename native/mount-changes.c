#include "mount-namespaces.h"

#include "process.h"

#include <string.h>

/* Where the process is comes first: the mount was most likely made there. */
static struct mount_namespace *place_of_event(const struct mount_event *event, struct mount *mount)
{
	const struct process *process = process_find(event->pid);
	struct mount_namespace *likely = process ? *mount_namespace_place(process->namespaces[NAMESPACE_MNT]) : mount_own;

	if (likely && likely->id && mount_stat(likely->id, event->mount, mount) > 0)
		return likely;
	for (struct mount_namespace *each = mount_namespaces; each; each = each->next)
		if (each != likely && each->id && mount_stat(each->id, event->mount, mount) > 0)
			return each;
	return NULL;
}

static struct mount *find_unique(uint64_t unique, struct mount_namespace **namespace)
{
	struct mount wanted = { .unique = unique };

	for (*namespace = mount_namespaces; *namespace; *namespace = (*namespace)->next)
		for (size_t i = 0; i < (*namespace)->table.count; i++)
			if ((*namespace)->table.mounts[i].unique == wanted.unique)
				return &(*namespace)->table.mounts[i];
	return NULL;
}

static void attached(const struct mount_event *event)
{
	struct mount_namespace *namespace, *in;
	struct mount mount, *known = find_unique(event->mount, &namespace);

	if (!(in = place_of_event(event, &mount))) {
		if (!known)
			mount_tell_brief(event);
		return;
	}
	if (known && mount_unchanged(known, &mount)) {
		mount_free(&mount);
		return;
	}
	mount_tell_add(in, &mount, event->pid);
	if (known) {
		mount_free(known);
		*known = mount;
	} else {
		mount_table_add(&in->table, &mount);
	}
}

static void detached(const struct mount_event *event)
{
	struct mount_namespace *namespace;
	struct mount *known = find_unique(event->mount, &namespace);

	if (!known)
		return;
	/* With a namespace all its mounts go, the one on / first. */
	if (namespace != mount_own && !strcmp(known->target, "/") && mount_namespace_is_dead(namespace)) {
		mount_namespace_gone(mount_namespace_place(namespace->inode));
		return;
	}
	mount_tell_remove(namespace, known, event->pid);
	mount_table_remove(&namespace->table, (size_t)(known - namespace->table.mounts));
}

void mount_changed(const struct mount_event *event)
{
	if (event->attached)
		attached(event);
	else if (event->detached)
		detached(event);
}
