/* The spool of an agency with several boards: each file is split into one for each board
   that its rows are for, which that board's agent takes from its own spool:

       SPOOL/NAME                    waits
       SPOOL/taking/TIME-NAME        is being split
       SPOOL/taking/TIME.K-NAME      those of its rows that must wait: a board has not shown its
                                     plans
       SPOOL/taken/TIME-NAME         was split; kept for some days
       SPOOL/BOARD/TIME-NAME         its rows for that board, on the lines that they were on;
                                     of CSV, TIME-NAME.jsonl. That board's results are of NAME,
                                     beside it
       SPOOL/NAME.refused            rows that are wrong, or name what no board has

   Files are split in the order of their TIME, and each board's agent takes its parts in the
   same; none waits for an agent. Rows that must wait hold up no others, and are looked at again,
   before any newer file, when another plan is shown. A file is split whole or not at all
   (parts.h), many together with no more syncs than one.

       front_spool_open -> { poll the item -> front_spool_step } ... -> front_spool_close */
#ifndef AGENTS_AGENCY_FRONT_SPLITTING_H
#define AGENTS_AGENCY_FRONT_SPLITTING_H

#include "agents/agency/front/boards.h"
#include "schema/why.h"

struct front_spool;

/* Makes the folders that are not there. 0, or -errno with a sentence in `why`. */
int front_spool_open(struct front_spool **out, const struct agent_option *o,
                     struct front_boards *boards, struct why *why);
void front_spool_close(struct front_spool **s);

struct pollfd front_spool_item(const struct front_spool *s);

/* Some rows. True if more can be split at once. `wall` is the time of day. */
bool front_spool_step(struct front_spool *s, int64_t now, int64_t wall);

/* Removes from taken/ what is older than was asked. */
void front_spool_prune(struct front_spool *s, int64_t wall);

#endif
