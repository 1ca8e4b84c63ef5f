#include "tree.h"

#include "emit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *type_of(uint32_t mode)
{
	static const struct {
		uint32_t format;
		const char *word;
	} types[] = { { S_IFREG, "file" }, { S_IFDIR, "directory" }, { S_IFLNK, "link" },
		      { S_IFCHR, "character device" }, { S_IFBLK, "block device" }, { S_IFIFO, "fifo" },
		      { S_IFSOCK, "socket" } };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if ((mode & S_IFMT) == types[i].format)
			return types[i].word;
	return "unknown";
}

/* Names have no NUL; what else comes is the lab's word. */
static void put_text(const char *name, const char *text, size_t length)
{
	line_text_of(name, text, strnlen(text, length));
}

static void tell(const struct tree_entry *entry, const char *texts)
{
	bool device = S_ISCHR(entry->mode) || S_ISBLK(entry->mode);
	char mode[16], number[32];

	snprintf(mode, sizeof mode, "%04o", (unsigned)(entry->mode & 07777));
	line_open(NULL, '{');
	put_text("path", texts, entry->path);
	line_text("type", type_of(entry->mode));
	line_text("mode", mode);
	line_unsigned("inode", entry->inode);
	line_unsigned("links", entry->links);
	line_unsigned("size", entry->size);
	line_unsigned("blocks", entry->blocks);
	if (device) {
		snprintf(number, sizeof number, "%u:%u", entry->major, entry->minor);
		line_text("device", number);
	}
	if (entry->target)
		put_text("target", texts + entry->path, entry->target);
	if (entry->redirect)
		put_text("redirect", texts + entry->path + entry->target, entry->redirect);
	if (entry->marks & TREE_WHITEOUT)
		line_flag("whiteout", true);
	if (entry->marks & TREE_OPAQUE)
		line_flag("opaque", true);
	if (entry->marks & TREE_METACOPY)
		line_flag("metacopy", true);
	line_close('}');
}

/* lab-init can be traced by who is root in the lab, so its lengths are not believed. */
void tree_tell(const char *data, size_t length)
{
	struct tree_entry entry;

	line_open("entries", '[');
	while (length >= sizeof entry) {
		memcpy(&entry, data, sizeof entry);
		data += sizeof entry;
		length -= sizeof entry;
		uint64_t texts = (uint64_t)entry.path + entry.target + entry.redirect;
		if (texts > length)
			break;
		tell(&entry, data);
		data += texts;
		length -= texts;
	}
	line_close(']');
}
