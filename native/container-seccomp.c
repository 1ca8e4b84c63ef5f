#include "container.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define NONE 64 /* no capability lifts it */

/* What Docker's profile (moby, profiles/seccomp) leaves out, the better known of it; and the capability
 * that brings each back. The answer is EPERM, as if one had not the right. */
static const struct {
	unsigned number, unless;
} refused[] = {
	/* the kernel itself */
	{ SYS_init_module, CAP_SYS_MODULE },
	{ SYS_finit_module, CAP_SYS_MODULE },
	{ SYS_delete_module, CAP_SYS_MODULE },
	{ SYS_kexec_load, CAP_SYS_BOOT },
	{ SYS_reboot, CAP_SYS_BOOT },
	{ SYS_bpf, CAP_SYS_ADMIN },
	{ SYS_perf_event_open, CAP_SYS_ADMIN },
	{ SYS_userfaultfd, NONE },
	/* keys have no namespace */
	{ SYS_add_key, NONE },
	{ SYS_request_key, NONE },
	{ SYS_keyctl, NONE },
	/* the machine's */
	{ SYS_settimeofday, CAP_SYS_TIME },
	{ SYS_clock_settime, CAP_SYS_TIME },
	{ SYS_swapon, NONE },
	{ SYS_swapoff, NONE },
	{ SYS_acct, CAP_SYS_PACCT },
	{ SYS_quotactl, CAP_SYS_ADMIN },
	/* the ways out: other namespaces, other mounts, files by number */
	{ SYS_unshare, CAP_SYS_ADMIN },
	{ SYS_setns, CAP_SYS_ADMIN },
	{ SYS_mount, CAP_SYS_ADMIN },
	{ SYS_umount2, CAP_SYS_ADMIN },
	{ SYS_pivot_root, NONE },
	{ SYS_open_by_handle_at, CAP_DAC_READ_SEARCH },
#ifdef __x86_64__
	{ SYS_iopl, CAP_SYS_RAWIO },
	{ SYS_ioperm, CAP_SYS_RAWIO },
#endif
};

#define NEW_NAMESPACES                                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
	 CLONE_NEWNET)

#ifdef ARCHITECTURE

struct program {
	struct sock_filter code[2 * sizeof refused / sizeof *refused + 24];
	unsigned short length;
};

static void put(struct program *program, struct sock_filter instruction)
{
	program->code[program->length++] = instruction;
}

static void load(struct program *program, size_t offset)
{
	put(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

/* If what is loaded is `value`, the filter answers `answer`. */
static void answer_if(struct program *program, unsigned value, unsigned answer)
{
	put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer));
}

/* seccomp(2): the filter is a small program in classic BPF that the kernel runs at the beginning of
 * every system call, over struct seccomp_data. The architecture first: the same number is another
 * call on another one (a 32-bit program on a 64-bit kernel). */
static void check_architecture(struct program *program)
{
	load(program, offsetof(struct seccomp_data, arch));
	put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
	load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	/* x32: the same architecture, the same calls, other numbers: bit 30 is set. */
	put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
#endif
}

/* clone(2)'s first argument can be looked at, clone3(2)'s are in memory, where a filter cannot look:
 * so that does not exist, and libc falls back to clone. */
static void refuse_namespaces(struct program *program)
{
	answer_if(program, 435 /* clone3 */, SECCOMP_RET_ERRNO | ENOSYS);
	put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
	load(program, offsetof(struct seccomp_data, args[0])); /* little-endian: the low half */
	put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1));
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
}

static unsigned build(struct program *program, uint64_t capabilities)
{
	unsigned count = 0;

	check_architecture(program);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (refused[i].unless != NONE && capabilities >> refused[i].unless & 1)
			continue;
		answer_if(program, refused[i].number, SECCOMP_RET_ERRNO | EPERM);
		count++;
	}
	if (!(capabilities >> CAP_SYS_ADMIN & 1))
		refuse_namespaces(program);
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	return count;
}

bool seccomp_filter(struct container *container, struct failure *failure)
{
	struct program program = { .length = 0 };
	unsigned count = build(&program, container->capabilities);
	struct sock_fprog filter = { .len = program.length, .filter = program.code };

	/* It holds for this thread and all its children, and cannot be taken back. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter))
		return fail(failure, "seccomp", NULL, "the system call filter cannot be set");
	return did(container, "seccomp", "%u system calls end in EPERM, in %u instructions", count,
		   program.length);
}

#else

bool seccomp_filter(struct container *container, struct failure *failure)
{
	(void)container;
	return refuse(failure, ENOSYS, "the filter is written for x86-64 and aarch64 only: --seccomp=none");
}

#endif
