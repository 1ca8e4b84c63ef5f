#include "iptables-legacy.h"

#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_LIMIT 4096

static const char *const tables[] = { "filter", "nat", "mangle", "raw", "security" };
#define TABLES (sizeof tables / sizeof *tables)
#define FILTER_AND_NAT 3u

/* Tables of the lab's own namespace that an iptables-legacy has worked on, a bit each; IPv4 and IPv6. */
static unsigned noted[2];

static unsigned table_bit(const char *name)
{
	for (size_t i = 0; i < TABLES; i++)
		if (!strcmp(name, tables[i]))
			return 1u << i;
	return 0;
}

/* `-t nat`, `-tnat`, `--table nat`; without it the table is filter. */
static unsigned table_of(const char *at, const char *end)
{
	for (; at < end; at += strlen(at) + 1) {
		const char *next = at + strlen(at) + 1;

		if ((!strcmp(at, "-t") || !strcmp(at, "--table")) && next < end)
			return table_bit(next);
		if (!strncmp(at, "-t", 2) && at[2])
			return table_bit(at + 2);
		if (!strncmp(at, "--table=", 8))
			return table_bit(at + 8);
	}
	return 1;
}

/* Both iptables are called iptables; what is executed tells which it is. */
static bool is_legacy(pid_t pid)
{
	char path[64], program[256];

	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	ssize_t length = readlink(path, program, sizeof program - 1);
	program[length > 0 ? length : 0] = 0;
	return strstr(program, "xtables-legacy");
}

void legacy_note(pid_t pid, const char *comm)
{
	struct text arguments = { 0 };
	char path[64];

	if (!is_legacy(pid) || strstr(comm, "save"))
		return;
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	if (text_read(&arguments, AT_FDCWD, path, TEXT_LIMIT) && arguments.length)
		noted[!strncmp(comm, "ip6", 3)] |= strstr(arguments.data, "restore")
			? FILTER_AND_NAT : table_of(arguments.data, arguments.data + arguments.length);
	text_free(&arguments);
}

/* The file of the lab's own namespace is unreadable without root: the kernel gave it to the owner of
 * the user namespace's id 0 before that had one. There, what was noted has to do. */
void legacy_names(struct text *names, int file, bool six)
{
	if (file >= 0) {
		lseek(file, 0, SEEK_SET);
		text_read_fd(names, file, TEXT_LIMIT);
		return;
	}
	for (size_t i = 0; i < TABLES; i++)
		if (noted[six] & 1u << i)
			text_word(names, "%s\n", tables[i]);
}

bool legacy_any(int file, bool six, bool own)
{
	struct text names = { 0 };

	if (file >= 0 || own)
		legacy_names(&names, file, six);
	bool any = names.length;
	text_free(&names);
	return any;
}
