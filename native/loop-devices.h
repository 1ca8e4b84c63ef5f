/* Loop devices (loop(4)) that the lab left bound to files of its own. */
#ifndef LOOP_DEVICES_H
#define LOOP_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

/* Where a loop device is looked for, opened while the host's tree is in sight. */
struct loop_places {
	int block; /* /sys/block */
	int dev;   /* /dev */
};

struct loop_places loop_places_open(void);
void loop_places_close(struct loop_places *places);

/* Detaches every device that is bound to a file on the file system `device` (stat(2), st_dev), which
 * must be the lab's own root. With `hidden`, only those whose file no path leads to from here: on
 * the host that tells the lab's from somebody else's, should the number have been given again. False
 * if one could not be detached. */
bool loop_devices_detach(const struct loop_places *places, uint64_t device, bool hidden);

#endif
