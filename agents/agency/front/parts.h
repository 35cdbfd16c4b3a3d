/* What files of the spool are split into: a part for each board, and a rest, of rows that wait
   until a board has shown its plans.

       BOARD/.FILE.tmp       a part while it is written, and as long as FILE is in taking/
       BOARD/FILE            its board's agent may take it; of CSV, FILE.jsonl
       taking/.FILE.tmp      the same of a rest, which then is
       taking/TIME.K-NAME    to be split in its turn: JSON Lines, the K-th rest of TIME-NAME

   That FILE leaves taking/ is what makes its parts count: where it is there, they are removed, and
   it is split anew; where it is not, they are published. So it is split once, whenever this process
   is killed or the machine falls.

       front_parts_open -> front_parts_recover
            -> { { front_parts_begin -> { front_parts_put } ... -> front_parts_end } ...
                 -> front_parts_sync -> (the files leave taking/, for good)
                 -> { front_parts_publish } ... } ... -> front_parts_close                    */
#ifndef AGENTS_AGENCY_FRONT_PARTS_H
#define AGENTS_AGENCY_FRONT_PARTS_H

#include <stdio.h>

#include "agents/agency/front/boards.h"
#include "agents/agency/spool/file.h"
#include "agents/agency/spool/folder.h"
#include "schema/why.h"

/* Which: a board's number, or the rest. */
enum { FRONT_REST = SETTINGS_GROUPS, FRONT_PARTS };

struct front_parts {
    const struct spool_folder *spool;  /* borrowed, as are the boards */
    const struct front_boards *boards; /* their folders come first */
    int folder[FRONT_PARTS];           /* -1: no such board */
    bool touched[FRONT_PARTS];         /* since the last sync */
    unsigned ended;                    /* as many parts since then */
    char file[SPOOL_FILE];             /* is being split */
    struct front_part {
        FILE *out;    /* NULL: no row is for it yet */
        int64_t line; /* where it is */
    } part[FRONT_PARTS];
};

/* Makes the boards' folders that are not there. 0, or -errno with a sentence in `why`. */
int front_parts_open(struct front_parts *p, const struct spool_folder *spool,
                     const struct front_boards *boards, struct why *why);
void front_parts_close(struct front_parts *p);

/* Removes or publishes what is there, after a fall or a failure. What left taking/ must have done
   so for good. 0 or -errno, here and below. */
int front_parts_recover(struct front_parts *p);

/* Of which file the following are. */
void front_parts_begin(struct front_parts *p, const char *file);

/* A row, on the line that it is on in the file. */
int front_parts_put(struct front_parts *p, unsigned which, const struct spool_row *row);

/* All rows are there; or they are worth nothing, and removed. */
int front_parts_end(struct front_parts *p);
void front_parts_drop(struct front_parts *p);

/* Parts that have ended are durable when this returns 0. */
int front_parts_sync(struct front_parts *p);

/* Those of that file come to their places. */
int front_parts_publish(const struct front_parts *p, const char *file);

/* The name of the file of which it is a rest, else its own. */
const char *front_parts_origin(const char *file, char origin[SPOOL_FILE]);

#endif
