/* Journals, which a dead lab has left and anybody may have written: the input is one. What it says
 * about paths reaches the cgroups only if it is the lab's own. */
#define text_read_fd fuzz_text_read_fd
#define usleep(microseconds) fuzz_sleep(microseconds)
#include "../journal-clear.c"
#undef text_read_fd

#include "fuzz.h"

#define LAB "tsi-x-4711"

const char *const fuzz_seeds[] = {
	"cgroup\t/sys/fs/cgroup/memory/" LAB "\nleaf\t/sys/fs/cgroup/a/" LAB "-warden\t/sys/fs/cgroup/a\tmemory pids\n",
	"cgroup\t/sys/fs/cgroup/" LAB "2\ncgroup\t/a/../" LAB "\nleaf\t/a/" LAB "\t/b\t\n", NULL,
};
const char *const fuzz_words[] = { "cgroup\t", "leaf\t", "root\t", "99", "\t", "\n", "/", LAB, "-warden", "/..", "/../", "tsi-", NULL };

int fuzz_sleep(unsigned microseconds)
{
	return (int)microseconds * 0;
}

/* In place of cgroup-remove.c: only what the lab can have made. */
static void must_be_ours(const char *path)
{
	const char *name = strrchr(path, '/');

	MUST(path[0] == '/' && name && !strstr(path, "/../"));
	MUST(!strcmp(name + 1, LAB) || !strncmp(name + 1, LAB "-", strlen(LAB) + 1));
}

void cgroup_thaw(int directory, const char *name)
{
	(void)directory;
	must_be_ours(name);
}

void cgroup_kill(const char *path, const char *lab, struct pids *killed)
{
	(void)killed;
	must_be_ours(path);
	MUST(!strcmp(lab, LAB));
}

bool cgroup_remove_patiently(const char *path, int milliseconds)
{
	must_be_ours(path);
	return milliseconds >= 0;
}

void cgroup_leave_leaf(const char *leaf, const char *parent, const char *enabled)
{
	size_t length = strlen(parent);

	must_be_ours(leaf);
	MUST(!strncmp(leaf, parent, length) && leaf[length] == '/' && !strchr(leaf + length + 1, '/'));
	MUST(enabled);
}

bool cgroup_remove(int directory, const char *name)
{
	(void)directory, (void)name;
	return false;
}

/* In place of loop-devices.c: the machine's own are none of our business here. */
struct loop_places loop_places_open(void)
{
	return (struct loop_places){ -1, -1 };
}

void loop_places_close(struct loop_places *places)
{
	(void)places;
}

bool loop_devices_detach(const struct loop_places *places, uint64_t device, bool hidden)
{
	MUST(places->block == -1 && device && hidden);
	return true;
}

static void report(const char *lab, const char *what, const char *path, pid_t pid)
{
	MUST(lab && what && (path || pid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal journal = { .fd = 0, .lab = LAB, .path = "/nonexistent/" LAB ".journal" };

	content = (const char *)data;
	content_length = size;
	walk(&journal, (struct visitor){ .what = VISIT_REMOVE, .milliseconds = 1, .report = report });
	journal_clear_left(&journal, report);
	return 0;
}
