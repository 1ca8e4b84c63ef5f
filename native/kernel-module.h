/* The kernel's modules: /proc/modules (proc_modules(5)), and those built in (depmod(8)). */
#ifndef KERNEL_MODULE_H
#define KERNEL_MODULE_H

#include <stdbool.h>

/* Is there anything to ask? Opening a socket would load the module (`what`: "nf_tables"), and a lesson
 * that does without it is to find it not loaded. */
bool kernel_module_present(const char *what);
/* Whether opening this device, which need not be in /dev yet, makes the kernel load a module. */
bool kernel_module_comes_with(const char *device);

#endif
