/* The files that wait in the spool, oldest first: those that are there at the beginning,
   then those of which inotify tells, by name; and, in case it does not, what is found by
   looking now and then.

       spool_arrivals_begin -> { poll notify -> spool_arrivals_hear
                                 -> spool_arrivals_next ... } ... -> spool_arrivals_end */
#ifndef AGENTS_AGENCY_SPOOL_ARRIVALS_H
#define AGENTS_AGENCY_SPOOL_ARRIVALS_H

#include "agents/agency/spool/names.h"

enum { SPOOL_TOLD = 64 };

struct spool_arrivals {
    const struct spool_folder *folder; /* borrowed */
    int notify;                        /* to be polled for reading; -1: there is no inotify */
    struct spool_names names;          /* files that wait, as far as `next` */
    struct spool_names news;           /* and those that came since */
    int64_t look_at;                   /* when to look again, at the latest */
    struct {
        char name[NAME_MAX + 1];
        int64_t again;  /* not before */
    } told[SPOOL_TOLD]; /* of these the log has told */
    unsigned told_next; /* takes the place of this one */
};

void spool_arrivals_begin(struct spool_arrivals *a, const struct spool_folder *folder);
void spool_arrivals_end(struct spool_arrivals *a);

/* Reads what inotify tells. */
void spool_arrivals_hear(struct spool_arrivals *a);

/* The next one, or NULL; it lives until the next call. It may be gone, or not be whole
   yet: then it comes again. `now` is of a clock that never jumps, in microseconds. */
const char *spool_arrivals_next(struct spool_arrivals *a, int64_t now);

/* Why a file is left where it is: in the log, once an hour, not every second. */
void spool_arrivals_odd(struct spool_arrivals *a, const char *name, const char *reason);

#endif
