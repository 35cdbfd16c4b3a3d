/* A board that something was said of for some days, at random: its hearing, and a
   ledger and journal of it. Its first day is 2016-04-01.

   Plan a is a calm one, of which all agencies are members and where much is said; of
   the others much is refused, and then not there. Plan d comes late. Each has the
   actions 1 to 3.                                                              */
#ifndef TESTS_LIVED_H
#define TESTS_LIVED_H

#include "broker/ledger/ledger.h"
#include "tests/hearing.h"

enum { LIVED_PLANS = 5, LIVED_ACTIONS = 3 /* of each */ };
extern const char *const lived_plans[LIVED_PLANS];

/* Each day is rated before anything is said. The hearing's day is then the last of them. */
struct hearing *lived_through(int days, int said_a_day);

/* The same step by step: nothing was said yet; so many things are said today, some of
   which are refused. */
struct hearing *lived_begin(void);
void lived_go_on(struct hearing *h, int sayings);

/* Of any hearing; entries after `durable` wait for the journal. */
void lived_ledger_open(struct hearing *h, int64_t durable, struct ledger *l);
void lived_ledger_close(struct ledger *l);

#endif
