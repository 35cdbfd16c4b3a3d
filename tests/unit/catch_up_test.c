/* Catching up over more entries than are read at once, and where one can't be folded. */
#include "broker/catch_up.h"

#include <errno.h>

#include "store/state_memory.h"
#include "tests/small_board.h"
#include "tests/states.h"
#include "tests/t.h"

enum { SAYINGS = 2 * JOURNAL_SLICE_ROWS + 500, BROKEN = JOURNAL_SLICE_ROWS + 700, ROOM = 64 << 20 };

static void
begin(struct small_board *b)
{
    small_board_open(b);
    for (int i = 0; i < SAYINGS; i++) {
        small_board_say(b, "police/crm",
                        i % 2 ? "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\","
                                "\"status\":\"in-progress\",\"note\":\"odd\"}"
                              : "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\","
                                "\"status\":\"in-progress\",\"note\":\"even\"}");
        if (i % 100 == 0)
            small_board_settle(b);
    }
    small_board_settle(b);
}

struct telling {
    int64_t told[8];
    int count, until;
};

static int
hear(void *context, int64_t number)
{
    struct telling *t = context;

    t->told[t->count++] = number;
    return t->count == t->until ? -ECANCELED : 0;
}

/* The same entries, but one that is nothing. */
struct copying {
    struct journal *to;
    uint64_t generation;
};

static int
copy_entry(void *context, const struct journal_entry *entry)
{
    const struct copying *c = context;
    struct journal_bytes bytes = {entry->bytes, entry->len};

    if (entry->number == BROKEN)
        bytes = (struct journal_bytes){(const uint8_t *)"\x80", 1};
    return journal_append(c->to, entry->number, c->generation, &bytes, 1);
}

static void
break_one(struct small_board *b, struct journal **out)
{
    struct copying c;
    uint64_t next = 1;
    int rc;

    CHECK_INT(0, journal_open_memory(out, ROOM));
    c.to = *out;
    CHECK_INT(0, journal_begin_generation(c.to, &c.generation));
    while ((rc = journal_read(b->journal, next, JOURNAL_SLICE_ROWS, copy_entry, &c, &next)) == 1)
        continue;
    CHECK_INT(0, rc);
}

TEST(catch_up_goes_to_the_end_and_tells_on_the_way)
{
    struct state *again = state_memory_open();
    struct telling t = {.count = 0};
    struct small_board b;
    int64_t number = 0;

    begin(&b);
    CHECK_INT(0, catch_up(b.journal, again, b.arena, &number, hear, &t));
    CHECK_INT(b.ledger.number, number);
    CHECK_INT(2, t.count);
    CHECK_INT(JOURNAL_SLICE_ROWS, t.told[0]);
    CHECK_INT(2 * JOURNAL_SLICE_ROWS, t.told[1]);
    CHECK(!states_differ(b.ledger.state, again));
    CHECK_INT(0, catch_up(b.journal, again, b.arena, &number, hear, &t));
    CHECK_INT(b.ledger.number, number);
    CHECK_INT(2, t.count);
    state_memory_close(&again);
    small_board_close(&b);
}

TEST(catch_up_ends_where_it_is_told_to)
{
    struct state *again = state_memory_open();
    struct telling t = {.until = 1};
    struct small_board b;
    int64_t number = 0;

    begin(&b);
    CHECK_INT(-ECANCELED, catch_up(b.journal, again, b.arena, &number, hear, &t));
    CHECK_INT(JOURNAL_SLICE_ROWS, number);
    CHECK_INT(0, catch_up(b.journal, again, b.arena, &number, NULL, NULL)); /* and goes on */
    CHECK(!states_differ(b.ledger.state, again));
    state_memory_close(&again);
    small_board_close(&b);
}

TEST(catch_up_stops_before_an_entry_that_is_none)
{
    struct state *again = state_memory_open();
    struct journal *broken;
    struct small_board b;
    int64_t number = 0;

    begin(&b);
    break_one(&b, &broken);
    for (int i = 0; i < 2; i++) { /* among others, and as the first */
        CHECK_INT(-EBADMSG, catch_up(broken, again, b.arena, &number, NULL, NULL));
        CHECK_INT(BROKEN - 1, number);
    }
    journal_close(&broken);
    state_memory_close(&again);
    small_board_close(&b);
}
