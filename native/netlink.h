/* netlink(7): sockets, attributes, and requests that are answered at once. */
#ifndef NETLINK_H
#define NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NETLINK_OWN_NSID -1 /* the message is about the socket's own network namespace */

/* A socket in the network namespace we are in. `everywhere`: it also hears every network namespace
 * that has a number (nsid) in this one, and holds none of them. */
int netlink_open(int protocol, bool everywhere);
/* Group numbers, 0 at the end. */
bool netlink_join(int fd, const int *groups);

/* Attributes by number; those above `limit` are skipped. The lengths are checked. */
void netlink_parse(const struct rtattr **table, size_t limit, const void *first, size_t length);
uint8_t netlink_u8(const struct rtattr *attribute);
uint32_t netlink_u32(const struct rtattr *attribute);
uint64_t netlink_be64(const struct rtattr *attribute);
uint32_t netlink_be32(const struct rtattr *attribute);
/* A NUL-terminated copy, cut to the size; "" without the attribute. */
void netlink_text(char *value, size_t size, const struct rtattr *attribute);

typedef void (*netlink_take)(const struct nlmsghdr *header, void *context);
/* One message that was waiting, with the nsid it is about; as recv(2) otherwise. */
ssize_t netlink_receive(int fd, void *data, size_t size, int *nsid);
/* Hands over the messages of all namespaces that wait on a socket of events, though not without end.
 * False: there was no room for them, and the kernel has dropped some. */
bool netlink_hear(int fd, void (*take)(const struct nlmsghdr *header, int nsid));
/* Asks, and hands over each message of the answer. The kernel answers within send(2) and recv(2),
 * so this waits for nobody. 0, or the errno; with NLM_F_DUMP_INTR it asks again. */
int netlink_ask(int fd, struct nlmsghdr *request, netlink_take take, void *context);
void netlink_put(struct nlmsghdr *request, unsigned short type, const void *data, size_t length);

#endif
