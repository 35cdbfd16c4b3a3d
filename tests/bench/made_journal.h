/* A long journal, and the state that it gives, in seconds: many entries of progress as
   the broker makes them of the producers' updates, by its own ledger, but without
   sockets, and with a sync for each tens of thousands. `maat-broker verify` finds
   nothing wrong with it.                                                        */
#ifndef TESTS_BENCH_MADE_JOURNAL_H
#define TESTS_BENCH_MADE_JOURNAL_H

#include "tests/bench/updates.h"

/* Adds `entries` of progress to the board in the directory `dir`, whose broker does
   not run. It must have the agencies, clients and actions of `updates`; each client
   gets an outbox. Their times lie between that of the newest entry there and now,
   evenly, and a day that begins meanwhile is rated. */
void made_journal_add(const char *dir, const struct updates *updates, int64_t entries);

#endif
