#include "mount-table.h"

#include "files.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *unescaped(const char *field)
{
	char *copy = print_text("%s", field);

	unescape_octal(copy);
	return copy;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue": the optional
 * fields before the dash say how mount events propagate (proc_pid_mountinfo(5)). */
static bool take_line(struct mount_table *table, char *line)
{
	char *fields[6], *field, *fstype, *source, *rest = line;
	struct text optional = { 0 };

	for (int i = 0; i < 6; i++)
		if (!(fields[i] = strsep(&rest, " ")))
			return false;
	while ((field = strsep(&rest, " ")) && strcmp(field, "-")) {
		if (optional.length)
			text_append(&optional, " ", 1);
		text_append(&optional, field, strlen(field));
	}
	fstype = strsep(&rest, " ");
	source = strsep(&rest, " ");
	if (!fstype || !source) {
		text_free(&optional);
		return false;
	}
	text_append(&optional, "", 1);
	mount_table_add(table, &(struct mount){
		.id = atoi(fields[0]),
		.parent = atoi(fields[1]),
		.root = unescaped(fields[3]),
		.target = unescaped(fields[4]),
		.fstype = print_text("%s", fstype),
		.source = unescaped(source),
		.options = mount_options(fields[5], rest ? rest : ""),
		.propagation = optional.data,
	});
	return true;
}

bool mount_info_read(int fd, struct mount_table *table)
{
	struct text text = { 0 };
	char *line;

	lseek(fd, 0, SEEK_SET);
	bool read = text_read_fd(&text, fd, 64 << 20) && text.length;
	char *rest = text.data;
	while (read && (line = strsep(&rest, "\n")))
		if (*line)
			take_line(table, line);
	text_free(&text);
	return read;
}
