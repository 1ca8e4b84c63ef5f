/* What ps(1) prints for our processes. */
#ifndef TITLE_H
#define TITLE_H

void title_start(int argc, char **argv);
/* Sets comm and, as far as it has room, the command line. */
void title_set(const char *title);

#endif
