/* A journal that counts how often another is read. */
#ifndef TESTS_READ_JOURNAL_H
#define TESTS_READ_JOURNAL_H

#include "store/journal.h"

struct read_journal {
    struct journal base;
    struct journal *of; /* which is still to be closed */
    int64_t reads;
};

/* Fills in `out` and returns it as a journal, for reading alone. */
struct journal *read_journal_of(struct journal *of, struct read_journal *out);

#endif
