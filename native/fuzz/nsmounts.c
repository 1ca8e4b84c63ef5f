/* Names of network namespaces, which the lab chooses: the input is read in place of the mountinfo in
 * which they stand. */
#define text_read_fd fuzz_text_read_fd
#include "../netns-find.c"
#undef text_read_fd

#include "../json.h"
#include "fuzz.h"

const char *const fuzz_seeds[] = { "36 25 0:4 net:[4026532265] /run/netns/c1 rw shared:1 - nsfs nsfs rw\n"
				   "37 25 0:4 net:[4026532266] /run/netns/a\\040b rw - nsfs nsfs rw\n", NULL };
const char *const fuzz_words[] = { "36 25 0:4 net:[4026532265] /", "net:[", "]", " ", "\\040", "\\1", "\n", "/", "\xff",
				   "99999999999999999999999", "\\011", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	content = (const char *)data;
	content_length = size;
	netns_add(4026531840, NETLINK_OWN_NSID);
	struct netns *other = netns_add(4026532265, 0);
	read_mounts();
	if (other->name)
		netns_tell(other);
	while (clues) {
		struct clue *clue = clues;

		MUST(clue->inode && clue->path);
		clues = clue->next;
		free(clue->path);
		free(clue);
	}
	netns_clear();
	lines_check(NULL);
	return 0;
}
