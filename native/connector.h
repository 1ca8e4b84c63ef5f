/* The kernel's proc connector: fork, execve and exit of every process, over netlink(7). */
#ifndef CONNECTOR_H
#define CONNECTOR_H

#include "failure.h"

#include <linux/cn_proc.h>
#include <linux/netlink.h>
#include <sys/types.h>

/* A subscribed socket, or -1. `same_clock`: the events' time is our CLOCK_MONOTONIC. */
int connector_open(bool *same_clock, struct failure *failure);
/* As recv(2) without waiting; 0 for what does not come from the kernel. */
ssize_t connector_receive(int fd, void *data, size_t size);
/* Takes what has arrived; `lost`: the kernel has dropped some of it. */
void connector_drain(int fd, void (*take)(const struct proc_event *event), void (*lost)(void));
bool connector_event(const struct nlmsghdr *header, struct proc_event *event);

#endif
