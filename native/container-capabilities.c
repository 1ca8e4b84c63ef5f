#include "container.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Every capability there is (linux/capability.h), and whether Docker leaves it to a container's root
 * (moby, oci/caps/defaults.go). */
static const struct {
	const char *name;
	bool docker;
} names[] = {
	[CAP_CHOWN] = { "chown", true },
	[CAP_DAC_OVERRIDE] = { "dac_override", true },
	[CAP_DAC_READ_SEARCH] = { "dac_read_search", false },
	[CAP_FOWNER] = { "fowner", true },
	[CAP_FSETID] = { "fsetid", true },
	[CAP_KILL] = { "kill", true },
	[CAP_SETGID] = { "setgid", true },
	[CAP_SETUID] = { "setuid", true },
	[CAP_SETPCAP] = { "setpcap", true },
	[CAP_LINUX_IMMUTABLE] = { "linux_immutable", false },
	[CAP_NET_BIND_SERVICE] = { "net_bind_service", true },
	[CAP_NET_BROADCAST] = { "net_broadcast", false },
	[CAP_NET_ADMIN] = { "net_admin", false },
	[CAP_NET_RAW] = { "net_raw", true },
	[CAP_IPC_LOCK] = { "ipc_lock", false },
	[CAP_IPC_OWNER] = { "ipc_owner", false },
	[CAP_SYS_MODULE] = { "sys_module", false },
	[CAP_SYS_RAWIO] = { "sys_rawio", false },
	[CAP_SYS_CHROOT] = { "sys_chroot", true },
	[CAP_SYS_PTRACE] = { "sys_ptrace", false },
	[CAP_SYS_PACCT] = { "sys_pacct", false },
	[CAP_SYS_ADMIN] = { "sys_admin", false },
	[CAP_SYS_BOOT] = { "sys_boot", false },
	[CAP_SYS_NICE] = { "sys_nice", false },
	[CAP_SYS_RESOURCE] = { "sys_resource", false },
	[CAP_SYS_TIME] = { "sys_time", false },
	[CAP_SYS_TTY_CONFIG] = { "sys_tty_config", false },
	[CAP_MKNOD] = { "mknod", true },
	[CAP_LEASE] = { "lease", false },
	[CAP_AUDIT_WRITE] = { "audit_write", true },
	[CAP_AUDIT_CONTROL] = { "audit_control", false },
	[CAP_SETFCAP] = { "setfcap", true },
	[CAP_MAC_OVERRIDE] = { "mac_override", false },
	[CAP_MAC_ADMIN] = { "mac_admin", false },
	[CAP_SYSLOG] = { "syslog", false },
	[CAP_WAKE_ALARM] = { "wake_alarm", false },
	[CAP_BLOCK_SUSPEND] = { "block_suspend", false },
	[37 /* CAP_AUDIT_READ */] = { "audit_read", false },
	[38 /* CAP_PERFMON, 5.8 */] = { "perfmon", false },
	[39 /* CAP_BPF, 5.8 */] = { "bpf", false },
	[40 /* CAP_CHECKPOINT_RESTORE, 5.9 */] = { "checkpoint_restore", false },
};

#define COUNT (sizeof names / sizeof *names)

int capability_find(const char *name)
{
	if (!strncasecmp(name, "cap_", 4))
		name += 4;
	for (size_t i = 0; i < COUNT; i++)
		if (!strcasecmp(names[i].name, name))
			return (int)i;
	return -1;
}

uint64_t capabilities_default(void)
{
	uint64_t set = 0;

	for (size_t i = 0; i < COUNT; i++)
		set |= (uint64_t)names[i].docker << i;
	return set;
}

/* capabilities(7), bounding set: what execve(2) may give, whoever executes whatever. Without this
 * root would have all of them back with the next program. Those the kernel knows and we do not, too. */
static bool limit_bounding(uint64_t keep, struct failure *failure)
{
	for (unsigned long capability = 0; capability < 64; capability++) {
		if (keep >> capability & 1)
			continue;
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL) /* beyond the kernel's last one */
			break;
		return fail(failure, "prctl", NULL, "a capability cannot be dropped from the bounding set");
	}
	return true;
}

/* The thread's own sets: permitted, what it may make effective; inheritable, nothing, so that a
 * program's file cannot claim any; and with that the ambient set is empty too. */
static bool limit_own(uint64_t keep, struct failure *failure)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &header, sets))
		return fail(failure, "capget", NULL, "the container's capabilities are unknown");
	for (int i = 0; i < 2; i++) {
		uint32_t half = (uint32_t)(keep >> (32 * i));

		sets[i].permitted &= half;
		sets[i].effective = sets[i].permitted;
		sets[i].inheritable = 0;
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, sets) == 0 ||
	       fail(failure, "capset", NULL, "the container's capabilities cannot be set");
}

bool capabilities_limit(struct container *container, struct failure *failure)
{
	uint64_t keep = container->capabilities;

	/* The bounding set first: to drop from it takes CAP_SETPCAP. */
	if (!limit_bounding(keep, failure) || !limit_own(keep, failure))
		return false;
	return did(container, "capset", "%d capabilities: %016llx", __builtin_popcountll(keep),
		   (unsigned long long)keep);
}

/* Documentation/userspace-api/no_new_privs.rst: from now on no execve(2) grants what the caller has
 * not: set-user-ID bits and file capabilities are ignored, for ever and for all children. */
bool privileges_freeze(struct container *container, struct failure *failure)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(failure, "prctl", NULL, "no_new_privs cannot be set");
	return did(container, "prctl", "PR_SET_NO_NEW_PRIVS");
}
