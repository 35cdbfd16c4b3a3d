/* A journal copied into a new one, entry by entry: each is hashed on the way, and the
   copy's tree has to come to the same root, so that a copy that is made is a good one.
   No read transaction is held for long: a journal that is written meanwhile does not
   grow for it, and what is copied is all that was durable when it was opened.     */
#ifndef BROKER_BACKUP_COPYING_H
#define BROKER_BACKUP_COPYING_H

#include "schema/why.h"
#include "store/journal.h"

/* What was copied says of itself. */
struct copied {
    struct tree_head head;
    int64_t epoch;  /* how often it was restored */
    int64_t newest; /* time of the newest entry */
};

/* `what` is a word for the bar on a terminal. 0; JOURNAL_DAMAGED, of `from`; or a negative
   error of either. */
int copying_run(struct journal *from, struct journal *to, const char *what, struct copied *out,
                struct why *why);

#endif
