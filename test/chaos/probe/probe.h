/* The probe of test:chaos: what must happen in microseconds, or needs the kernel's file handles. */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* procfs.c: small readings of /proc. */
#define PIDS_LIMIT 16384
struct pids {
	pid_t list[PIDS_LIMIT];
	size_t count;
};

ssize_t read_proc(pid_t pid, const char *file, char *text, size_t size);
void children_of(pid_t pid, struct pids *children);
void descendants_of(pid_t pid, struct pids *found);
void everybody(struct pids *found);
char state_of(pid_t pid);
void comm_of(pid_t pid, char comm[32]);
bool holds(const char *text, size_t length, const char *wanted);

/* namespaces.c: namespaces remembered by what outlives their last process. */
void namespaces_forget(void);
void namespaces_of(pid_t pid);
void namespaces_kept_in(pid_t pid, const char *directory);
size_t namespaces_count(void);
bool namespaces_have_handles(void);
/* Whether the process is in a remembered pid namespace. */
bool namespaces_include(pid_t pid);
/* Prints those that are still alive as JSON strings. */
void namespaces_print_alive(void);

/* strike.c: who is to be killed, and the moment. */
void strike(char *arguments);

#endif
