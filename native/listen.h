/* Programs of the host, listened to without a lab: README.md, "Listening". */
#ifndef LISTEN_H
#define LISTEN_H

/* `beholder`: the pid of the process whose view is told, 0 is ours. `names` ends with NULL. */
int listen_main(const char *beholder, char **names);

#endif
