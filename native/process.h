/* The lab's processes that the warden knows of. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t pid, lab_pid; /* lab_pid 0: not known */
	char comm[32];
	struct process *next;
};

struct process *process_find(pid_t pid);
struct process *process_add(pid_t pid);
void process_forget(pid_t pid);
void processes_clear(void);
void processes_each(void (*take)(const struct process *process, void *context), void *context);

/* From /proc, as long as the process is there. */
void process_read_lab_pid(struct process *process);
void process_read_comm(struct process *process);

#endif
