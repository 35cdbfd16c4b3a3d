#include "schema/state.h"

#include <errno.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/hot.h"
#include "schema/terms.h"

#define INFO(symbol, name, record, key) [symbol] = {name, record, key},
const struct state_table_info state_tables[STATE_TABLE_COUNT] = {STATE_TABLES(INFO)};

/* --- bytes ------------------------------------------------------------------- */

int
state_settle(struct state *s)
{
    int rc = 0;

    for (int t = 0; t < STATE_TABLE_COUNT && !rc; t++)
        rc = hot_settle(s, (enum state_table)t);
    return rc;
}

static void
forget(struct state *s, enum state_table table)
{
    hot_forget(s, table);
    if (table == TABLE_ACTIONS)
        terms_forget(&s->terms);
    s->last[table].work = 0;
}

void
state_forget(struct state *s)
{
    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        forget(s, (enum state_table)t);
}

int
state_get_bytes(struct state *s, enum state_table table, const struct state_key *key,
                struct bytes *value)
{
    int rc = hot_settle(s, table);
    return rc ? rc : s->ops->get(s, table, key, value);
}

int
state_put_bytes(struct state *s, enum state_table table, const struct state_key *key,
                struct bytes value)
{
    int rc = hot_settle(s, table);

    forget(s, table);
    return rc ? rc : s->ops->put(s, table, key, value);
}

int
state_remove(struct state *s, enum state_table table, const struct state_key *key)
{
    int rc = hot_settle(s, table);

    forget(s, table);
    return rc ? rc : s->ops->remove(s, table, key);
}

int
state_next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
           struct bytes *value)
{
    int rc = hot_settle(s, table);
    return rc ? rc : s->ops->next(s, table, at, inclusive, value);
}

/* --- rows -------------------------------------------------------------------- */

/* The row from a copy of its bytes: the store may move them at the next put. */
static int
decode_row(struct arena *arena, enum state_table table, struct bytes value, void *row)
{
    struct fault fault;
    const void *copy = arena_copy(arena, value.at, value.len);
    return record_decode_row(arena, state_tables[table].record, ROW_WHOLE, row, copy, value.len,
                             &fault)
               ? 1
               : -EBADMSG;
}

static bool
same_key(const struct state_key *a, const struct state_key *b)
{
    return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/* Whole, for whoever reads it again in this work, or in the next ones. */
static int
read_row(struct state *s, struct arena *arena, enum state_table table, const struct state_key *key,
         struct bytes value, bool in_use, const void **row)
{
    void *decoded = arena_take(arena, state_tables[table].record->size);
    int rc = decode_row(arena, table, value, decoded);

    if (rc != 1)
        return rc;
    *row = decoded;
    s->last[table] = (struct state_read){arena_work(arena), *key, decoded};
    rc = in_use ? hot_keep(s, arena_work(arena), table, key, decoded) : 0;
    return rc ? rc : 1;
}

/* Where the store has it, which does not move it during this work. */
static int
decode_some(struct arena *arena, enum state_table table, struct bytes value, uint64_t fields,
            void *row)
{
    struct fault fault;
    return record_decode_row(arena, state_tables[table].record, fields, row, value.at, value.len,
                             &fault)
               ? 1
               : -EBADMSG;
}

static int
read_some(struct arena *arena, enum state_table table, struct bytes value, uint64_t fields,
          const void **row)
{
    void *decoded = arena_take(arena, state_tables[table].record->size);

    *row = decoded;
    return decode_some(arena, table, value, fields, decoded);
}

/* Whole, and kept, if it is in use. */
static int
see_stored(struct state *s, struct arena *arena, enum state_table table,
           const struct state_key *key, uint64_t fields, bool in_use, const void **row)
{
    struct bytes value = {0};
    int rc = s->ops->get(s, table, key, &value);

    if (rc != 1)
        return rc;
    return in_use || fields == ROW_WHOLE ? read_row(s, arena, table, key, value, in_use, row)
                                         : read_some(arena, table, value, fields, row);
}

/* A row that is not kept, decoded into the arena. */
static int
see_in_store(struct state *s, struct arena *arena, enum state_table table,
             const struct state_key *key, uint64_t fields, const void **row)
{
    const struct state_read *last = &s->last[table];

    if (last->work == arena_work(arena) && same_key(&last->key, key)) {
        *row = last->row;
        return 1;
    }
    return see_stored(s, arena, table, key, fields, hot_wants(s, arena_work(arena), table, key),
                      row);
}

int
state_see_some(struct state *s, struct arena *arena, enum state_table table,
               const struct state_key *key, uint64_t fields, const void **row)
{
    static const union {
        struct board_row board;
        struct agency_row agency;
        struct client_row client;
        struct plan_row plan;
        struct action_row action;
        struct part part;
        struct chain chain;
    } nothing;

    *row = hot_see(s, arena_work(arena), table, key);
    if (*row)
        return 1;
    *row = &nothing;
    return see_in_store(s, arena, table, key, fields, row);
}

int
state_see(struct state *s, struct arena *arena, enum state_table table, const struct state_key *key,
          const void **row)
{
    return state_see_some(s, arena, table, key, ROW_WHOLE, row);
}

int
state_get(struct state *s, struct arena *arena, enum state_table table, const struct state_key *key,
          void *row)
{
    const void *seen;

    if (hot_get(s, arena, table, key, row))
        return 1;
    int rc = see_in_store(s, arena, table, key, ROW_WHOLE, &seen);
    if (rc == 1)
        memcpy(row, seen, state_tables[table].record->size);
    return rc;
}

int
state_put(struct state *s, enum state_table table, const struct state_key *key, const void *row)
{
    s->last[table].work = 0;
    if (table == TABLE_ACTIONS)
        terms_drop(s->terms, key);
    return hot_put(s, table, key, row);
}

int
state_has(struct state *s, enum state_table table, struct text id)
{
    struct state_key key = state_key_of(id);
    struct bytes value = {0};
    return hot_has(s, table, &key) ? 1 : s->ops->get(s, table, &key, &value);
}

int
state_peek(struct state *s, struct arena *arena, enum state_table table,
           const struct state_key *key, uint64_t fields, void *row)
{
    const void *kept = hot_see(s, arena_work(arena), table, key);
    struct bytes value = {0};

    if (kept) {
        memcpy(row, kept, state_tables[table].record->size);
        return 1;
    }
    int rc = s->ops->peek(s, table, key, &value);
    return rc == 1 ? decode_some(arena, table, value, fields, row) : rc;
}

void
state_walk_begin(struct state_walk *w, enum state_table table, const struct state_key *prefix)
{
    *w = (struct state_walk){.table = table, .key = *prefix, .prefix = *prefix};
}

/* The next row's bytes, if it still begins with the prefix. */
static int
step(struct state *s, struct state_walk *w, struct bytes *value)
{
    int rc = state_next(s, w->table, &w->key, !w->begun, value);

    w->begun = true;
    if (rc != 1)
        return rc;
    return w->key.len >= w->prefix.len && memcmp(w->key.at, w->prefix.at, w->prefix.len) == 0;
}

int
state_walk_next(struct state *s, struct arena *arena, struct state_walk *w, void *row)
{
    struct bytes value = {0};
    int rc = step(s, w, &value);

    return rc == 1 && row ? decode_row(arena, w->table, value, row) : rc;
}

int
state_walk_peek(struct state *s, struct arena *arena, struct state_walk *w, uint64_t fields,
                void *row, struct row_places *places)
{
    struct bytes value = {0};
    struct fault fault;
    int rc = step(s, w, &value);

    if (rc != 1)
        return rc;
    return record_place_row(arena, state_tables[w->table].record, fields, row, places, value.at,
                            value.len, &fault)
               ? 1
               : -EBADMSG;
}

/* --- terms ------------------------------------------------------------------ */

static const struct action_row terms_of = {
    .has = {
        .leads = 1, .except = 1, .contributors = 1, .assigned = 1, .measure = 1, .standing = 1}};

/* An action that is read whole is not kept here too. */
static int
read_terms(struct state *s, struct arena *arena, const struct state_key *key, const void **row)
{
    uint8_t bytes[TERMS_BYTES];
    int rc = state_see_some(s, arena, TABLE_ACTIONS, key, terms_of.present, row);

    if (rc != 1 || ((const struct action_row *)*row)->present & ~terms_of.present)
        return rc;
    size_t len = record_encode_row(&action_row_record, *row, bytes, sizeof bytes);
    if (len)
        terms_keep(&s->terms, key, (struct bytes){bytes, (uint32_t)len});
    return 1;
}

/* Those of an action in use are taken from its whole row, which is kept then. */
static int
see_cold_terms(struct state *s, struct arena *arena, const struct state_key *key, const void **row)
{
    struct bytes kept;

    if (!terms_find(s->terms, key, &kept))
        return read_terms(s, arena, key, row);
    if (hot_wants(s, arena_work(arena), TABLE_ACTIONS, key))
        return see_stored(s, arena, TABLE_ACTIONS, key, terms_of.present, true, row);
    kept.at = arena_copy(arena, kept.at, kept.len);
    return read_some(arena, TABLE_ACTIONS, kept, terms_of.present, row);
}

int
state_see_terms(struct state *s, struct arena *arena, struct text id, const struct action_row **row)
{
    struct state_key key = state_key_of(id);
    const void *seen = hot_see(s, arena_work(arena), TABLE_ACTIONS, &key);
    int rc = seen ? 1 : see_cold_terms(s, arena, &key, &seen);

    *row = seen;
    return rc;
}

/* --- what is expected --------------------------------------------------------- */

struct state_expected
state_expect(const struct state *s, struct text action, struct text agency)
{
    const struct state_key of_action = state_key_of(action);
    const struct state_key of_part = state_key_pair(action, agency);
    const struct state_expected e = {state_key_hash(&of_action), state_key_hash(&of_part)};

    hot_expect(s, TABLE_ACTIONS, e.action);
    terms_expect(s->terms, e.action);
    hot_expect(s, TABLE_PARTS, e.part);
    s->ops->expect(s, TABLE_PARTS, e.part);
    return e;
}

void
state_expect_rows(const struct state *s, const struct state_expected *e)
{
    terms_expect_row(s->terms, e->action);
    s->ops->expect_row(s, TABLE_PARTS, e->part);
}
