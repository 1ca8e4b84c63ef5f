/* The names below a directory of the lab, as lab-init says them to the warden. */
#ifndef TREE_H
#define TREE_H

#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_ENTRY_LIMIT 512

/* What an overlay has noted about the file (Documentation/filesystems/overlayfs.rst). */
enum tree_mark { TREE_WHITEOUT = 1, TREE_OPAQUE = 2, TREE_METACOPY = 4 };

/* One name; then come `path`, `target` and `redirect`, without NUL. */
struct tree_entry {
	uint64_t inode, links, size, blocks;
	uint32_t mode, major, minor, marks;
	uint32_t path, target, redirect; /* their lengths */
};

/* tree.c, in lab-init: 1 there is a directory and these are its entries, 0 there is none, -1 failure.
 * `*more`: it has more than are told. */
struct text;
int tree_in_lab(const char *path, struct text *text, bool *more, struct failure *failure);

/* tree-tell.c, in the warden: `entries` of the answer. Stops at what is no entry. */
void tree_tell(const char *data, size_t length);

#endif
