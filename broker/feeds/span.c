#include "broker/feeds/span.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/feeds/page.h"
#include "schema/codec.h"
#include "schema/ids.h"
#include "schema/must.h"

enum { SLOTS = 2 * SPAN_ENTRIES };

void
span_init(struct span *s, struct ledger *ledger)
{
    *s = (struct span){.ledger = ledger, .arena = arena_new(), .slot_cap = SLOTS};
    s->entries = must(calloc(SPAN_ENTRIES, sizeof *s->entries));
    s->slots = must(calloc(s->slot_cap, sizeof *s->slots));
}

void
span_end(struct span *s)
{
    arena_destroy(&s->arena);
    free(s->entries);
    free(s->rows);
    free(s->slots);
}

void
span_begin(struct span *s, int32_t day, int64_t last)
{
    arena_reset(s->arena);
    s->day = day;
    s->last = last;
    s->count = s->row_count = 0;
    s->widens = false;
    memset(s->slots, 0, s->slot_cap * sizeof *s->slots);
}

/* --- rows ------------------------------------------------------------------------- */

/* FNV-1a. */
static uint32_t
hash(struct text id)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (uint32_t i = 0; i < id.len; i++)
        h = (h ^ (uint8_t)id.at[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(h ^ h >> 32);
}

static void
put_in_slot(struct span *s, uint32_t row)
{
    uint32_t at = hash(s->rows[row].id) & (s->slot_cap - 1);

    while (s->slots[at])
        at = (at + 1) & (s->slot_cap - 1);
    s->slots[at] = row + 1;
}

static void
widen_slots(struct span *s)
{
    free(s->slots);
    assert(s->slot_cap > 0 && s->slot_cap <= UINT32_MAX / 2);
    s->slot_cap *= 2;
    s->slots = must(calloc(s->slot_cap, sizeof *s->slots));
    for (uint32_t i = 0; i < s->row_count; i++)
        put_in_slot(s, i);
}

static uint32_t
new_row(struct span *s, struct text id)
{
    if (s->row_count == s->row_cap) {
        s->row_cap = s->row_cap ? 2 * s->row_cap : 256;
        s->rows = must(realloc(s->rows, s->row_cap * sizeof *s->rows));
    }
    s->rows[s->row_count] = (struct span_row){.id = id};
    if (2 * s->row_count >= s->slot_cap)
        widen_slots(s);
    put_in_slot(s, s->row_count);
    return s->row_count++;
}

static int32_t
row_of(struct span *s, struct text id)
{
    uint32_t at = hash(id) & (s->slot_cap - 1);

    for (; s->slots[at]; at = (at + 1) & (s->slot_cap - 1))
        if (text_equal(s->rows[s->slots[at] - 1].id, id))
            return (int32_t)(s->slots[at] - 1);
    return (int32_t)new_row(s, id);
}

/* 1, 0 or negative. */
static int
read_row(struct span *s, struct span_row *row)
{
    struct plan_row *plan = arena_take(s->arena, sizeof *plan);
    struct action_row *action = arena_take(s->arena, sizeof *action);
    int rc = state_get_action(s->ledger->state, s->arena, row->id, action);

    if (rc == 1)
        rc = state_get_plan(s->ledger->state, s->arena, path_first(row->id), plan);
    if (rc != 1)
        return rc;
    rc = listed_load(s->ledger->state, s->arena, plan, action, s->day, &row->action);
    return rc < 0 ? rc : 1;
}

int
span_look_up(struct span *s, uint32_t at)
{
    struct span_row *row = &s->rows[at];

    if (row->looked_up)
        return row->there;
    int rc = read_row(s, row);
    if (rc < 0)
        return rc;
    row->looked_up = true;
    row->there = rc;
    if (rc) {
        uint8_t buf[PAGE_ROW];
        size_t len = record_encode(&listed_record, &row->action.listed, buf, sizeof buf);
        if (!len)
            return -EBADMSG;
        row->encoded = (struct bytes){arena_copy(s->arena, buf, len), (uint32_t)len};
    }
    return rc;
}

/* --- entries ------------------------------------------------------------------------ */

static int
take_rating(struct span *s, struct happening *h)
{
    struct rating_change rating;
    struct fault fault;

    if (!record_decode(s->arena, &rating_change_record, &rating, h->saw.body.at, h->saw.body.len,
                       &fault))
        return -EBADMSG;
    const struct rated *rated = rating.changes.at;
    int32_t *rows = arena_take(s->arena, rating.changes.count * sizeof *rows);
    for (uint32_t i = 0; i < rating.changes.count; i++)
        rows[i] = row_of(s, rated[i].action);
    h->rated_rows = rows;
    h->rated_count = rating.changes.count;
    return 0;
}

int
span_add(struct span *s, struct bytes entry)
{
    struct happening *h = &s->entries[s->count];

    assert(s->count < SPAN_ENTRIES);
    *h = (struct happening){.bytes = {arena_copy(s->arena, entry.at, entry.len), entry.len},
                            .row = SPAN_NO_ROW};
    if (!glance_at(h->bytes, &h->saw))
        return -EBADMSG;
    h->number = h->saw.number;
    h->accepted = h->saw.outcome == ACCEPTED;
    h->kind = h->saw.kind;
    h->plan = path_first(h->saw.named);
    if (h->plan.len < h->saw.named.len)
        h->row = row_of(s, h->saw.named);
    int rc = h->kind == KIND_RATING ? take_rating(s, h) : 0;
    s->count++;
    s->last = h->number;
    s->widens |= span_is_wide(h);
    return rc;
}

bool
span_is_wide(const struct happening *h)
{
    return h->accepted
           && (h->kind == KIND_PLAN || h->kind == KIND_AGENCY || h->kind == KIND_CLIENT);
}

/* --- reading ------------------------------------------------------------------------ */

struct reading {
    struct span *span;
    size_t bytes, most;
    int64_t to;
};

static bool
is_enough(const struct reading *r, int64_t next)
{
    return next > r->to || r->span->count == SPAN_ENTRIES || r->bytes >= r->most;
}

static int
take(void *context, const struct journal_entry *entry)
{
    struct reading *r = context;
    int rc = span_add(r->span, (struct bytes){entry->bytes, (uint32_t)entry->len});

    r->bytes += entry->len;
    return rc ? rc : is_enough(r, (int64_t)entry->number + 1);
}

/* Those that are not durable yet. */
static int
take_waiting(struct reading *r, int64_t number)
{
    struct bytes waiting;

    for (; !is_enough(r, number); number++) {
        if (!pending_find(&r->span->ledger->pending, number, &waiting))
            return -EBADMSG;
        int rc = span_add(r->span, waiting);
        if (rc)
            return rc;
        r->bytes += waiting.len;
    }
    return 0;
}

int
span_read(struct span *s, int64_t from, int64_t to, size_t bytes)
{
    struct reading r = {s, 0, bytes, to};
    uint64_t next = (uint64_t)from;
    int rc = 1;

    while (rc == 1 && (int64_t)next <= s->ledger->durable && !is_enough(&r, (int64_t)next))
        rc = journal_read(s->ledger->journal, next, SPAN_ENTRIES - s->count, take, &r, &next);
    return rc < 0 ? rc : take_waiting(&r, (int64_t)next);
}
