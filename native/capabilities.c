#include "capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What reaches beyond every namespace, and no lesson needs (capabilities(7)). */
static const unsigned char beyond_the_lab[] = {
	CAP_SYS_BOOT,	   /* reboot(2), kexec_load(2) */
	CAP_SYS_MODULE,	   /* init_module(2) */
	CAP_SYS_TIME,	   /* settimeofday(2): the time of day is everybody's */
	CAP_SYS_RAWIO,	   /* iopl(2), /proc/kcore, commands to disks */
	CAP_SYSLOG,	   /* syslog(2): dmesg --clear empties the host's log */
	CAP_WAKE_ALARM,	   /* timers that wake up a sleeping machine */
	CAP_BLOCK_SUSPEND, /* epoll(7), EPOLLWAKEUP: keeps it from sleeping */
	CAP_MAC_ADMIN,	   /* the host's AppArmor, Smack and SELinux policies */
	CAP_MAC_OVERRIDE,
	CAP_AUDIT_CONTROL, /* the host's audit rules */
	CAP_AUDIT_READ,
};

/* Out of the bounding set, which execve(2) may not exceed whoever executes what, and out of our own
 * sets. A user namespace made later has them all again, over what belongs to it: nothing of this. */
bool capabilities_drop(struct failure *failure)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	if (syscall(SYS_capget, &header, sets))
		return fail(failure, "capget", NULL, "the lab's capabilities are unknown");
	for (size_t i = 0; i < sizeof beyond_the_lab; i++) {
		unsigned capability = beyond_the_lab[i];
		uint32_t keep = ~CAP_TO_MASK(capability);

		/* EINVAL: this kernel is older than the capability. */
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) && errno != EINVAL)
			return fail(failure, "prctl", NULL, "a capability cannot be dropped");
		sets[CAP_TO_INDEX(capability)].effective &= keep;
		sets[CAP_TO_INDEX(capability)].permitted &= keep;
		sets[CAP_TO_INDEX(capability)].inheritable &= keep;
	}
	if (syscall(SYS_capset, &header, sets))
		return fail(failure, "capset", NULL, "the lab's capabilities cannot be dropped");
	return true;
}
