/* Small files of the kernel's: read one, write one, parse a path's octal escapes. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

bool write_file(int directory, const char *path, const char *value);
/* The first line into `value`, without its newline. */
bool read_line(int directory, const char *path, char *value, size_t size);
/* mountinfo writes space, tab, newline and backslash as \040 … (proc_pid_mountinfo(5)). */
void unescape_octal(char *text);
/* The inode of /proc/PID/ns/TYPE is the namespace's name (namespaces(7)); 0 when unknown. */
ino_t namespace_inode(pid_t pid, const char *type);
/* "a b c\n" or "a,b,c": is this word in the list? */
bool has_word(const char *list, const char *word);
/* Closes every descriptor from 3 on but these (close_range(2)); `keep` is sorted in place. */
void close_all_but(int *keep, size_t count);

#endif
