#include "kernel-module.h"

#include "files.h"
#include "text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static bool in_file(const char *path, const char *word, const char *before, const char *after)
{
	struct text text = { 0 };
	char *wanted = print_text("%s%s%s", before, word, after);
	bool found = text_read(&text, AT_FDCWD, path, 1 << 20) && text.length && strstr(text.data, wanted);

	free(wanted);
	text_free(&text);
	return found;
}

/* A file that depmod(8) has made for the running kernel. */
static bool in_modules_file(const char *file, const char *word, const char *before, const char *after)
{
	struct utsname system;

	if (uname(&system))
		return false;
	char *path = print_text("/lib/modules/%s/%s", system.release, file);
	bool found = in_file(path, word, before, after);
	free(path);
	return found;
}

bool kernel_module_present(const char *what)
{
	struct text modules = { 0 };
	size_t length = strlen(what);

	/* A kernel without modules has what it has. */
	bool has_modules = text_read(&modules, AT_FDCWD, "/proc/modules", 1 << 20);
	bool found = !has_modules || (!strncmp(modules.data, what, length) && modules.data[length] == ' ');
	text_free(&modules);
	if (found || in_file("/proc/modules", what, "\n", " "))
		return true;
	return in_modules_file("modules.builtin", what, "/", ".ko");
}

bool kernel_module_comes_with(const char *device)
{
	return in_modules_file("modules.devname", device, " ", " ");
}
