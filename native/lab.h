/* The lab, as the warden sees it. */
#ifndef LAB_H
#define LAB_H

#include "cgroup.h"
#include "failure.h"
#include "id-map.h"
#include "janitor.h"
#include "journal.h"

struct lab {
	char id[64]; /* tsi-NAME-PID: the cgroups' and the journal's name */
	char hostname[65];
	bool rootless; /* its root is the helper's user, in a user namespace of the lab's own */
	struct limits limits;
	struct id_map ids; /* rootless only */
	bool overlays; /* this kernel mounts overlays in the lab */
	bool overlay_xattrs; /* and they can keep notes about files */
	struct cgroups cgroups;
	struct journal journal;
	struct janitor janitor;
	ino_t host_pid_namespace;
	pid_t pid;   /* lab-init, PID 1 of the lab */
	int pidfd;   /* becomes readable when it is dead, and with it every process of the lab */
	int control; /* the socket to lab-init; its end of file tells lab-init to tear down */
	int netns;   /* lab-init makes sockets of network namespaces here (netns-enter.c) */
	int stages;  /* where containers built in the lab say their stages */
	int mounts;  /* without root: the fanotify(7) group of the lab's mounts; -1 */
};

bool lab_up(struct lab *lab, struct failure *failure);
/* Whatever is left: kills lab-init if it must, removes cgroups and journal, lets the janitor go. */
void lab_bury(struct lab *lab);

/* init-setup.c: the child of clone3; never returns. */
_Noreturn void lab_init(const struct lab *lab, int control);

#endif
