#include "rootfs.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files of proc(5) that are the whole machine's, whatever namespaces their writer is in. The kernel
 * asks for root by uid, not for a capability, so only the mount can say no. */
static const struct {
	const char *path;
	unsigned long read_only;
} guarded[] = {
	{ "proc/sys", MS_RDONLY },	    /* sysctl(8): kernel.panic, vm.drop_caches */
	{ "proc/sys/net", 0 },		    /* but these belong to the network namespace */
	{ "proc/sysrq-trigger", MS_RDONLY }, /* "c" crashes the machine, "b" boots it */
	{ "proc/irq", MS_RDONLY },	    /* which processor takes which interrupt */
	{ "proc/bus", MS_RDONLY },	    /* the configuration space of PCI devices */
	{ "proc/fs", MS_RDONLY },	    /* tuning of file systems and of the NFS server */
	{ "proc/acpi", MS_RDONLY },	    /* wakeup devices */
	{ "proc/scsi", MS_RDONLY },	    /* scsi/scsi: "remove-single-device" */
	{ "proc/mtrr", MS_RDONLY },	    /* memory types of physical addresses */
};

/* mount(2): a directory or a file bound onto itself is a mount, and has options of its own. */
static bool guard(size_t i, struct failure *failure)
{
	const char *path = guarded[i].path;

	if (access(path, F_OK))
		return true; /* not in this kernel */
	return mount_at(path, path, NULL, MS_BIND, NULL, failure) &&
	       mount_at(path, path, NULL, MS_REMOUNT | MS_BIND | MOUNT_SAFE | guarded[i].read_only, NULL,
			failure);
}

/* proc(5) shows the pid namespace of the process that mounts it: the lab's. user_namespaces(7): in
 * a new user namespace proc can be mounted only while a proc with nothing mounted on it is in
 * sight; the second one is there for that (`unshare -Urpf --mount-proc`), out of the way. */
bool proc_make(const struct rootfs *rootfs, struct failure *failure)
{
	if (!mount_at("proc", "proc", "proc", MOUNT_SAFE, NULL, failure) ||
	    !make_directory("run/.proc", 0700, failure) ||
	    !mount_at("proc", "run/.proc", "proc", MOUNT_SAFE, NULL, failure))
		return false;
	/* In a lab without root those files refuse its root by themselves: it is not the host's. */
	for (size_t i = 0; !rootfs->rootless && i < sizeof guarded / sizeof *guarded; i++)
		if (!guard(i, failure))
			return false;
	return true;
}
