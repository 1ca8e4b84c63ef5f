#include "mount-namespaces.h"
#include "mounts.h"

#include "emit.h"

#include <string.h>

size_t mounts_put(size_t limit)
{
	size_t told = 0, left = 0;

	line_open("mounts", '[');
	for (struct mount_namespace *each = mount_namespaces; each; each = each->next)
		for (size_t i = 0; i < each->table.count; i++) {
			if (told++ >= limit) {
				left++;
				continue;
			}
			line_open(NULL, '{');
			mount_put_namespace(each->inode);
			mount_put(&each->table.mounts[i]);
			line_close('}');
		}
	line_close(']');
	return left;
}

void mounts_each_namespace_file(void (*tell)(const char *root, const char *target))
{
	for (struct mount_namespace *each = mount_namespaces; each; each = each->next)
		for (size_t i = 0; i < each->table.count; i++)
			if (!strcmp(each->table.mounts[i].fstype, "nsfs"))
				tell(each->table.mounts[i].root, each->table.mounts[i].target);
}
