#include "netns.h"

#include "conntrack.h"
#include "emit.h"
#include "facts.h"
#include "netlink.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

struct netns *netns_list;

struct netns *netns_add(ino_t inode, int nsid)
{
	struct netns *netns = allocate(sizeof *netns), **end = &netns_list;

	*netns = (struct netns){ .inode = inode, .nsid = nsid };
	while (*end)
		end = &(*end)->next;
	*end = netns;
	return netns;
}

struct netns *netns_of_inode(ino_t inode)
{
	struct netns *netns = netns_list;

	while (netns && netns->inode != inode)
		netns = netns->next;
	return netns;
}

struct netns *netns_of_nsid(int nsid)
{
	struct netns *netns = netns_list;

	while (netns && netns->nsid != nsid)
		netns = netns->next;
	return netns;
}

bool netns_own(const struct netns *netns)
{
	return netns->nsid == NETLINK_OWN_NSID;
}

static void release(struct netns *netns)
{
	facts_forget(netns);
	conntrack_forget(netns);
	free(netns->name);
	free(netns->path);
	free(netns);
}

void netns_remove(struct netns *netns)
{
	struct netns **at = &netns_list;

	line_begin("netns.remove");
	netns_put(netns);
	if (netns->name)
		line_text("name", netns->name);
	line_end();
	while (*at != netns)
		at = &(*at)->next;
	*at = netns->next;
	release(netns);
}

void netns_clear(void)
{
	while (netns_list) {
		struct netns *first = netns_list;

		netns_list = first->next;
		release(first);
	}
}

bool netns_mounted_at(struct netns *netns, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!path && !netns->path)
		return false;
	if (path && netns->path && !strcmp(path, netns->path))
		return false;
	free(netns->name);
	free(netns->path);
	netns->path = path ? print_text("%s", path) : NULL;
	netns->name = path ? print_text("%s", slash ? slash + 1 : path) : NULL;
	return true;
}

void netns_tell(const struct netns *netns)
{
	line_begin("netns.add");
	line_unsigned("netns", netns->inode);
	if (netns->name)
		line_text("name", netns->name);
	line_end();
}

void netns_put(const struct netns *netns)
{
	if (!netns_own(netns))
		line_unsigned("netns", netns->inode);
}
