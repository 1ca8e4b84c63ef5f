#include "nsid.h"

#include <errno.h>
#include <linux/net_namespace.h>
#include <sys/socket.h>

struct question {
	struct nlmsghdr header;
	struct rtgenmsg body;
	char room[64];
};

static struct question question(unsigned short type, int namespace)
{
	struct question request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof request.body), .nlmsg_type = type },
		.body = { .rtgen_family = AF_UNSPEC },
	};

	netlink_put(&request.header, NETNSA_FD, &namespace, sizeof namespace);
	return request;
}

int nsid_in(const struct nlmsghdr *header)
{
	const struct rtattr *attributes[NETNSA_NSID + 1];
	const char *body = NLMSG_DATA(header);

	if (header->nlmsg_len < NLMSG_SPACE(sizeof(struct rtgenmsg)))
		return NETLINK_OWN_NSID;
	netlink_parse(attributes, NETNSA_NSID, body + NLMSG_ALIGN(sizeof(struct rtgenmsg)),
		      header->nlmsg_len - NLMSG_SPACE(sizeof(struct rtgenmsg)));
	return attributes[NETNSA_NSID] ? (int)netlink_u32(attributes[NETNSA_NSID]) : NETLINK_OWN_NSID;
}

static void take(const struct nlmsghdr *header, void *nsid)
{
	if (header->nlmsg_type == RTM_NEWNSID)
		*(int *)nsid = nsid_in(header);
}

int nsid_of(int route, int namespace)
{
	struct question request = question(RTM_GETNSID, namespace);
	int nsid = NETLINK_OWN_NSID;

	netlink_ask(route, &request.header, take, &nsid);
	return nsid;
}

/* RTM_NEWNSID (ip-netns(8), `ip netns set NAME auto`): gives it a number in the lab's own namespace,
 * by which the kernel then tells us of it. Most have one already: a veth pair between the two does
 * it. `ip netns list` shows the number. */
int nsid_give(int route, int namespace)
{
	struct question request = question(RTM_NEWNSID, namespace);
	int any = -1;

	netlink_put(&request.header, NETNSA_NSID, &any, sizeof any);
	int error = netlink_ask(route, &request.header, NULL, NULL);
	return error && error != EEXIST ? NETLINK_OWN_NSID : nsid_of(route, namespace);
}
