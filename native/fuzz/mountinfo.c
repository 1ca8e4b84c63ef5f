/* The lab's mount table: texts that the lab chooses (targets, sources, options), in lines that the
 * kernel writes. Each input is read in place of /proc/PID/mountinfo, twice. */
#define text_read_fd fuzz_text_read_fd
#include "../mount-info.c"
#include "../mounts.c"
#undef text_read_fd

#include "../json.h"
#include "fuzz.h"

const char *const fuzz_seeds[] = {
	"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"
	"37 36 0:5 / /mnt2/a\\040b rw shared:2 master:1 - tmpfs tmpfs rw\n",
	"37 36 0:5 / /mnt2/a\\040b ro - tmpfs tmpfs ro\n40 37 0:5 / / ro - tmpfs tmp\\134fs ro,a,b\n", NULL,
};
const char *const fuzz_words[] = { " - ", " ", "\n", "\\040", "\\1", "-", "36 ", "37 ", " rw", " ro,", "\xff",
				   "99999999999999999999", "-1 ", "36 35 98:0 /mnt1 /mnt2 rw - a b c\n", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mount_namespace namespace = { .inode = 1 };
	size_t half = size / 2;

	content = (const char *)data;
	content_length = half;
	look(&namespace);
	content = (const char *)data + half;
	content_length = size - half;
	look(&namespace);
	mount_table_free(&namespace.table);
	lines_check(NULL);
	return 0;
}
