/* The kernel's names for its numbers: errno(3) and signal(7). */
#ifndef NAMES_H
#define NAMES_H

const char *errno_name(int error);
const char *signal_name(int number);

#endif
