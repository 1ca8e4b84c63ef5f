#include "probe.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000ull

/* A helper that has begun to come up takes some milliseconds until all of it is there. */
#define PATIENCE (60 * 1000000ull)

enum who { UI, WARDEN, JANITOR, INIT, PROCESS, WHO_COUNT };
static const char *const names[] = { "ui", "warden", "janitor", "init", "process" };

struct cast {
	pid_t pids[WHO_COUNT];
	struct pids lab; /* what runs in it, without its PID 1 */
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static bool in_our_pid_namespace(pid_t pid)
{
	struct stat own, other;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/ns/pid", (int)pid);
	return stat("/proc/self/ns/pid", &own) == 0 && stat(path, &other) == 0 &&
	       own.st_ino == other.st_ino;
}

static bool is_janitor(pid_t pid)
{
	char comm[32];

	comm_of(pid, comm);
	/* Between fork(2) and its first steps it still is called as the warden is. */
	return !strcmp(comm, "tsi-janitor") || !strcmp(comm, "tsi-lab");
}

/* Who is who: the UI's child is the warden; of the warden's children the one in a pid namespace of
 * its own is the lab's PID 1. */
static void find(pid_t ui, struct cast *cast)
{
	static struct pids children;

	memset(cast->pids, 0, sizeof cast->pids);
	cast->lab.count = 0;
	cast->pids[UI] = ui;
	children.count = 0;
	children_of(ui, &children);
	for (size_t i = 0; i < children.count; i++)
		if (state_of(children.list[i]) != 'Z')
			cast->pids[WARDEN] = children.list[i];
	children.count = 0;
	if (cast->pids[WARDEN])
		children_of(cast->pids[WARDEN], &children);
	for (size_t i = 0; i < children.count; i++) {
		pid_t pid = children.list[i];

		if (state_of(pid) == 'Z')
			continue;
		if (!in_our_pid_namespace(pid))
			cast->pids[INIT] = pid;
		else if (is_janitor(pid))
			cast->pids[JANITOR] = pid;
	}
	if (cast->pids[INIT])
		descendants_of(cast->pids[INIT], &cast->lab);
}

static void pick(struct cast *cast, unsigned random)
{
	if (cast->lab.count)
		cast->pids[PROCESS] = cast->lab.list[random % cast->lab.count];
}

static bool all_there(const struct cast *cast, const bool wanted[WHO_COUNT])
{
	for (size_t i = 0; i < WHO_COUNT; i++)
		if (wanted[i] && !cast->pids[i])
			return false;
	return true;
}

static void wait_for(pid_t ui, struct cast *cast, const bool wanted[WHO_COUNT], unsigned random,
		     uint64_t patience)
{
	uint64_t deadline = now() + patience;

	do {
		find(ui, cast);
		pick(cast, random);
		if (all_there(cast, wanted))
			return;
		usleep(100);
	} while (now() < deadline);
}

static void remember(const struct cast *cast)
{
	namespaces_forget();
	if (!cast->pids[INIT])
		return;
	namespaces_of(cast->pids[INIT]);
	for (size_t i = 0; i < cast->lab.count; i++)
		namespaces_of(cast->lab.list[i]);
	namespaces_kept_in(cast->pids[INIT], "/run/netns");
	namespaces_kept_in(cast->pids[INIT], "/run/docker/netns");
}

static void report(const struct cast *cast, const bool killed[WHO_COUNT], uint64_t t)
{
	const char *separator = "";

	printf("{\"t\":%llu,\"killed\":[", (unsigned long long)t);
	for (size_t i = 0; i < WHO_COUNT; i++)
		if (killed[i]) {
			printf("%s\"%s\"", separator, names[i]);
			separator = ",";
		}
	separator = "";
	printf("],\"there\":[");
	for (size_t i = 0; i < WHO_COUNT; i++)
		if (cast->pids[i]) {
			printf("%s\"%s\"", separator, names[i]);
			separator = ",";
		}
	printf("],\"processes\":%zu,\"namespaces\":%zu}\n", cast->lab.count, namespaces_count());
}

/* strike UI MICROSECONDS RANDOM WHO[+WHO…]: so long after the helper's first appearance, kills. Who
 * is not there yet is waited for a little; who is not there any more is not killed. Within a mix the
 * order is random, for "at once" is one after the other all the same. */
void strike(char *arguments)
{
	static struct cast cast;
	char *word = strsep(&arguments, " ");
	pid_t ui = atoi(word);
	word = strsep(&arguments, " ");
	useconds_t delay = word ? (useconds_t)strtoul(word, NULL, 10) : 0;
	word = strsep(&arguments, " ");
	unsigned random = word ? (unsigned)strtoul(word, NULL, 10) : 0;
	bool wanted[WHO_COUNT] = { false }, killed[WHO_COUNT] = { false };

	while ((word = strsep(&arguments, "+")))
		for (size_t i = 0; i < WHO_COUNT; i++)
			wanted[i] = wanted[i] || !strcmp(word, names[i]);
	wait_for(ui, &cast, (const bool[WHO_COUNT]){ [WARDEN] = true }, random, NANOSECONDS);
	usleep(delay);
	wait_for(ui, &cast, wanted, random, PATIENCE);
	remember(&cast);
	uint64_t t = now();
	for (size_t i = 0; i < WHO_COUNT; i++) {
		size_t who = (i + random) % WHO_COUNT;

		killed[who] = wanted[who] && cast.pids[who] && kill(cast.pids[who], SIGKILL) == 0;
	}
	report(&cast, killed, t);
}
