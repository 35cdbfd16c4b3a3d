/* Catching up over more entries than are read at once, where one can't be folded, and
   where the state is kept on the way. */
#include "broker/ledger/catch_up_kept.h"

#include <errno.h>
#include <stdint.h>

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

/* --- and keeps the state ------------------------------------------------------------- */

/* A state in memory, always due to be written; what was, in order. */
struct kept {
    struct keeping keeping;
    struct tree_head written[8];
    int count, fails;
};

static size_t
changed_much(const struct keeping *k)
{
    (void)k;
    return SIZE_MAX;
}

static void
do_nothing(struct keeping *k)
{
    (void)k;
}

static int
write_down(const struct keeping *k)
{
    struct kept *kept = (struct kept *)(uintptr_t)k;

    if (kept->count == kept->fails)
        return -EIO;
    kept->written[kept->count++] = k->aimed;
    return 0;
}

static int
succeed(struct keeping *k)
{
    (void)k;
    return 0;
}

static void
begin_kept(struct kept *kept, int fails)
{
    static const struct keeping_ops ops = {changed_much, do_nothing, write_down,
                                           succeed,      succeed,    do_nothing};

    *kept = (struct kept){.keeping = {.ops = &ops, .state = state_memory_open()}, .fails = fails};
}

TEST(catch_up_keeps_the_state_on_the_way)
{
    struct telling t = {.count = 0};
    struct small_board b;
    struct tree_hash root;
    struct kept kept;
    int64_t number = 0;

    begin(&b);
    begin_kept(&kept, -1);
    CHECK_INT(0, catch_up_kept(b.journal, &kept.keeping, b.arena, &number, hear, &t));
    CHECK_INT(b.ledger.number, number);
    CHECK_INT(2, t.count);
    CHECK_INT(2, kept.count);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(t.told[i], kept.written[i].size);
        CHECK_INT(0, journal_root_at(b.journal, kept.written[i].size, &root));
        CHECK(tree_hash_equal(&root, &kept.written[i].root));
    }
    CHECK_INT(2 * JOURNAL_SLICE_ROWS, kept.keeping.applied);
    CHECK_INT(0, kept.keeping.frozen);
    CHECK(!states_differ(b.ledger.state, kept.keeping.state));
    state_memory_close(&kept.keeping.state);
    small_board_close(&b);
}

/* The first failure shows when the next is due, the second at the end. */
TEST(catch_up_ends_where_the_state_cannot_be_kept)
{
    struct small_board b;
    struct kept kept;

    begin(&b);
    for (int fails = 0; fails < 2; fails++) {
        int64_t number = 0;
        begin_kept(&kept, fails);
        CHECK_INT(-EIO, catch_up_kept(b.journal, &kept.keeping, b.arena, &number, NULL, NULL));
        CHECK_INT(fails * JOURNAL_SLICE_ROWS, kept.keeping.applied);
        state_memory_close(&kept.keeping.state);
    }
    small_board_close(&b);
}

static int
begin_anew(struct keeping *k)
{
    state_memory_close(&k->state);
    k->state = state_memory_open();
    k->applied = 0;
    return 0;
}

/* As on a full disk: the loop would end where going back needs to write. */
TEST(catch_up_of_a_roll_back_writes_nothing)
{
    static const struct keeping_ops ops = {changed_much, do_nothing, write_down,
                                           succeed,      begin_anew, do_nothing};
    struct kept kept = {.keeping = {.ops = &ops, .state = state_memory_open()}, .fails = -1};
    struct arena *arena = arena_new();
    struct small_board b;
    struct ledger again;

    begin(&b);
    CHECK_INT(0, ledger_open(&again, &kept.keeping, b.journal, arena, NULL));
    CHECK_INT(2, kept.count);
    kept.fails = kept.count; /* from now on */
    CHECK_INT(0, ledger_roll_back(&again));
    CHECK_INT(b.ledger.number, again.number);
    CHECK_INT(b.ledger.number, again.durable);
    CHECK_INT(0, kept.keeping.frozen);
    CHECK(!states_differ(b.ledger.state, kept.keeping.state));
    ledger_close(&again);
    state_memory_close(&kept.keeping.state);
    small_board_close(&b);
    arena_destroy(&arena);
}
