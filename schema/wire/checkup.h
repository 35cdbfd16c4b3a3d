/* What a doctor looks at, a line each: ok, or what to do. Both programs' doctors are made
   of these; each prints on stdout and returns whether it is ok.

       struct checkup c = {0};
       checkup_folder(&c, "outbox", path), checkup_reach(&c, address) ...
       return checkup_end(&c);                                                   */
#ifndef SCHEMA_WIRE_CHECKUP_H
#define SCHEMA_WIRE_CHECKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/why.h"

struct checkup {
    int wrong; /* so many lines are not ok */
};

/* "ok   what        ..." or "!!   what        ..." */
bool checkup_line(struct checkup *c, bool ok, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A folder that this user may write, and others than its owner and group may not. */
bool checkup_folder(struct checkup *c, const char *what, const char *path);

/* The file system there can be written and has so many bytes left. */
bool checkup_disk(struct checkup *c, const char *path, int64_t least);

/* Is a name found, for a "tcp://HOST:PORT"? False with the host and what to look at. */
bool checkup_finds(const char *address, struct why *why);

/* A name is found, for a "tcp://HOST:PORT"; and somebody listens there, or at an
   "ipc://PATH": a line each. */
bool checkup_resolve(struct checkup *c, const char *address);
bool checkup_reach(struct checkup *c, const char *address);

/* The other's clock, and ours, in microseconds. */
bool checkup_clock(struct checkup *c, int64_t other, int64_t ours);

/* A last line. EXIT_DONE if all is ok, else EXIT_REFUSED. */
int checkup_end(const struct checkup *c);

#endif
