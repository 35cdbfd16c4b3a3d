/* More rows than are kept decoded, over a store that counts: none is lost, each is
   written when it must be, and no sooner.                                       */
#include "schema/hot.h"

#include "store/state_memory.h"
#include "tests/rows.h"
#include "tests/t.h"

/* A state that counts what its store is given; `full` says that it takes nothing. */
struct counting {
    struct state base;
    struct state *of;
    int writes, reads;
    bool full;
};

enum { FULL = -28, BEFORE = 1000000 };

static struct counting *
self(struct state *s)
{
    return (struct counting *)s;
}

static int
count_get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    self(s)->reads++;
    return state_get_bytes(self(s)->of, table, key, value);
}

static int
count_put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    if (self(s)->full)
        return FULL;
    self(s)->writes++;
    return state_put_bytes(self(s)->of, table, key, value);
}

static int
pass_remove(struct state *s, enum state_table table, const struct state_key *key)
{
    return state_remove(self(s)->of, table, key);
}

static int
pass_next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
          struct bytes *value)
{
    return state_next(self(s)->of, table, at, inclusive, value);
}

static struct counting
begin(void)
{
    static const struct state_ops ops = {
        .get = count_get, .put = count_put, .remove = pass_remove, .next = pass_next};
    return (struct counting){.base = {.ops = &ops}, .of = state_memory_open()};
}

static void
end(struct counting *c)
{
    state_forget(&c->base);
    state_memory_close(&c->of);
}

struct plan_id {
    char text[16];
};

static struct plan_id
id_of(int i)
{
    struct plan_id id;
    (void)snprintf(id.text, sizeof id.text, "plan-%d", i);
    return id;
}

static struct state_key
key_of(int i)
{
    struct plan_id id = id_of(i);
    return state_key_of(text_of(id.text));
}

static void
put(struct counting *c, int i, int64_t changed)
{
    struct plan_row row = {.changed = changed};
    rows_put(&c->base, TABLE_PLANS, key_of(i), &row);
}

/* -1: there is none. */
static int64_t
changed(struct counting *c, int i)
{
    struct arena *arena = arena_new();
    struct state_key key = key_of(i);
    struct plan_row row;
    int rc = state_get(&c->base, arena, TABLE_PLANS, &key, &row);

    CHECK(rc >= 0);
    arena_destroy(&arena);
    return rc ? row.changed : -1;
}

/* Reads it in two pieces of work: from then on it is in use. */
static void
use(struct counting *c, int i, int64_t want)
{
    CHECK_INT(want, changed(c, i));
    CHECK_INT(want, changed(c, i));
}

TEST(hot_row_in_use_is_written_once_however_often_it_is_put)
{
    struct counting c = begin();

    put(&c, 1, 2002);
    put(&c, 1, 2001);
    CHECK_INT(2, c.writes); /* nobody has read it yet */
    use(&c, 1, 2001);
    CHECK_INT(2, c.reads);
    for (int i = 0; i < 1000; i++) {
        put(&c, 1, i);
        CHECK_INT(i, changed(&c, 1));
    }
    CHECK_INT(2, c.writes);
    CHECK_INT(2, c.reads);
    CHECK_INT(0, state_settle(&c.base));
    CHECK_INT(0, state_settle(&c.base));
    CHECK_INT(3, c.writes);
    CHECK_INT(999, changed(&c, 1));
    CHECK_INT(2, c.reads); /* it stays */
    end(&c);
}

/* In one piece of work however often, as judge and fold do. */
TEST(hot_row_that_one_work_reads_is_read_once_and_not_in_use)
{
    const struct state_key key = key_of(1);
    struct counting c = begin();
    struct arena *arena = arena_new();
    struct plan_row row;

    put(&c, 1, 5);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(1, state_get(&c.base, arena, TABLE_PLANS, &key, &row));
        CHECK_INT(5, row.changed);
    }
    CHECK_INT(1, c.reads);
    put(&c, 1, 6);
    CHECK_INT(2, c.writes);
    CHECK_INT(1, state_get(&c.base, arena, TABLE_PLANS, &key, &row));
    CHECK_INT(6, row.changed);
    CHECK_INT(2, c.reads);
    arena_destroy(&arena);
    end(&c);
}

TEST(hot_rows_that_are_too_many_make_room)
{
    enum { ROWS = 3 * HOT_ROWS };
    struct counting c = begin();

    for (int i = 0; i < ROWS; i++) {
        put(&c, i, BEFORE);
        use(&c, i, BEFORE);
        put(&c, i, i);
    }
    CHECK_INT(2 * ROWS - HOT_ROWS, c.writes);
    for (int i = 0; i < ROWS; i++)
        CHECK_INT(i, changed(&c, i));
    CHECK_INT(0, state_settle(&c.base));
    CHECK_INT(2 * ROWS, c.writes);
    CHECK_INT(-1, changed(&c, ROWS));
    end(&c);
}

/* Many that are read once each do not drive out the one that is read all the while. */
TEST(hot_row_in_use_stays_among_many_that_are_not)
{
    struct counting c = begin();

    put(&c, 0, 7);
    use(&c, 0, 7);
    for (int i = 1; i < 3 * HOT_ROWS; i++) {
        put(&c, i, i);
        use(&c, i, i);
        int reads = c.reads;
        CHECK_INT(7, changed(&c, 0));
        CHECK_INT(reads, c.reads);
    }
    end(&c);
}

static const struct plan_row *
see(struct counting *c, struct arena *work, int i)
{
    struct plan_id id = id_of(i);
    const struct plan_row *row;

    CHECK_INT(1, state_see_plan(&c->base, work, text_of(id.text), &row));
    return row;
}

/* However many others are read by the same work, and come to be in use. */
TEST(hot_row_that_was_seen_stays_where_it_is_for_its_work)
{
    struct counting c = begin();
    struct arena *work = arena_new();

    for (int i = 0; i < 3 * HOT_ROWS; i++)
        put(&c, i, i);
    use(&c, 0, 0);
    const struct plan_row *row = see(&c, work, 0);
    for (int i = 1; i < 3 * HOT_ROWS; i++) {
        CHECK_INT(i, changed(&c, i));
        CHECK_INT(i, see(&c, work, i)->changed);
    }
    CHECK_INT(0, row->changed);
    CHECK(see(&c, work, 0) == row);
    arena_destroy(&work);
    end(&c);
}

TEST(hot_row_that_is_put_may_point_into_the_one_before)
{
    static char why[2000];
    struct counting c = begin();
    struct arena *work = arena_new();

    memset(why, 'w', sizeof why);
    put(&c, 1, 0);
    use(&c, 1, 0);
    for (uint32_t i = 1; i < sizeof why; i += i % 7 + 1) {
        const struct state_key key = key_of(1);
        struct plan_row row = *see(&c, work, 1);
        CHECK_STR("x", text_string(work, row.title));
        row.changed = i;
        row.unpublished = (struct text){why, i % 3 ? i : 1};
        row.has.unpublished = 1;
        CHECK_INT(0, state_put(&c.base, TABLE_PLANS, &key, &row));
        CHECK_INT(i, see(&c, work, 1)->changed);
        CHECK(text_equal(row.unpublished, see(&c, work, 1)->unpublished));
    }
    arena_destroy(&work);
    end(&c);
}

/* Where there is none: one in which nothing is present. */
TEST(hot_row_that_is_not_there_is_seen_as_empty)
{
    struct counting c = begin();
    struct arena *work = arena_new();
    const struct plan_row *row;

    CHECK_INT(0, state_see_plan(&c.base, work, text_of("plan-1"), &row));
    CHECK_INT(0, row->present);
    CHECK_INT(0, row->title.len);
    arena_destroy(&work);
    end(&c);
}

/* Random puts, reads, settling and forgetting, against a plain array. */
TEST(hot_rows_are_those_that_were_put)
{
    enum { ROWS = HOT_ROWS + HOT_ROWS / 2, STEPS = 60000 };
    static int64_t model[ROWS];
    struct counting c = begin();

    for (int i = 0; i < ROWS; i++)
        model[i] = -1;
    for (int step = 0; step < STEPS; step++) {
        int i = (int)random_below(ROWS);
        if (random_below(3) == 0)
            put(&c, i, model[i] = step);
        CHECK_INT(model[i], changed(&c, i));
        if (random_below(5000) == 0) {
            CHECK_INT(0, state_settle(&c.base));
            if (random_below(2) == 0)
                state_forget(&c.base);
        }
    }
    end(&c);
}

TEST(hot_rows_are_walked_with_those_of_the_store)
{
    struct counting c = begin();
    struct state_key at = {.len = 0};
    struct bytes value;

    put(&c, 2, 1);
    put(&c, 1, 1);
    use(&c, 1, 1);
    put(&c, 1, 2); /* of which the store has not heard */
    put(&c, 3, 1);
    for (int i = 1; i <= 3; i++) {
        CHECK_INT(1, state_next(&c.base, TABLE_PLANS, &at, i == 1, &value));
        CHECK_INT('0' + i, at.at[at.len - 1]);
    }
    CHECK_INT(0, state_next(&c.base, TABLE_PLANS, &at, false, &value));
    end(&c);
}

TEST(hot_row_is_there_and_is_removed)
{
    const struct state_key key = key_of(1);
    struct counting c = begin();

    CHECK_INT(0, state_has(&c.base, TABLE_PLANS, text_of("plan-1")));
    put(&c, 1, 1);
    use(&c, 1, 1);
    put(&c, 1, 2);
    CHECK_INT(1, state_has(&c.base, TABLE_PLANS, text_of("plan-1")));
    CHECK_INT(1, state_remove(&c.base, TABLE_PLANS, &key));
    CHECK_INT(0, state_has(&c.base, TABLE_PLANS, text_of("plan-1")));
    CHECK_INT(-1, changed(&c, 1));
    end(&c);
}

/* What the store does not take is not lost, and is told. */
TEST(hot_row_stays_where_the_store_is_full)
{
    struct counting c = begin();
    struct plan_row row = {0};

    for (int i = 0; i < HOT_ROWS; i++) {
        put(&c, i, BEFORE);
        use(&c, i, BEFORE);
        put(&c, i, i);
    }
    put(&c, HOT_ROWS, 1);
    CHECK_INT(1, changed(&c, HOT_ROWS));
    c.full = true;
    struct state_key another = key_of(HOT_ROWS);
    struct arena *arena = arena_new();
    CHECK_INT(FULL, state_get(&c.base, arena, TABLE_PLANS, &another, &row));
    arena_destroy(&arena);
    CHECK_INT(FULL, state_settle(&c.base));
    c.full = false;
    CHECK_INT(0, state_settle(&c.base));
    CHECK_INT(2 * HOT_ROWS + 1, c.writes);
    for (int i = 0; i < HOT_ROWS; i++)
        CHECK_INT(i, changed(&c, i));
    end(&c);
}
