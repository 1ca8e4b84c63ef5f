#include "id-map.h"

#include "files.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* A number in a file of the kernel's, or -1 where the kernel has no such file. */
static int number_in(const char *path)
{
	char value[32];
	int number;

	if (!read_line(AT_FDCWD, path, value, sizeof value) || sscanf(value, "%d", &number) != 1)
		return -1;
	return number;
}

/* seccomp(2) mode 2: a filter decides which system calls there are, as in a container. */
static bool filtered(void)
{
	struct text status = { 0 };
	int mode = 0;

	if (text_read(&status, AT_FDCWD, "/proc/self/status", 16 << 10)) {
		const char *line = strstr(status.data, "\nSeccomp:");

		if (line)
			sscanf(line, "\nSeccomp: %d", &mode);
	}
	text_free(&status);
	return mode == 2;
}

/* Is something mounted on /proc? Then the kernel lets no user namespace mount another one, for it
 * would show what was hidden (mount_namespaces(7), "mount point locks"). */
static bool proc_is_masked(void)
{
	struct text mounts = { 0 };
	char *line;
	bool masked = false;

	text_read(&mounts, AT_FDCWD, "/proc/self/mountinfo", 16 << 20);
	char *rest = mounts.data;
	while ((line = strsep(&rest, "\n"))) {
		char target[256];

		if (sscanf(line, "%*s %*s %*s %*s %255s", target) == 1 && !strncmp(target, "/proc/", 6) &&
		    strcmp(target, "/proc/sys/fs/binfmt_misc"))
			masked = true;
	}
	text_free(&mounts);
	return masked;
}

static const char *refusal(const struct failure *failure)
{
	bool making = !strcmp(failure->call, "clone3"), denied = failure->error == EPERM || failure->error == EACCES;

	if (making && failure->error == ENOSPC)
		return "user namespaces are used up or switched off here (sysctl user.max_user_namespaces)";
	if (making && denied && number_in("/proc/sys/kernel/unprivileged_userns_clone") == 0)
		return "this kernel makes user namespaces for root only (sysctl kernel.unprivileged_userns_clone=1 allows them)";
	if (making && (denied || failure->error == ENOSYS) && filtered())
		return "a seccomp filter refuses user namespaces, as in a container (docker run --security-opt seccomp=unconfined)";
	if (making && denied)
		return "this host refuses user namespaces (in a chroot, or by a security module)";
	if (denied && number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1)
		return "AppArmor takes the capabilities away in user namespaces (sysctl "
		       "kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for the helper)";
	if (denied && !strcmp(failure->call, "mount") && !strcmp(failure->path, "proc") && proc_is_masked())
		return "parts of /proc are hidden here, as in a container, so no other one may be mounted "
		       "(docker run --security-opt systempaths=unconfined)";
	return NULL;
}

void explain_refusal(struct failure *failure)
{
	const char *why = refusal(failure);

	if (why)
		snprintf(failure->message, sizeof failure->message, "no lab without root here: %s", why);
}
