#include "net-rules.h"

#include "iptables-legacy.h"
#include "kernel-module.h"
#include "loop.h"
#include "net-read.h"
#include "net.h"
#include "netfilter.h"
#include "netlink.h"
#include "netns-enter.h"
#include "netns-find.h"

#include <linux/netfilter/nfnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define QUIET_NANOSECONDS 15000000 /* after the last iptables of a series */

static void heard_rules(struct watch *watch, short events);
static void legacy_quiet(struct watch *watch, short events);
static struct watch rules_watch = { .fd = -1, .events = POLLIN, .ready = heard_rules };
static struct watch legacy_watch = { .fd = -1, .events = POLLIN, .ready = legacy_quiet };
static int rules_socket = -1;
static bool legacy_sought; /* an iptables has run, and the kernel tells nobody what the legacy one did */
static bool rules_sought = true; /* a program has run: nf_tables may be there now */

static void take_rules(const struct nlmsghdr *header, int nsid)
{
	struct netns *netns = netns_of_nsid(nsid);

	/* Not known yet: it is read as a whole once it is. */
	if (!netns)
		return;
	netfilter_take(netns, header);
	if (netns->translates && !netns->tracked)
		net_soon();
}

static void heard_rules(struct watch *watch, short events)
{
	(void)events;
	if (!netlink_hear(watch->fd, take_rules))
		net_all_stale();
}

/* nftables is listened to from when it is there: to ask for it would load its module. */
void net_rules_seek(void)
{
	static const int groups[] = { NFNLGRP_NFTABLES, 0 };
	int sockets[NETNS_SOCKETS], own;

	if (!rules_sought || rules_socket >= 0)
		return;
	rules_sought = false;
	if (!kernel_module_present("nf_tables") || (own = netns_find_open(netns_list)) < 0)
		return;
	/* A PID 1 that does not answer now is asked again (net_rules_missing). */
	rules_sought = !netns_sockets(own, NETNS_WANT(NETNS_NETFILTER_EVENTS), sockets) && netns_silent();
	close(own);
	if (sockets[NETNS_NETFILTER_EVENTS] < 0 || !netlink_join(sockets[NETNS_NETFILTER_EVENTS], groups)) {
		netns_close_sockets(sockets);
		return;
	}
	rules_socket = rules_watch.fd = sockets[NETNS_NETFILTER_EVENTS];
	loop_add(&rules_watch);
	for (struct netns *netns = netns_list; netns; netns = netns->next)
		netns->stale = true;
}

bool net_rules_missing(void)
{
	return rules_sought && rules_socket < 0;
}

static void legacy_after(long nanoseconds)
{
	if (legacy_watch.fd >= 0)
		timerfd_settime(legacy_watch.fd, 0, &(struct itimerspec){ .it_value.tv_nsec = nanoseconds }, NULL);
}

/* One reading for a series of commands: each costs a visit of PID 1 to every namespace. A PID 1 that
 * does not answer now is asked again: the kernel would tell nobody until the next command. */
static void legacy_quiet(struct watch *watch, short events)
{
	uint64_t times;

	(void)events;
	if (read(watch->fd, &times, sizeof times) > 0 && legacy_sought) {
		legacy_sought = !net_read_legacy(true);
		if (legacy_sought)
			legacy_after(NETNS_AGAIN_NANOSECONDS);
		net_soon();
	}
}

void net_program(pid_t pid, const char *comm)
{
	/* One that was gone before it had a name may have been anything. */
	bool iptables = strstr(comm, "tables") || !comm[0];

	if (iptables && pid)
		legacy_note(pid, comm);

	rules_sought = rules_sought || rules_socket < 0;
	legacy_sought = legacy_sought || iptables;
	if (rules_sought)
		net_soon();
	if (legacy_sought)
		legacy_after(QUIET_NANOSECONDS);
}

void net_count(void)
{
	int sockets[NETNS_SOCKETS];

	net_read_legacy(false);
	for (struct netns *netns = netns_list; netns; netns = netns->next) {
		int namespace = rules_socket >= 0 ? netns_find_open(netns) : -1;

		if (namespace < 0)
			continue;
		if (netns_sockets(namespace, NETNS_WANT(NETNS_NETFILTER), sockets))
			netfilter_count(netns, sockets[NETNS_NETFILTER]);
		netns_close_sockets(sockets);
		close(namespace);
	}
}

bool net_rules_listens(void)
{
	return rules_socket >= 0;
}

void net_rules_start(void)
{
	legacy_watch.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	loop_add(&legacy_watch);
}

void net_rules_stop(void)
{
	loop_remove(&rules_watch);
	loop_remove(&legacy_watch);
	if (rules_socket >= 0)
		close(rules_socket);
	if (legacy_watch.fd >= 0)
		close(legacy_watch.fd);
	rules_socket = rules_watch.fd = legacy_watch.fd = -1;
}

void net_rules_pause(bool pause)
{
	rules_watch.fd = pause ? -1 : rules_socket;
}
