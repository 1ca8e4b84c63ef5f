/* The keeper's control socket, DIRECTORY/NAME/control: one question and one answer a connection. */
#include "container.h"

#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Others may not put anything there, nor have put it there before us. */
static bool is_ours(const char *path)
{
	struct stat status;

	return (mkdir(path, 0700) == 0 || errno == EEXIST) && lstat(path, &status) == 0 &&
	       S_ISDIR(status.st_mode) && status.st_uid == geteuid() && !(status.st_mode & 022);
}

/* In a lab /run/tsi; else where root, or this user, keeps what belongs to what is running. To be
 * freed; NULL: nowhere. */
static char *containers_directory(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *places[] = {
		print_text("/run/tsi/containers"),
		print_text("/run/tsi-containers"),
		print_text("%s/tsi-containers", runtime && *runtime == '/' ? runtime : "/nowhere"),
		print_text("/tmp/tsi-containers-%u", (unsigned)geteuid()),
	};
	char *found = NULL;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (!found && is_ours(places[i]))
			found = places[i];
		else
			free(places[i]);
	}
	return found;
}

static bool address_of(const char *directory, struct sockaddr_un *address)
{
	address->sun_family = AF_UNIX;
	return (size_t)snprintf(address->sun_path, sizeof address->sun_path, "%s/control", directory) <
	       sizeof address->sun_path;
}

/* A socket whose keeper is dead refuses. */
static int reach(const char *directory)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (address_of(directory, &address) && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void remove_directory(const char *directory)
{
	char *control = print_text("%s/control", directory), *merged = print_text("%s/merged", directory);

	unlink(control);
	rmdir(merged);
	rmdir(directory);
	free(control);
	free(merged);
}

/* The last one clears away: rmdir(2) takes an empty directory only. */
static void free_directory(char *directory)
{
	if (directory)
		rmdir(directory);
	free(directory);
}

static bool listen_in(const char *directory, const struct container *container, int *listener,
		      struct failure *failure)
{
	struct sockaddr_un address;

	*listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (!address_of(directory, &address))
		return refuse(failure, ENAMETOOLONG, "the name %s is too long for a socket", container->name);
	if (*listener < 0 || bind(*listener, (struct sockaddr *)&address, sizeof address) ||
	    listen(*listener, 8))
		return fail(failure, "bind", address.sun_path, "the control socket cannot be made");
	if (!container->lower)
		return true;
	char *merged = print_text("%s/merged", directory);
	bool made = mkdir(merged, 0700) == 0;
	if (!made)
		fail(failure, "mkdir", merged, "the overlay's mount point cannot be made");
	free(merged);
	return made;
}

enum taking { TAKEN, REFUSED, AGAIN };

/* The name appears by rename(2), all at once and answering already: a directory whose socket does
 * not answer is one that `list` and `run` take for a dead keeper's, and remove. */
static enum taking take(struct container *container, const char *making, int *listener, struct failure *failure)
{
	if (!listen_in(making, container, listener, failure))
		return REFUSED;
	if (rename(making, container->directory) == 0)
		return TAKEN;
	if (errno != EEXIST && errno != ENOTEMPTY) {
		fail(failure, "rename", container->directory, "the name cannot be taken");
		return REFUSED;
	}
	int other = reach(container->directory);
	if (other >= 0) {
		close(other);
		refuse(failure, EEXIST, "there is a container %s already", container->name);
		return REFUSED;
	}
	remove_directory(container->directory);
	refuse(failure, EBUSY, "something of a dead container %s is still there", container->name);
	return AGAIN;
}

static enum taking try_to_take(struct container *container, const char *containers, int *listener,
			       struct failure *failure)
{
	/* No container's name begins with a dot. */
	char *making = print_text("%s/.%d", containers, (int)getpid());
	enum taking taking = REFUSED;

	if (mkdir(making, 0700) == 0)
		taking = take(container, making, listener, failure);
	else if (!fail(failure, "mkdir", making, "the control socket's folder cannot be made") &&
		 failure->error == ENOENT)
		taking = AGAIN; /* another container was the last one and has cleared the folder away */
	if (taking != TAKEN) {
		if (*listener >= 0)
			close(*listener);
		*listener = -1;
		remove_directory(making);
	}
	free(making);
	return taking;
}

#define ATTEMPTS 16

bool control_take_name(struct container *container, int *listener, struct failure *failure)
{
	enum taking taking = AGAIN;

	for (int attempt = 0; taking == AGAIN && attempt < ATTEMPTS; attempt++) {
		char *containers = containers_directory();

		if (!containers)
			return refuse(failure, EACCES,
				      "there is no folder for its control socket: not in /run, not in /tmp");
		free(container->directory);
		container->directory = print_text("%s/%s", containers, container->name);
		taking = try_to_take(container, containers, listener, failure);
		if (taking == TAKEN)
			free(containers);
		else
			free_directory(containers);
	}
	if (taking == TAKEN) {
		if (container->lower)
			container->merged = print_text("%s/merged", container->directory);
		return true;
	}
	free(container->directory);
	container->directory = NULL;
	return false;
}

void control_give_up_name(const struct container *container)
{
	if (!container->directory)
		return;
	remove_directory(container->directory);
	*strrchr(container->directory, '/') = 0;
	rmdir(container->directory);
	free(container->directory);
	free(container->merged);
}

/* The answer's text, without its newline; false when there is no such container. */
static bool question(const char *directory, const char *words, char *answer, size_t size)
{
	int fd = reach(directory);

	if (fd < 0)
		return false;
	ssize_t got = send(fd, words, strlen(words), MSG_NOSIGNAL) < 0 ? -1 : recv(fd, answer, size - 1, 0);
	close(fd);
	snprintf(answer + (got > 0 ? got : 0), size - (size_t)(got > 0 ? got : 0), "%s", got > 0 ? "" : "gone");
	return true;
}

static int put_question(const char *name, const char *words)
{
	char answer[600];
	char *directory = containers_directory();
	char *own = print_text("%s/%s", directory ? directory : "", name);
	bool asked = !strchr(name, '/') && *name != '.' && question(own, words, answer, sizeof answer);

	free_directory(directory);
	free(own);
	if (!asked) {
		fprintf(stderr, "container: there is no container %s: see `container list`\n", name);
		return 1;
	}
	bool refused = !strncmp(answer, "failed", 6) || !strncmp(answer, "refused", 7);
	fprintf(refused ? stderr : stdout, "container %s: %s\n", name, answer);
	return refused;
}

int control_go(const char *name, uint32_t stops)
{
	char words[32];

	snprintf(words, sizeof words, "go %x", stops);
	return put_question(name, words);
}

int control_kill(const char *name)
{
	return put_question(name, "kill");
}

int control_list(void)
{
	char *directory = containers_directory();
	DIR *entries = directory ? opendir(directory) : NULL;
	struct dirent *entry;
	char answer[600];

	while (entries && (entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		char *own = print_text("%s/%s", directory, entry->d_name);
		if (question(own, "state", answer, sizeof answer))
			printf("%-20s %s\n", entry->d_name, answer);
		else
			remove_directory(own); /* its keeper was killed */
		free(own);
	}
	if (entries)
		closedir(entries);
	free_directory(directory);
	return 0;
}
