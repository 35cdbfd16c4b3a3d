/* The spool: a folder into which an agency's systems put files, written elsewhere
   and renamed in, and from which the agent takes their rows.

       SPOOL/NAME                  waits; taken oldest first. Not taken are names that
                                   begin with a dot or end in .tmp, .done or .refused
       SPOOL/taking/TIME-NAME      is being taken
       SPOOL/taken/TIME-NAME       was taken; kept for some days
       SPOOL/NAME.done, .refused   what became of its lines (results.h)

   The outbox notes how far a file was taken under the name TIME-NAME, which no other ever
   has (intake.h), with the very transaction that queues the rows. So none is taken twice,
   whenever the agent is killed. Small files are taken many in a turn, with no more syncs
   than one.

       spool_open -> { poll spool_item -> spool_take -> batch_commit with spool_notes
                       -> spool_queued } ... -> spool_close                   */
#ifndef AGENTS_AGENCY_SPOOL_SPOOL_H
#define AGENTS_AGENCY_SPOOL_SPOOL_H

#include <poll.h>

#include "agents/agency/batch.h"
#include "agents/agency/options.h"
#include "agents/agency/spool/results.h"
#include "schema/why.h"

struct spool;

/* Makes the folders that are not there, with the modes of modes.h, and opens the results in
   them, which are closed after the spool. `stamped`: files come with their TIME, from
   front/splitting.h. Borrows outboxes. 0, or -errno with a sentence in `why`. */
int spool_open(struct spool **out, const struct agent_option *o, bool stamped,
               struct maat_outbox *outboxes, struct results **results, struct why *why);
void spool_close(struct spool **s);

/* To be polled: readable when a file has come. A second's patience does as well. */
struct pollfd spool_item(const struct spool *s);

/* Adds rows to the batch, up to half of it, of up to SPOOL_FILES files. True if more
   can be taken at once. */
enum { SPOOL_FILES = 256 };
bool spool_take(struct spool *s, struct batch *b);

/* To be queued with the batch: how many. */
size_t spool_notes(struct spool *s, const struct maat_note **notes);

/* The batch was queued, or not. 0 or an error of the outbox. */
int spool_queued(struct spool *s, bool queued);

/* Files that wait; and the one that is being taken, or NULL, and its line. */
int64_t spool_waiting(const struct spool *s);
const char *spool_taking(const struct spool *s, int64_t *line);

/* Removes from taken/ what is older than was asked; `wall` is the time of day. */
void spool_prune(struct spool *s, int64_t wall);

#endif
