/* Stands in for systemd: the socket to which services tell that they are ready, alive
   and how they stand. What was told is kept, each message a line of its own fields. */
#ifndef TESTS_WATCHMAN_H
#define TESTS_WATCHMAN_H

#include <stdbool.h>

enum { WATCHMAN_HEARD = 64 * 1024 };

struct watchman {
    int fd;
    char environment[300]; /* "NOTIFY_SOCKET=..." */
    char heard[WATCHMAN_HEARD];
};

/* Listens at the path of a socket that is made. */
void watchman_open(struct watchman *w, const char *path);
void watchman_close(struct watchman *w);

/* Waits for a line that holds this, RIG_PATIENCE ms at most, from what was not looked
   at before; that is all that is left in `heard`, up to and with it. */
void watchman_await(struct watchman *w, const char *text);

/* All that has come by now, and was not looked at. */
const char *watchman_look(struct watchman *w);

#endif
