/* What an entry, or any record, says, in words for people: the fields that it gives,
   by the names of the schema. */
#ifndef AGENTS_CLI_SHOWING_WORDING_H
#define AGENTS_CLI_SHOWING_WORDING_H

#include "schema/arena.h"
#include "schema/records.h"

/* "status in-progress, percent 40, note "half of staff briefed"". Bins and what says
   which view it was made from are left out, and the fields named in `except` (ended by
   NULL). In the arena. */
struct text wording_of_record(struct arena *arena, const struct record *r, const void *rec,
                              const char *const *except);

/* "da-2016/1.1 assure: reason "..."", "refused progress: rule status": what is named
   first, then what is said of it. The day described is left out where it is the
   entry's own. */
struct text wording_of_entry(struct arena *arena, const struct entry *entry);

#endif
