/* What a program that serves tells whoever watches over it, in systemd's way: datagrams to
   the socket that NOTIFY_SOCKET names. Without that, as in a container, under runit or at a
   terminal, nothing is told and nothing else differs.

       supervisor_starting ... -> supervisor_ready -> supervisor_alive ... -> supervisor_stopping
                                                                           -> supervisor_failed

   Whoever serves says that it is alive from the loop that does the work, never from a
   thread beside it: a loop that hangs is to be ended and started again.                    */
#ifndef SCHEMA_WIRE_SUPERVISOR_H
#define SCHEMA_WIRE_SUPERVISOR_H

#include <stdint.h>

enum { SUPERVISOR_STATUS = 800 };

struct supervisor {
    int64_t feed_every; /* microseconds; 0: no watchdog */
    int64_t feed_at;
    char status[SUPERVISOR_STATUS]; /* as it was told last */
};

/* Beginning takes long: what it is at. Gives it another two minutes from now on. */
void supervisor_starting(const char *doing);

/* It serves, from now on. */
void supervisor_ready(struct supervisor *s);

/* It goes on, now on a clock that never goes back (microseconds), and this is how it
   stands. To be called once a second: that is what bounds what is told. */
void supervisor_alive(struct supervisor *s, int64_t now, const char *status);

/* It was told to stop, and does. */
void supervisor_stopping(void);

/* It can't begin or go on, and ends: for a person to read. */
void supervisor_failed(const char *why);

#endif
