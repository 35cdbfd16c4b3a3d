/* The parts of a file of the spool of several boards, in the boards' folders. A part is written
   as BOARD/.FILE.tmp. When all are, and the folders hold them for good, taking/.FILE.split, the
   mark, says so: from then on a part that is not there was published. Published, it is BOARD/NAME.

       front_parts_open -> { front_parts_begin -> front_parts_drop -> { front_parts_put } ...
            -> front_parts_finish -> front_parts_publish -> front_parts_forget } ...
                        -> front_parts_close                                               */
#ifndef AGENTS_AGENCY_FRONT_PARTS_H
#define AGENTS_AGENCY_FRONT_PARTS_H

#include <stdio.h>

#include "agents/agency/front/boards.h"
#include "agents/agency/spool/file.h"
#include "agents/agency/spool/folder.h"
#include "schema/why.h"

struct front_parts {
    const struct front_boards *boards; /* borrowed */
    int taking;                        /* the spool's */
    int folder[SETTINGS_GROUPS];       /* each board's */
    char file[SPOOL_FILE];             /* TIME-NAME */
    struct front_part {
        FILE *out;    /* NULL: no row is for this board yet */
        int64_t line; /* where it is */
    } part[SETTINGS_GROUPS];
};

/* Makes the boards' folders that are not there. 0, or -errno with a sentence in `why`. */
int front_parts_open(struct front_parts *p, const struct spool_folder *spool,
                     const struct front_boards *boards, struct why *why);
void front_parts_close(struct front_parts *p);

/* Of which file the following are. */
void front_parts_begin(struct front_parts *p, const char *file);

/* Whether the mark is there. */
bool front_parts_are_finished(const struct front_parts *p);

/* Removes what is written. */
void front_parts_drop(struct front_parts *p);

/* A row, on the line that it is on in the file. 0 or -errno, here and below. */
int front_parts_put(struct front_parts *p, unsigned board, const struct spool_row *row);

int front_parts_finish(struct front_parts *p);

/* -EEXIST: an earlier one of this name waits there. May be done again. */
int front_parts_publish(const struct front_parts *p);

/* The file has left taking/: removes the mark. */
void front_parts_forget(const struct front_parts *p);

#endif
