/* An own loop for a target, where there is no libFuzzer: changes inputs at random, with a seed, so
 * that a run can be had again.
 *
 *     TARGET [--seconds N] [--runs N] [--seed S] [--out FOLDER] [FILE…]
 *
 * With files: only those, once each. The input that crashes or takes longer than 5 s is kept. */
#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INPUT_LIMIT 4096
#define CORPUS_LIMIT 512
#define SECONDS_EACH 5

/* sanitizer/common_interface_defs.h: called before the process ends for what ASan has found. */
void __sanitizer_set_death_callback(void (*callback)(void));

struct bytes {
	uint8_t data[INPUT_LIMIT];
	size_t size;
};

static struct bytes current;
static struct bytes corpus[CORPUS_LIMIT];
static size_t corpus_count, seed_count;
static const char *folder = ".", *name = "fuzz";
static uint64_t seed = 1, state;

static uint32_t random_below(uint32_t limit)
{
	/* xorshift64*: small, and the same everywhere. */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return limit ? (uint32_t)((state * 2685821657736338717u) >> 32) % limit : 0;
}

static void keep(const char *what)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s-%s-%llu", folder, what, name, (unsigned long long)seed);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0 && write(fd, current.data, current.size) >= 0)
		fprintf(stderr, "%s: the input is kept in %s\n", what, path);
}

static void died(void)
{
	keep("crash");
}

static void stopped(int number)
{
	keep(number == SIGALRM ? "hang" : "crash");
	_exit(number == SIGALRM ? 70 : 77);
}

static void insert(struct bytes *into, const void *data, size_t size)
{
	size_t at = random_below((uint32_t)into->size + 1);

	if (into->size + size > INPUT_LIMIT)
		return;
	memmove(into->data + at + size, into->data + at, into->size - at);
	memcpy(into->data + at, data, size);
	into->size += size;
}

static size_t count_of(const char *const *list)
{
	size_t count = 0;

	while (list[count])
		count++;
	return count;
}

static void change(struct bytes *input)
{
	static const uint8_t telling[] = { 0, 1, 0x7f, 0x80, 0xff, ' ', '"', '\\', '\n', '\t', '/', '-' };
	size_t at = random_below((uint32_t)input->size), words = count_of(fuzz_words);
	const struct bytes *other = &corpus[random_below((uint32_t)corpus_count)];

	switch (random_below(8)) {
	case 0: insert(input, (uint8_t[]){ (uint8_t)random_below(256) }, 1); break;
	case 1: insert(input, &telling[random_below(sizeof telling)], 1); break;
	case 2:
		if (words) {
			const char *word = fuzz_words[random_below((uint32_t)words)];
			insert(input, word, strlen(word));
		}
		break;
	case 3: /* cut a piece out */
		if (input->size) {
			size_t size = 1 + random_below((uint32_t)(input->size - at < 16 ? input->size - at : 16));
			if (size > input->size - at)
				size = input->size - at;
			memmove(input->data + at, input->data + at + size, input->size - at - size);
			input->size -= size;
		}
		break;
	case 4:
		if (input->size)
			input->data[at] ^= (uint8_t)(1u << random_below(8));
		break;
	case 5:
		if (input->size)
			input->data[at] = telling[random_below(sizeof telling)];
		break;
	case 6: /* a piece of another */
		if (other->size) {
			size_t from = random_below((uint32_t)other->size);
			insert(input, other->data + from, 1 + random_below((uint32_t)(other->size - from)));
		}
		break;
	case 7: /* a tail of bytes, or a cut, which is seldom: short inputs get nowhere */
		if (random_below(16) == 0)
			input->size = input->size ? at : 0;
		for (uint32_t count = random_below(48); count && input->size < INPUT_LIMIT; count--)
			input->data[input->size++] = (uint8_t)random_below(256);
		break;
	}
}

static void run_current(void)
{
	/* A copy of just that size, so that ASan sees a byte too many. */
	uint8_t *exact = malloc(current.size + !current.size);

	if (!exact)
		_exit(71);
	memcpy(exact, current.data, current.size);
	alarm(SECONDS_EACH);
	LLVMFuzzerTestOneInput(exact, current.size);
	alarm(0);
	free(exact);
}

static void run_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, current.data, INPUT_LIMIT);

	if (got < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
	current.size = (size_t)got;
	run_current();
}

static void run_random(uint64_t runs, long seconds)
{
	time_t until = time(NULL) + seconds;
	uint64_t done = 0;

	for (; done < runs && (done % 64 || time(NULL) < until); done++) {
		/* Half of the time from a seed: what comes of changes upon changes means less and less. */
		current = corpus[random_below((uint32_t)(random_below(2) ? seed_count : corpus_count))];
		for (uint32_t changes = 1 + random_below(8); changes; changes--)
			change(&current);
		run_current();
		/* No coverage tells us what is worth keeping: some are, in place of some. */
		if (corpus_count < CORPUS_LIMIT)
			corpus[corpus_count++] = current;
		else if (random_below(64) == 0)
			corpus[CORPUS_LIMIT / 2 + random_below(CORPUS_LIMIT / 2)] = current;
	}
	printf("%s: seed %llu: %llu execs\n", name, (unsigned long long)seed, (unsigned long long)done);
}

static void read_seeds(void)
{
	for (size_t i = 0; fuzz_seeds[i] && corpus_count < CORPUS_LIMIT / 2; i++) {
		struct bytes *bytes = &corpus[corpus_count++];

		bytes->size = strlen(fuzz_seeds[i]);
		if (bytes->size > INPUT_LIMIT)
			bytes->size = INPUT_LIMIT;
		memcpy(bytes->data, fuzz_seeds[i], bytes->size);
	}
	corpus_count += !corpus_count;
	seed_count = corpus_count;
}

int main(int argc, char **argv)
{
	uint64_t runs = UINT64_MAX;
	long seconds = 10;
	int at = 1;

	name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	for (; at + 1 < argc && !strncmp(argv[at], "--", 2); at += 2) {
		if (!strcmp(argv[at], "--seconds"))
			seconds = atol(argv[at + 1]);
		else if (!strcmp(argv[at], "--runs"))
			runs = strtoull(argv[at + 1], NULL, 10);
		else if (!strcmp(argv[at], "--seed"))
			seed = strtoull(argv[at + 1], NULL, 10);
		else if (!strcmp(argv[at], "--out"))
			folder = argv[at + 1];
	}
	state = (seed + 1) * 0x9e3779b97f4a7c15u;
	__sanitizer_set_death_callback(died);
	signal(SIGALRM, stopped);
	signal(SIGABRT, stopped);
	read_seeds();
	if (at == argc)
		run_random(runs, seconds);
	for (; at < argc; at++)
		run_file(argv[at]);
	return 0;
}
