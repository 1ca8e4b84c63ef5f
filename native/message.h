/* What the warden and lab-init say to each other over a SOCK_SEQPACKET pair (unix(7)): a fixed
 * header, then bytes, then descriptors (SCM_RIGHTS). Both ends are this very program. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MESSAGE_DATA_LIMIT (64u << 10)
#define MESSAGE_FD_LIMIT 8
#define ID_SIZE 40

enum message_kind {
	MESSAGE_GO,      /* warden: you are in your cgroups, go on */
	MESSAGE_READY,   /* init: the lab is up; fds: where to ask for sockets of network namespaces,
			    where containers say their stages, without root a group for mount events */
	MESSAGE_FAILED,  /* init: it is not, and why */
	MESSAGE_RUN,     /* warden: spawn; fds: argv and env in a memfd, then stdout, stderr and perhaps
			    stdin; none of them when `rows` asks for a terminal */
	MESSAGE_STARTED, /* init: execve succeeded, or failure; fds: the trace FIFO's read end, the
			    terminal's master */
	MESSAGE_EXITED,  /* init: waitpid's status */
	MESSAGE_ENDED,   /* init, without root: the same of each of its children before it is reaped, and
			    its pid (named); orphans have become its children */
	MESSAGE_SIGNAL,  /* warden: to the process group of a run */
	MESSAGE_READ,    /* warden: a file; data: its path */
	MESSAGE_TREE,    /* warden: the names below a directory; data: its path */
	MESSAGE_TRACED,  /* warden: this run's trace FIFO has ended, unlink it */
	MESSAGE_NETNS,   /* warden: make sockets in this network namespace; init: here they are */
	MESSAGE_DONE,    /* init: the answer to SIGNAL, READ and TREE; data: the file's text, tree_entries */
};

/* What PID 1 has found out, in READY's `number`. */
enum { READY_OVERLAYS = 1, READY_OVERLAY_XATTRS = 2 };

struct message {
	enum message_kind kind;
	char id[ID_SIZE]; /* of the request, as the asker spelt it */
	int64_t run;
	pid_t pid;
	int number;    /* a wait status, a signal, or "the file is there" */
	bool trace, input; /* DONE: `trace` a text belongs to it, `input` tree_entries do */
	unsigned short rows, columns; /* of the terminal that is asked for; 0: none */
	uint64_t device; /* READY: the lab's root file system */
	uint32_t argc, envc;
	struct failure failure;
	/* Filled in by message_receive: */
	pid_t credential; /* the pid named by the sender, translated to our pid namespace */
	size_t length;
	int fds[MESSAGE_FD_LIMIT];
	size_t fd_count;
};

/* `named`: a process whose pid the kernel is to translate for the receiver, or 0. */
bool message_send(int socket, const struct message *message, const void *data, size_t length,
		  const int *fds, size_t fd_count, pid_t named);
/* 1: a message, 0: the other end is closed, -1: nothing yet or an error (errno; EPROTO: it was no
 * message, and is gone). */
int message_receive(int socket, struct message *message, char *data, int flags);
void message_close_fds(struct message *message);

#endif
