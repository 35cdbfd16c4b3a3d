/* One contract, kept by every kind of state. */
#include <stdlib.h>

#include "store/state_lmdb.h"
#include "store/state_memory.h"
#include "tests/rows.h"
#include "tests/scratch.h"
#include "tests/t.h"

/* --- the kinds ------------------------------------------------------------------ */

enum { MAP = 64 * 1024 * 1024 };

struct subject {
    struct scratch dir;
    struct state *s;
    struct arena *arena;
    struct state_mark mark;
    bool frozen;
};

struct kind {
    void (*open)(struct subject *t);
    void (*close)(struct subject *t);
    void (*settle)(struct subject *t); /* so that what was put is no longer new */
};

static void
open_memory(struct subject *t)
{
    t->s = state_memory_open();
}

static void
close_memory(struct subject *t)
{
    state_memory_close(&t->s);
    CHECK(!t->s);
}

static void
settle_memory(struct subject *t)
{
    (void)t;
}

static void
open_lmdb(struct subject *t)
{
    struct why why;

    CHECK_INT(0,
              state_lmdb_open(&t->s, scratch_file(&t->dir, "state"), "board", MAP, &t->mark, &why));
}

static void
close_lmdb(struct subject *t)
{
    state_lmdb_close(&t->s);
    CHECK(!t->s);
}

static void
commit_lmdb(struct subject *t)
{
    t->mark.applied++;
    CHECK_INT(0, state_lmdb_commit(t->s, &t->mark));
}

/* What was put lies over what is being written, and that over the file. */
static void
freeze_lmdb(struct subject *t)
{
    if (t->frozen)
        CHECK_INT(0, state_lmdb_written(t->s));
    state_lmdb_freeze(t->s);
    t->mark.applied++;
    CHECK_INT(0, state_lmdb_write(t->s, &t->mark));
    t->frozen = true;
}

static const struct kind memory = {open_memory, close_memory, settle_memory};
static const struct kind lmdb = {open_lmdb, close_lmdb, settle_memory};
static const struct kind lmdb_committed = {open_lmdb, close_lmdb, commit_lmdb};
static const struct kind lmdb_frozen = {open_lmdb, close_lmdb, freeze_lmdb};

static void
begin(const struct kind *kind, struct subject *t)
{
    *t = (struct subject){.arena = arena_new()};
    scratch_make(&t->dir);
    kind->open(t);
}

static void
end(const struct kind *kind, struct subject *t)
{
    kind->close(t);
    arena_destroy(&t->arena);
    scratch_remove(&t->dir);
}

/* --- rows ------------------------------------------------------------------------ */

/* Tables of every sort: kept hot, and not; with a record, and without. */
static const enum state_table some_tables[] = {TABLE_PLANS, TABLE_CHAINS, TABLE_KEYS,
                                               TABLE_BY_AGENCY};
enum { SOME_TABLES = sizeof some_tables / sizeof *some_tables };

static void
put(struct state *s, enum state_table table, const char *key, const char *value)
{
    struct state_key k = state_key_of(text_of(key));
    struct text v = text_of(value);

    CHECK_INT(0, state_put_bytes(s, table, &k, (struct bytes){(const uint8_t *)v.at, v.len}));
}

static int
take(struct state *s, enum state_table table, const char *key)
{
    struct state_key k = state_key_of(text_of(key));
    return state_remove(s, table, &k);
}

/* The row's text; NULL if there is none. */
static const char *
get(struct state *s, enum state_table table, const char *key)
{
    static char text[256];
    struct state_key k = state_key_of(text_of(key));
    struct bytes value;
    int rc = state_get_bytes(s, table, &k, &value);

    CHECK(rc == 0 || rc == 1);
    if (rc)
        snprintf(text, sizeof text, "%.*s", (int)value.len, (const char *)value.at);
    return rc ? text : NULL;
}

/* All rows after `from` (or from it), as "key=value key=value". */
static const char *
list(struct state *s, enum state_table table, const char *from, bool inclusive)
{
    static char text[4096];
    struct state_key at = state_key_of(text_of(from));
    struct bytes value;
    int len = 0;
    int rc;

    text[0] = '\0';
    while ((rc = state_next(s, table, &at, inclusive, &value)) == 1) {
        len += snprintf(text + len, sizeof text - (size_t)len, "%s%.*s=%.*s", len ? " " : "",
                        (int)at.len, (const char *)at.at, (int)value.len, (const char *)value.at);
        inclusive = false;
    }
    CHECK_INT(0, rc);
    return text;
}

/* --- the contract ---------------------------------------------------------------- */

static void
starts_empty(const struct kind *kind)
{
    struct subject t;

    begin(kind, &t);
    for (int table = 0; table < STATE_TABLE_COUNT; table++) {
        CHECK_STR("", list(t.s, (enum state_table)table, "", true));
        CHECK_STR("", list(t.s, (enum state_table)table, "a", false));
        CHECK(!get(t.s, (enum state_table)table, "a"));
    }
    CHECK_INT(0, take(t.s, TABLE_KEYS, "a"));
    end(kind, &t);
}

static void
keeps_what_is_put(const struct kind *kind)
{
    struct subject t;

    begin(kind, &t);
    for (int i = 0; i < SOME_TABLES; i++) {
        put(t.s, some_tables[i], "b", "one");
        CHECK_STR("one", get(t.s, some_tables[i], "b"));
        kind->settle(&t);
        CHECK_STR("one", get(t.s, some_tables[i], "b"));
        put(t.s, some_tables[i], "b", "another, and longer");
        CHECK_STR("another, and longer", get(t.s, some_tables[i], "b"));
        put(t.s, some_tables[i], "b", "2");
        kind->settle(&t);
        CHECK_STR("2", get(t.s, some_tables[i], "b"));
        put(t.s, some_tables[i], "b", "");
        CHECK_STR("", get(t.s, some_tables[i], "b"));
        kind->settle(&t);
        CHECK_STR("", get(t.s, some_tables[i], "b"));
        CHECK(!get(t.s, some_tables[i], "a"));
        CHECK(!get(t.s, some_tables[i], "b "));
        CHECK(!get(t.s, some_tables[i], ""));
    }
    CHECK(!get(t.s, TABLE_ACTIONS, "b")); /* tables are apart */
    end(kind, &t);
}

static void
keeps_the_one_row_without_a_key(const struct kind *kind)
{
    struct subject t;
    struct state_key at = {.len = 0};
    struct bytes value;

    begin(kind, &t);
    put(t.s, TABLE_BOARD, "", "the board");
    kind->settle(&t);
    CHECK_STR("the board", get(t.s, TABLE_BOARD, ""));
    CHECK_INT(1, state_next(t.s, TABLE_BOARD, &at, true, &value));
    CHECK_INT(0, at.len);
    CHECK_INT(0, state_next(t.s, TABLE_BOARD, &at, false, &value));
    end(kind, &t);
}

static void
gives_rows_in_order_of_their_keys(const struct kind *kind)
{
    struct subject t;

    begin(kind, &t);
    for (int i = 0; i < SOME_TABLES; i++) {
        enum state_table table = some_tables[i];
        put(t.s, table, "b/1", "2");
        put(t.s, table, "b", "1");
        put(t.s, table, "c", "5");
        kind->settle(&t); /* what comes now is newer than what it stands among */
        put(t.s, table, "b/10", "3");
        put(t.s, table, "a", "0");
        put(t.s, table, "b/2", "4");
        put(t.s, table, "b", "one");
        CHECK_STR("a=0 b=one b/1=2 b/10=3 b/2=4 c=5", list(t.s, table, "", true));
        CHECK_STR("b/1=2 b/10=3 b/2=4 c=5", list(t.s, table, "b/1", true));
        CHECK_STR("b/10=3 b/2=4 c=5", list(t.s, table, "b/1", false));
        CHECK_STR("b/1=2 b/10=3 b/2=4 c=5", list(t.s, table, "b/", false));
        CHECK_STR("", list(t.s, table, "c", false));
        CHECK_STR("", list(t.s, table, "d", true));
    }
    end(kind, &t);
}

static void
orders_keys_by_their_bytes(const struct kind *kind)
{
    static const uint8_t keys[][2] = {{0, 0}, {0, 1}, {0x7f, 0}, {0x80, 0}, {0xff, 0xff}};
    struct subject t;
    struct state_key at = {.len = 0};
    struct bytes value;

    begin(kind, &t);
    for (int i = 4; i >= 0; i--) {
        struct state_key key = state_key_of((struct text){(const char *)keys[i], 2});
        CHECK_INT(0, state_put_bytes(t.s, TABLE_KEYS, &key, (struct bytes){keys[i], 2}));
        kind->settle(&t);
    }
    for (int i = 0; i < 5; i++) {
        CHECK_INT(1, state_next(t.s, TABLE_KEYS, &at, i == 0, &value));
        CHECK(memcmp(keys[i], at.at, 2) == 0 && memcmp(keys[i], value.at, 2) == 0);
    }
    CHECK_INT(0, state_next(t.s, TABLE_KEYS, &at, false, &value));
    end(kind, &t);
}

static void
removes_rows(const struct kind *kind)
{
    struct subject t;

    begin(kind, &t);
    put(t.s, TABLE_KEYS, "a", "1");
    put(t.s, TABLE_KEYS, "b", "2");
    put(t.s, TABLE_KEYS, "c", "3");
    kind->settle(&t);
    CHECK_INT(1, take(t.s, TABLE_KEYS, "b"));
    CHECK_INT(0, take(t.s, TABLE_KEYS, "b"));
    CHECK(!get(t.s, TABLE_KEYS, "b"));
    CHECK_STR("a=1 c=3", list(t.s, TABLE_KEYS, "", true));
    kind->settle(&t);
    CHECK_STR("a=1 c=3", list(t.s, TABLE_KEYS, "", true));
    put(t.s, TABLE_KEYS, "b", "4");
    CHECK_STR("a=1 b=4 c=3", list(t.s, TABLE_KEYS, "", true));
    CHECK_INT(1, take(t.s, TABLE_KEYS, "a"));
    CHECK_INT(1, take(t.s, TABLE_KEYS, "c"));
    CHECK_STR("b=4", list(t.s, TABLE_KEYS, "", true));
    end(kind, &t);
}

/* The rules walk an action's parts and write them, and others, on the way. */
static void
walks_while_rows_change(const struct kind *kind)
{
    const struct state_key prefix = state_key_pair(text_of("p/1"), text_of(""));
    struct state_walk walk;
    struct subject t;
    struct part part;
    int steps = 0;
    int rc;

    begin(kind, &t);
    for (int i = 0; i < 6; i++) {
        static const char *const rows[][2] = {{"p/1", "a"}, {"p/1", "b"},  {"p/1", "c"},
                                              {"p/1", "d"}, {"p/10", "a"}, {"p/0", "a"}};
        struct part row = {.action = text_of(rows[i][0]), .agency = text_of(rows[i][1])};
        rows_put(t.s, TABLE_PARTS, state_key_pair(row.action, row.agency), &row);
    }
    kind->settle(&t);
    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    while ((rc = state_walk_next(t.s, t.arena, &walk, &part)) == 1) {
        CHECK_INT('a' + steps, part.agency.at[0]);
        CHECK(text_is(part.action, "p/1"));
        part.changed = ++steps;
        rows_put(t.s, TABLE_PARTS, walk.key, &part);
        if (steps == 2) { /* one that is gone before its turn, and one that comes */
            struct state_key c = state_key_pair(text_of("p/1"), text_of("c"));
            CHECK_INT(1, state_remove(t.s, TABLE_PARTS, &c));
            part.agency = text_of("c");
            rows_put(t.s, TABLE_PARTS, c, &part);
        }
    }
    CHECK_INT(0, rc);
    CHECK_INT(4, steps);
    CHECK_INT(1, state_get_part(t.s, t.arena, text_of("p/1"), text_of("d"), &part));
    CHECK_INT(4, part.changed);
    end(kind, &t);
}

/* Looked at in passing a row has no more than was asked for, unless it is in use; and a walk
   tells where all of it lies. */
static void
is_peeked_at(const struct kind *kind)
{
    const struct part wanted = {.has = {.agency = 1, .percent = 1}};
    const struct state_key prefix = state_key_pair(text_of("p/1"), text_of(""));
    const struct state_key none = state_key_pair(text_of("p/1"), text_of("b"));
    struct part row = {.action = text_of("p/1"), .agency = text_of("a"), .percent = 40};
    struct row_places places;
    struct state_walk walk;
    struct subject t;
    struct part part;

    begin(kind, &t);
    row.has.percent = 1;
    rows_put(t.s, TABLE_PARTS, state_key_pair(row.action, row.agency), &row);
    kind->settle(&t);
    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    CHECK_INT(1, state_walk_peek(t.s, t.arena, &walk, wanted.present, &part, &places));
    CHECK(part.present == wanted.present && text_is(part.agency, "a"));
    CHECK(places.present == row.present);
    CHECK_INT(40, *places.at[FIELD_PLACE(part, percent)]);
    CHECK_INT(1, state_peek(t.s, t.arena, TABLE_PARTS, &walk.key, wanted.present, &part));
    CHECK(part.present == wanted.present && part.percent == 40);
    CHECK_INT(0, state_peek(t.s, t.arena, TABLE_PARTS, &none, wanted.present, &part));
    CHECK_INT(0, state_walk_peek(t.s, t.arena, &walk, wanted.present, &part, &places));
    for (int i = 0; i < 2; i++) { /* twice: in use */
        arena_reset(t.arena);
        CHECK_INT(1, state_get(t.s, t.arena, TABLE_PARTS, &walk.key, &part));
    }
    part.percent = 50;
    CHECK_INT(0, state_put(t.s, TABLE_PARTS, &walk.key, &part));
    CHECK_INT(1, state_peek(t.s, t.arena, TABLE_PARTS, &walk.key, wanted.present, &part));
    CHECK_INT(50, part.percent);
    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    CHECK_INT(1, state_walk_peek(t.s, t.arena, &walk, wanted.present, &part, &places));
    CHECK_INT(50, part.percent);
    end(kind, &t);
}

/* Whoever looks up one row after the other finds those that are there, in whatever order. */
static void
is_peeked_at_in_any_order(const struct kind *kind)
{
    enum { ROWS = 200, LOOKS = 2000 };
    struct subject t;
    struct chain row = {0};

    begin(kind, &t);
    for (int i = 0; i < ROWS; i += 1 + (i % 3)) {
        struct chain put = {.last = i};
        char key[16];
        snprintf(key, sizeof key, "k%03d", i);
        rows_put(t.s, TABLE_CHAINS, state_key_of(text_of(key)), &put);
        if (i == ROWS / 2)
            kind->settle(&t);
    }
    for (int look = 0, at = 0; look < LOOKS; look++) {
        char key[16];
        at = random_below(4) ? (at + 1) % ROWS : (int)random_below(ROWS);
        snprintf(key, sizeof key, "k%03d", at);
        struct state_key k = state_key_of(text_of(key));
        arena_reset(t.arena);
        bool there = state_has(t.s, TABLE_CHAINS, text_of(key)) == 1;
        CHECK_INT(there, state_peek(t.s, t.arena, TABLE_CHAINS, &k, ROW_WHOLE, &row));
        CHECK(!there || row.last == at);
    }
    end(kind, &t);
}

/* Thousands of rows in random order, against a plain array. */
static void
holds_many(const struct kind *kind)
{
    enum { ROWS = 500, STEPS = 4000 };
    static char model[ROWS];
    struct subject t;

    begin(kind, &t);
    memset(model, 0, sizeof model);
    for (int step = 0; step < STEPS; step++) {
        int row = (int)random_below(ROWS);
        char key[16];
        snprintf(key, sizeof key, "k%03d", row);
        if (random_below(3) == 0) {
            CHECK_INT(model[row] != 0, take(t.s, TABLE_BY_THEME, key));
            model[row] = 0;
        } else {
            model[row] = (char)('a' + random_below(26));
            put(t.s, TABLE_BY_THEME, key, (char[]){model[row], 0});
        }
        if (random_below(400) == 0)
            kind->settle(&t);
    }
    struct state_key at = {.len = 0};
    struct bytes value;
    bool first = true;
    for (int row = 0; row < ROWS; row++) {
        if (!model[row])
            continue;
        CHECK_INT(1, state_next(t.s, TABLE_BY_THEME, &at, first, &value));
        CHECK_INT(4, at.len);
        at.at[at.len] = '\0';
        CHECK_INT(row, atoi((const char *)at.at + 1));
        CHECK_INT(model[row], value.at[0]);
        first = false;
    }
    CHECK_INT(0, state_next(t.s, TABLE_BY_THEME, &at, first, &value));
    end(kind, &t);
}

/* --- the contract, for each kind -------------------------------------------------------- */

/* clang-format off */
#define CONTRACT(name)                                        \
    TEST(state_in_memory_##name) { name(&memory); }           \
    TEST(state_in_lmdb_##name) { name(&lmdb); }               \
    TEST(state_in_lmdb_committed_##name) { name(&lmdb_committed); } \
    TEST(state_in_lmdb_frozen_##name) { name(&lmdb_frozen); }
/* clang-format on */

CONTRACT(starts_empty)
CONTRACT(keeps_what_is_put)
CONTRACT(keeps_the_one_row_without_a_key)
CONTRACT(gives_rows_in_order_of_their_keys)
CONTRACT(orders_keys_by_their_bytes)
CONTRACT(removes_rows)
CONTRACT(walks_while_rows_change)
CONTRACT(is_peeked_at)
CONTRACT(is_peeked_at_in_any_order)
CONTRACT(holds_many)
