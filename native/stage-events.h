/* The stages of containers that are built in the lab, on their way to the helper's stream. */
#ifndef STAGE_EVENTS_H
#define STAGE_EVENTS_H

#include <stdbool.h>

/* A datagram (unix(7)) holds these words, NUL after each: "stage", "stopped" or "failed"; the
 * container's name; the stage; the system call; what it did, or why it failed. */
#define STAGE_SOCKET "/run/tsi/stages"
#define STAGE_WORDS 5
#define STAGE_DATA_LIMIT 2048

/* In lab-init: the socket in the lab that anybody in there may write to, or -1. */
int stage_events_socket(void);
/* In the warden. */
void stage_events_start(int fd);
void stage_events_pause(bool pause);
void stage_events_stop(void);

#endif
