/* PID 1 of the lab. */
#ifndef INIT_H
#define INIT_H

#include "cgroup.h"
#include "loop-devices.h"
#include "message.h"

struct lab;

/* How PID 1 gets out of a cgroup of the lab's at the end. */
struct way_out {
	int directory; /* the parent of the lab's cgroup */
	int procs;     /* cgroup.procs of a cgroup that takes us */
};

/* What PID 1 needs of the host's at the end. */
enum way { WAY_CGROUP, WAY_LOOP_DEVICES, WAY_JOURNAL };

struct init {
	int control;
	int netns; /* the warden asks here for sockets of network namespaces; -1: it cannot */
	int null; /* /dev/null, kept: the learner may remove the lab's */
	const char *lab;
	const struct lab *plan;
	ino_t host_pid_namespace;
	uint64_t root;   /* st_dev of the lab's root */
	int ways_socket; /* holds the ways out, until ways_take */
	struct loop_places loops;
	int journals; /* the directory the journal is in, or -1 */
	struct way_out ways[HIERARCHY_LIMIT];
	size_t way_count;
};

_Noreturn void init_serve(struct init *init);

/* ways-out.c: opened while the host's tree is in sight, out of everybody's reach until the end. */
struct lab;
bool ways_keep(struct init *init, const struct lab *lab, struct failure *failure);
void ways_take(struct init *init);

/* spawn.c: starts a run's command; false when it could not be executed, with the reason. */
bool spawn(const struct init *init, const struct message *request, pid_t *pid, struct failure *failure);

/* rlimits.c: in the child, before execve(2). */
void rlimits_apply(const struct lab *lab);

/* pty.c: the master, or -1; the other side, in the lab's own devpts, is `*slave`. */
struct winsize;
int pty_open(const struct winsize *size, int *slave, struct failure *failure);

/* trace.c: the FIFO that strace writes to. */
int trace_open(int64_t run, struct failure *failure);
void trace_remove(int64_t run);

/* init-read.c: a descriptor of what the path names in the lab, or -1. */
int open_in_lab(const char *path, int flags);
/* 1 the file's text is in `text`, 0 there is none, -1 failure. */
struct text;
int read_in_lab(const char *path, struct text *text, struct failure *failure);

#endif
