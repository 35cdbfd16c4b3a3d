/* A broker's loop without sockets, a step at a time: the frames of two clients, a lead and
   an operator, what they hear, and a journal that fails when the test says so.

       office_open -> { _greet | _submit, _sync_all | _release, _heard } ... -> office_close */
#ifndef TESTS_OFFICE_H
#define TESTS_OFFICE_H

#include "broker/loop/inside.h"
#include "tests/failing_journal.h"

enum { OFFICE_LEAD = 'L', OFFICE_OPERATOR = 'O' }; /* bytes of which their keys are */

struct office {
    struct failing_journal journal;
    struct keeping keeping;
    struct arena *arena;
    struct ledger ledger;
    struct run_option options;
    struct guard guard;
    struct zap *zap;
    uint8_t signing[CHECKPOINT_KEY];
    struct loop_parts parts;
    struct loop loop;
    char said[1000]; /* to whom, and what */
    size_t len;
};

struct office *office_open(void);
void office_close(struct office *o);

/* A HELLO of that client, whose outbox is 16 times `outbox`. */
void office_greet(struct office *o, char who, char outbox);

/* A plan of that id; its title makes it another submission. */
void office_submit(struct office *o, char who, int64_t n, const char *id, const char *title);

/* What the journal's actor and the loop do with all that waits; at the first failure the
   loop goes back, and this is what it failed with. */
int office_sync_all(struct office *o);

/* What was answered without an entry leaves. */
void office_release(struct office *o);

/* What was heard since the last time, by whom: "L ACK 3, O WELCOME 0". */
const char *office_heard(struct office *o);

#endif
