#include "net-read.h"

#include "addresses.h"
#include "facts.h"
#include "iptables-legacy.h"
#include "links.h"
#include "net.h"
#include "netfilter.h"
#include "netlink.h"
#include "netns-enter.h"
#include "netns-find.h"
#include "nsid.h"
#include "routes.h"

#include <unistd.h>

static int own_nsid = NETLINK_OWN_NSID;

struct netns *net_of_nsid(int nsid)
{
	struct netns *netns = netns_of_nsid(nsid);

	return netns || nsid != own_nsid ? netns : netns_list;
}

/* The kernel numbers the lab's own namespace in itself when it speaks of another one's veth whose
 * other end is in the lab. */
void net_learn_own_nsid(int route)
{
	int own = own_nsid == NETLINK_OWN_NSID ? netns_find_open(netns_list) : -1;

	if (own < 0)
		return;
	own_nsid = nsid_of(route, own);
	close(own);
}

/* Everything in one namespace, through sockets that are closed at once: one kept open would keep
 * the namespace alive. */
bool net_read_all(struct netns *netns, int namespace, int route, bool rules)
{
	int sockets[NETNS_SOCKETS];
	int wanted = NETNS_WANT(NETNS_ROUTE) | (rules ? NETNS_WANT(NETNS_NETFILTER) : 0);

	links_dump(netns, route);
	if (!netns_sockets(namespace, wanted, sockets))
		return false;
	addresses_dump(netns, sockets[NETNS_ROUTE]);
	routes_dump(netns, sockets[NETNS_ROUTE]);
	if (sockets[NETNS_NETFILTER] >= 0)
		netfilter_dump(netns, sockets[NETNS_NETFILTER]);
	netns_close_sockets(sockets);
	netns->stale = netns->stale_routes = false;
	return true;
}

static void read_routes(struct netns *netns, int namespace)
{
	int sockets[NETNS_SOCKETS];

	if (!netns_sockets(namespace, NETNS_WANT(NETNS_ROUTE), sockets))
		return;
	routes_dump(netns, sockets[NETNS_ROUTE]);
	netns_close_sockets(sockets);
	netns->stale_routes = false;
}

void net_refresh(struct netns *netns, int route, bool rules)
{
	int namespace = netns_find_open(netns);

	if (namespace < 0) {
		/* Held by a descriptor alone: what can be read from outside is. */
		if (netns->stale)
			links_dump(netns, route);
		netns->stale = netns->stale_routes = false;
		return;
	}
	if (netns->stale)
		net_read_all(netns, namespace, route, rules);
	else
		read_routes(netns, namespace);
	close(namespace);
}

/* False: PID 1 does not answer. What was known stays so. */
static bool read_legacy(struct netns *netns, int namespace)
{
	int wanted = NETNS_WANT(NETNS_TABLES) | NETNS_WANT(NETNS_TABLES6), names[NETNS_SOCKETS], sockets[NETNS_SOCKETS];
	bool answered = netns_sockets(namespace, wanted, names) || !netns_silent();
	bool any = answered && (legacy_any(names[NETNS_TABLES], false, netns_own(netns)) ||
				legacy_any(names[NETNS_TABLES6], true, netns_own(netns)));

	if (any || (answered && netns->legacy)) {
		if (netns_sockets(namespace, NETNS_WANT(NETNS_INET) | NETNS_WANT(NETNS_INET6), sockets)) {
			facts_unseen(netns, FACT_CHAIN, fact_is_legacy);
			facts_unseen(netns, FACT_RULE, fact_is_legacy);
			legacy_dump(netns, names[NETNS_TABLES], sockets[NETNS_INET]);
			legacy_dump6(netns, names[NETNS_TABLES6], sockets[NETNS_INET6]);
			facts_remove_unseen(netns, FACT_RULE, fact_is_legacy);
			facts_remove_unseen(netns, FACT_CHAIN, fact_is_legacy);
			netns_close_sockets(sockets);
		} else {
			answered = !netns_silent();
		}
	}
	if (answered)
		netns->legacy = any;
	netns_close_sockets(names);
	return answered;
}

/* All: something may have changed anywhere. Else the known ones are read, for their counters. */
bool net_read_legacy(bool all)
{
	bool answered = true;

	for (struct netns *netns = netns_list; netns; netns = netns->next) {
		int namespace = all || netns->legacy ? netns_find_open(netns) : -1;

		if (namespace < 0)
			continue;
		netns->counting = !all;
		answered = read_legacy(netns, namespace) && answered;
		netns->counting = false;
		close(namespace);
	}
	return answered;
}
