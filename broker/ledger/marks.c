#include "broker/ledger/marks.h"

#include <errno.h>

int
marks_find(struct ledger *l, const struct state_key *key, const struct chain *chain,
           marks_reached *reached, int64_t limit, int64_t *number)
{
    int64_t low = 1, high = chain->count / MARK_EVERY; /* the mark is one of these, or none */

    *number = chain->last;
    while (low <= high) {
        int64_t middle = low + (high - low) / 2, marked;
        struct entry entry;
        int rc = state_get_mark(l->state, key, middle * MARK_EVERY, &marked);
        if (rc == 1)
            rc = ledger_entry(l, marked, &entry);
        if (rc != 1)
            return rc < 0 ? rc : -EBADMSG;
        if (!reached(&entry, limit)) {
            low = middle + 1;
        } else {
            high = middle - 1;
            *number = marked;
        }
    }
    return 0;
}
