/* The way of files from a spool into the agent: which is the next, its rows, and what is said of
   those that go no further. For spool.c, which queues rows, and front/splitting.c, which hands
   them on.

       spool_intake_open -> { poll the item -> spool_intake_hear
            -> { spool_intake_next -> spool_intake_begin
                 -> { spool_intake_row -> spool_intake_tell, for some } ... -> spool_intake_end }
                 ... -> spool_intake_sync } ... -> spool_intake_close

   A file gets its name TIME-NAME, which no other ever has, when it is renamed into taking/, and
   what is there of results of an earlier one of its NAME goes. Of what is in taking/ when it is
   opened, or where a turn failed, nobody knows how far it was taken: so results are not said
   again of lines that have one. */
#ifndef AGENTS_AGENCY_SPOOL_INTAKE_H
#define AGENTS_AGENCY_SPOOL_INTAKE_H

#include <poll.h>

#include "agents/agency/options.h"
#include "agents/agency/spool/arrivals.h"
#include "agents/agency/spool/file.h"
#include "agents/agency/spool/results.h"

struct spool_intake {
    struct spool_folder folder;
    struct spool_arrivals arrivals;
    struct results *results;
    int64_t settle, kept_days;
    int64_t rest_until; /* a disk was full: of a clock that never jumps */

    struct spool_names claimed; /* in taking/; those from its `next` on are to be begun */
    bool loose;                 /* which may not be durable */
    bool again;                 /* of their lines there may be results */
    bool told;                  /* results were written since the last sync */
    bool stands;                /* as the log has told */

    struct spool_file *rows; /* of the file that is being taken, or NULL */
    char file[SPOOL_FILE];
    char said_as[SPOOL_FILE]; /* in its results */
    int64_t handed_in;        /* when: the time of day */
    int64_t line;             /* where its last row began */
    bool unreadable;          /* from there on */
};

/* Makes the folders that are not there, and opens the results. `stamped`: files come with their
   TIME. 0, or -errno with a sentence in `why`; below -errno alone. */
int spool_intake_open(struct spool_intake *i, const struct agent_option *o, bool stamped,
                      struct why *why);

/* But for the results, which the caller closes. */
void spool_intake_close(struct spool_intake *i);

struct pollfd spool_intake_item(const struct spool_intake *i);

/* Begins with all of taking/ once more; no file is being taken. */
void spool_intake_resume(struct spool_intake *i);

/* Rests for a second. The machine failed, with -errno or an error of the outbox, which is told; 0
   where it was. `now` is of a clock that never jumps. */
void spool_intake_rest(struct spool_intake *i, int rc, int64_t now);
bool spool_intake_rests(const struct spool_intake *i, int64_t now);

/* 1 and the next file of taking/, which is there for good; 0: there is none. Up to SPOOL_CLAIMS
   that wait come there at once. `wall` is the time of day. */
enum { SPOOL_CLAIMS = 256 };
int spool_intake_next(struct spool_intake *i, int64_t now, int64_t wall, const char **file);

/* Opens it at the first row after a line. With another name for its results it is JSON Lines,
   whatever its own. 1; 0 where it is refused as a whole, which was told; -ENOENT where somebody
   took it away. */
int spool_intake_begin(struct spool_intake *i, const char *file, const char *said_as, int64_t line,
                       int64_t wall, struct fault *why);
void spool_intake_end(struct spool_intake *i);

/* 1 and the next row, 0 at the end. From where the file can't be read it is one row that is
   refused, and the end. */
int spool_intake_row(struct spool_intake *i, struct arena *arena, struct spool_row *row);

/* Of a row that is refused, or says nothing: what became of it. 1; 0 where that was told before. */
int spool_intake_tell(struct spool_intake *i, struct spool_row *row, int64_t wall);

/* What was told is durable. */
int spool_intake_sync(struct spool_intake *i);

/* Something was taken: the folder is in order, if it was told that it is not. */
void spool_intake_goes_on(struct spool_intake *i);

/* Removes from taken/ what is older than was asked. */
void spool_intake_prune(const struct spool_intake *i, int64_t wall);

#endif
