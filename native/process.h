/* The lab's processes that the warden knows of. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* namespaces(7); the order is that of namespace_types. */
enum {
	NAMESPACE_PID, NAMESPACE_MNT, NAMESPACE_NET, NAMESPACE_UTS, NAMESPACE_IPC, NAMESPACE_CGROUP,
	NAMESPACE_USER, NAMESPACE_TIME, NAMESPACE_TYPES
};

extern const char *const namespace_types[NAMESPACE_TYPES];

struct process {
	pid_t pid, lab_pid; /* lab_pid 0: not known */
	char comm[32];
	ino_t namespaces[NAMESPACE_TYPES]; /* as last read; 0: not known */
	struct process *next;
};

struct process *process_find(pid_t pid);
/* Who did it, into the line that is being written; nothing for one that is not the lab's. */
void process_put(pid_t pid);
struct process *process_add(pid_t pid);
void process_forget(pid_t pid);
void processes_clear(void);
/* In no order; `take` may not add or forget. */
void processes_each(void (*take)(struct process *process, void *context), void *context);

/* From /proc, as long as the process is there. */
/* How many pid namespaces the one whose pids are told is below ours: 1, unless somebody says else. */
void process_lab_level(unsigned level);
/* How many the one is that this process has been put into; 0: ours, or not known. */
unsigned process_level(pid_t pid);
void process_read_lab_pid(struct process *process);
void process_read_comm(struct process *process);
/* The inode of /proc/PID/ns/TYPE is the namespace's name; 0: not known. */
void process_read_namespaces(pid_t pid, ino_t inodes[NAMESPACE_TYPES]);

#endif
