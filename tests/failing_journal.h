/* A journal that fails when it is told to, in front of one in memory. */
#ifndef TESTS_FAILING_JOURNAL_H
#define TESTS_FAILING_JOURNAL_H

#include <stdbool.h>

#include "store/journal.h"

struct failing_journal {
    struct journal base;
    struct journal *inner;
    int error; /* of the next append; 0: it is let through */
    bool over; /* that failure ended the generation */
};

/* Takes over the inner one; journal_close ends both. */
void failing_journal_open(struct failing_journal *j, struct journal *inner);

#endif
