/* The folder of refusals: a file for each submission that the broker refused and
   that no person has dealt with, for a person to read. The outbox holds the same;
   these can be looked at without the agent. */
#ifndef AGENTS_AGENCY_REFUSALS_H
#define AGENTS_AGENCY_REFUSALS_H

#include "agents/libmaat/maat.h"
#include "schema/arena.h"

/* Makes the folder if it is not there. 0 or -errno. */
int refusals_make_folder(const char *dir);

/* Writes the file of a refusal, over one that is there. 0 or -errno. */
int refusals_write(const char *dir, struct arena *arena, const struct maat_outbox_id *outbox,
                   const struct maat_kept *kept);

/* It was dealt with. */
void refusals_remove(const char *dir, const struct maat_outbox_id *outbox, int64_t n);

#endif
