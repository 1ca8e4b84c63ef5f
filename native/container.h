/* `container`: a container built by the kernel's own steps, each of them visible and pausable.
 * CONTAINER.md tells the stages; container.c is where to begin to read. */
#ifndef CONTAINER_H
#define CONTAINER_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum stage {
	STAGE_CLONE, STAGE_ID_MAPS, STAGE_TIME_OFFSET, STAGE_CGROUP, STAGE_PRIVATE_MOUNTS, STAGE_ROOTFS, STAGE_PROC,
	STAGE_SYS, STAGE_DEV, STAGE_PIVOT_ROOT, STAGE_MASKED_PATHS, STAGE_HOSTNAME, STAGE_LOOPBACK,
	STAGE_CAPABILITIES, STAGE_NO_NEW_PRIVS, STAGE_SECCOMP, STAGE_EXEC, STAGES,
	STAGE_NONE = STAGES,
};

#define STAGE_BIT(stage) (1u << (stage))

#define NAME_LIMIT 64
#define MASK_LIMIT 64
#define MAP_LIMIT 5 /* lines of an id map */

/* A line of /proc/PID/uid_map (user_namespaces(7)). */
struct map_line {
	unsigned inside, outside, count;
};

/* What was asked for, and what the stages leave to each other. */
struct container {
	/* options */
	char name[NAME_LIMIT + 1];
	char **argv;
	uint64_t namespaces; /* CLONE_NEW… */
	struct map_line uids[MAP_LIMIT], gids[MAP_LIMIT];
	size_t uid_count, gid_count;
	bool has_offset;
	long long time_offset; /* seconds (time_namespaces(7)) */
	const char *hostname, *rootfs, *lower, *upper, *work, *cgroup;
	const char *masks[MASK_LIMIT]; /* in mask_words */
	char *mask_words;
	size_t mask_count;
	bool default_masks, no_new_privs, seccomp, verbose;
	uint64_t capabilities;
	uint32_t without, stops; /* bits of stages */

	/* state */
	char *directory;      /* where its control socket is, and the overlay's mount point */
	char *merged;         /* NULL: not made */
	bool own_root;        /* there is a rootfs, in the current directory once it is mounted */
	bool user_namespace;  /* we are root in some user namespace that is not the first one */
	bool enters_late;     /* v1: the process is put into its cgroups after its birth */
	pid_t pid;
	int pidfd;
	int keeper;           /* the container's end of the socket to the keeper */
	int events;           /* the lab's event socket, or -1 */
	char call[32], detail[512]; /* what the stage did */
};

/* container.c */
int container_main(int argc, char **argv);

/* container-options.c: false after having said what is wrong. */
bool options_read(struct container *container, int argc, char **argv);
/* container-lists.c: values that are lists; what is wrong is said. */
bool complain(const char *format, const char *value);
bool lists_stages(uint32_t *stages, const char *list);
bool lists_map(struct container *container, const char *list);
bool lists_add_map(struct map_line *maps, size_t *count, struct map_line map);
bool lists_capabilities(struct container *container, const char *list);
bool lists_masks(struct container *container, const char *list);
bool lists_namespaces(uint64_t *flags, const char *list);
/* To be freed. */
char *namespaces_text(uint64_t flags);
/* container-stages.c: the table. */
const char *stage_name(enum stage stage);
enum stage stage_find(const char *name);
void stages_print(FILE *file);
/* The order in which they are walked, of `plan`; the number of them. */
size_t stages_plan(const struct container *container, enum stage plan[STAGES]);
bool stage_perform(struct container *container, enum stage stage, struct failure *failure);

/* container-walk.c: the container's process, from its birth to execve(2). */
_Noreturn void container_walk(struct container *container);

/* container-keeper.c: the parent, which answers the container's process and `container go`. */
int keeper_run(struct container *container);
/* container-control.c: the keeper's socket, and those who ask it. */
bool control_take_name(struct container *container, int *listener, struct failure *failure);
void control_give_up_name(const struct container *container);
int control_go(const char *name, uint32_t stops);
int control_kill(const char *name);
int control_list(void);
/* container-tell.c: stages on stderr and on the lab's stream. */
void tell_open(struct container *container);
void tell_stage(const struct container *container, enum stage stage);
void tell_stopped(const struct container *container, enum stage stage);
void tell_failed(const struct container *container, enum stage stage, const struct failure *failure);
/* Notes the stage's system call and what it did; true. */
bool did(struct container *container, const char *call, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One kernel topic each. Those in the first group run in the keeper. */
bool namespaces_clone(struct container *container, struct failure *failure);
bool id_maps_write(const struct container *container, struct failure *failure);
bool cgroup_look(struct container *container, struct failure *failure);
const struct cgroups *cgroup_hierarchies(void);
bool cgroup_make(struct container *container, int *into, struct failure *failure);
bool cgroup_enter(const struct container *container, struct failure *failure);
void cgroup_clean(void);

bool namespaces_born(struct container *container, struct failure *failure);
bool id_maps_use(struct container *container, struct failure *failure);
bool clocks_set_ahead(struct container *container, struct failure *failure);
bool cgroup_use(struct container *container, struct failure *failure);
bool mounts_private(struct container *container, struct failure *failure);
bool rootfs_mount(struct container *container, struct failure *failure);
bool proc_mount(struct container *container, struct failure *failure);
bool sys_mount(struct container *container, struct failure *failure);
bool dev_mount(struct container *container, struct failure *failure);
bool root_pivot(struct container *container, struct failure *failure);
bool paths_mask(struct container *container, struct failure *failure);
bool hostname_set(struct container *container, struct failure *failure);
bool loopback_up(struct container *container, struct failure *failure);
bool capabilities_limit(struct container *container, struct failure *failure);
bool privileges_freeze(struct container *container, struct failure *failure);
bool seccomp_filter(struct container *container, struct failure *failure);
/* Returns only when it failed. */
bool command_execute(struct container *container, struct failure *failure);

/* container-capabilities.c: "cap_net_admin" or "net_admin"; -1 when there is no such capability. */
int capability_find(const char *name);
#define DEFAULT_CAPABILITIES capabilities_default()
uint64_t capabilities_default(void);

/* container-walk.c: asks the keeper to do its part of a stage, and waits. */
bool keeper_please(const struct container *container, enum stage stage, struct failure *failure);

/* What the container's process and its keeper say to each other: unix(7), SOCK_SEQPACKET. */
enum keeper_word { KEEPER_PLEASE, KEEPER_STOPPED, KEEPER_EXECUTES, KEEPER_FAILED };

struct keeper_message {
	enum keeper_word word;
	enum stage stage;
	struct failure failure;
};

struct keeper_answer {
	bool done;
	uint32_t stops; /* where to stop from now on */
	struct failure failure;
};

#endif
