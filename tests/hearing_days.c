#include "tests/hearing_days.h"

#include <stdio.h>

#include "broker/newday.h"
#include "tests/t.h"

enum { ALL_ROWS = 1 << 30 };

static void
open_ledger(struct hearing *h, struct ledger *l)
{
    struct board_row board;
    struct chain own;

    *l = (struct ledger){.arena = h->arena, .state = h->state, .number = h->number};
    (void)snprintf((char *)l->outbox, sizeof l->outbox, "broker");
    struct state_key key = state_key_of_outbox((struct bytes){l->outbox, OUTBOX_SIZE});
    CHECK_INT(1, state_get_board(h->state, h->arena, &board));
    CHECK_INT(1, state_get_chain(h->state, h->arena, &key, &own));
    l->rated = board.rated;
    l->n = own.n;
}

int
hearing_rate_some(struct hearing *h, int rows)
{
    struct newday newday;
    struct ledger ledger;
    struct bytes entry;

    open_ledger(h, &ledger);
    newday_init(&newday, &ledger);
    int rc = newday_step(&newday, hearing_time(h), rows);
    CHECK(rc >= 0);
    while (pending_find(&ledger.pending, h->number + 1, &entry))
        hearing_keep(h, entry);
    newday_end(&newday);
    pending_free(&ledger.pending);
    return rc;
}

void
hearing_rate(struct hearing *h)
{
    CHECK_INT(0, hearing_rate_some(h, ALL_ROWS));
}
