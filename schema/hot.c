#include "schema/hot.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/copy.h"
#include "schema/key_index.h"
#include "schema/must.h"

enum { ROOM_FIRST = 16, ROW_BYTES = 1 << 18 };

/* The key lies behind it, the row in a block of its own that grows. */
struct hot_row {
    char *row;
    size_t room, cap; /* behind the row: what it uses, and what there is */
    uint32_t place;   /* in `changed`, from 1; 0: the store has it */
    bool used;        /* again, since the hand came by */
    uint64_t seen;    /* by this work, which may still look at it */
    uint32_t hash;
    uint32_t key_len;
    uint8_t key[];
};

/* A row that was read from the store, by its hash, and in which work. */
struct met {
    uint32_t hash, work;
};

/* Every row is in the index and on the ring, over which a hand goes that takes what was not
   used since it came by last. */
struct hot {
    struct met met[HOT_ROWS]; /* at a row's hash: which was met there last */
    struct key_index index;
    struct hot_row **ring, **changed;
    uint32_t cap, count, hand, changed_count;
    char *spare; /* the block of a row before it was put again, for the next one */
    size_t spare_cap;
};

/* --- finding --------------------------------------------------------------------- */

static bool
has_key(const void *what, const struct state_key *key)
{
    const struct hot_row *r = what;
    return r->key_len == key->len && memcmp(r->key, key->at, key->len) == 0;
}

static struct hot_row *
find(const struct hot *h, const struct state_key *key)
{
    return h && h->count ? key_index_find(&h->index, state_key_hash(key), has_key, key) : NULL;
}

bool
hot_has(const struct state *s, enum state_table table, const struct state_key *key)
{
    return find(s->hot[table], key) != NULL;
}

bool
hot_get(struct state *s, struct arena *arena, enum state_table table, const struct state_key *key,
        void *row)
{
    struct hot_row *found = find(s->hot[table], key);

    if (!found)
        return false;
    found->used = true;
    record_copy(state_tables[table].record, row, found->row, arena_take(arena, found->room));
    return true;
}

void
hot_expect(const struct state *s, enum state_table table, uint32_t hash)
{
    const struct hot *h = s->hot[table];

    if (!h)
        return;
    key_index_expect(&h->index, hash);
    __builtin_prefetch(&h->met[hash % HOT_ROWS]);
}

const void *
hot_see(struct state *s, uint64_t work, enum state_table table, const struct state_key *key)
{
    struct hot_row *found = find(s->hot[table], key);

    if (!found)
        return NULL;
    found->used = true;
    found->seen = work;
    return found->row;
}

/* --- giving to the store ------------------------------------------------------------ */

static void
mark_changed(struct hot *h, struct hot_row *r)
{
    if (r->place)
        return;
    h->changed[h->changed_count++] = r;
    r->place = h->changed_count;
}

static void
unmark_changed(struct hot *h, struct hot_row *r)
{
    struct hot_row *last = h->changed[--h->changed_count];

    h->changed[r->place - 1] = last;
    last->place = r->place;
    r->place = 0;
}

static int
write_row(struct state *s, enum state_table table, const struct state_key *key, const void *row)
{
    static _Thread_local uint8_t buf[ROW_BYTES];
    size_t len = record_encode_row(state_tables[table].record, row, buf, sizeof buf);

    assert(len > 0);
    return s->ops->put(s, table, key, (struct bytes){buf, (uint32_t)len});
}

static int
settle_row(struct state *s, enum state_table table, struct hot_row *r)
{
    struct state_key key = {.len = r->key_len};

    if (!r->place)
        return 0;
    memcpy(key.at, r->key, r->key_len);
    int rc = write_row(s, table, &key, r->row);
    if (rc == 0)
        unmark_changed(s->hot[table], r);
    return rc;
}

int
hot_settle(struct state *s, enum state_table table)
{
    struct hot *h = s->hot[table];
    int rc = 0;

    while (h && h->changed_count && !rc)
        rc = settle_row(s, table, h->changed[h->changed_count - 1]);
    return rc;
}

/* --- taking in ------------------------------------------------------------------------ */

static void
free_row(struct hot_row *r)
{
    free(r->row);
    free(r);
}

/* Twice the room for rows. */
static void
grow(struct hot *h)
{
    h->cap = h->cap ? 2 * h->cap : ROOM_FIRST;
    h->ring = must(realloc(h->ring, h->cap * sizeof(struct hot_row *)));
    h->changed = must(realloc(h->changed, h->cap * sizeof(struct hot_row *)));
}

/* The row to go; NULL: this work has seen them all. */
static struct hot_row *
least_used(struct hot *h, uint64_t work)
{
    for (uint32_t looked = 0; looked < 2 * h->count; looked++) {
        struct hot_row *r = h->ring[h->hand];
        if (!r->used && r->seen != work)
            return r;
        r->used = false;
        h->hand = (h->hand + 1) % h->count;
    }
    return NULL;
}

/* Of a full ring the place of one row that has left it; NULL: none may. */
static int
make_room(struct state *s, uint64_t work, enum state_table table, struct hot_row ***place)
{
    struct hot *h = s->hot[table];
    struct hot_row *gone = least_used(h, work);

    *place = NULL;
    if (!gone)
        return 0;
    int rc = settle_row(s, table, gone);
    if (rc)
        return rc;
    key_index_remove(&h->index, gone->hash, gone);
    *place = &h->ring[h->hand];
    h->hand = (h->hand + 1) % h->count;
    free_row(gone);
    return 0;
}

/* *out is NULL where there is no room. */
static int
insert(struct state *s, uint64_t work, enum state_table table, const struct state_key *key,
       uint32_t hash, struct hot_row **out)
{
    struct hot *h = s->hot[table];
    struct hot_row **place;
    int rc;

    *out = NULL;
    if (h->count < HOT_ROWS) {
        if (h->count == h->cap)
            grow(h);
        place = &h->ring[h->count++];
    } else if ((rc = make_room(s, work, table, &place)) || !place) {
        return rc;
    }
    struct hot_row *r = must(calloc(1, sizeof *r + key->len));
    r->hash = hash;
    r->key_len = key->len;
    memcpy(r->key, key->at, key->len);
    key_index_add(&h->index, hash, r);
    *out = *place = r;
    return 0;
}

/* The spare block gets a copy; another comes in its place where it is too small. */
static void
fill_spare(struct hot *h, const struct record *record, const void *row, size_t *room)
{
    char *block = h->spare;

    if (block && record_copy_within(record, block, row, block + record->size, h->spare_cap, room))
        return;
    free(block);
    *room = record_room(record, row);
    h->spare_cap = *room + *room / 4;
    h->spare = block = must(malloc(record->size + h->spare_cap));
    record_copy(record, block, row, block + record->size);
}

/* Into the spare block, since the row may point into the one that it replaces. */
static void
take_in(struct hot *h, const struct record *record, struct hot_row *r, const void *row)
{
    const struct hot_row before = *r;

    fill_spare(h, record, row, &r->room);
    r->row = h->spare;
    r->cap = h->spare_cap;
    h->spare = before.row;
    h->spare_cap = before.cap;
}

/* Two rows of one place only make each other look less used than they are. */
static bool
is_met_again(struct hot *h, uint32_t hash, uint64_t work)
{
    struct met *met = &h->met[hash % HOT_ROWS];
    bool again = met->hash == hash && met->work != (uint32_t)work;

    *met = (struct met){hash, (uint32_t)work};
    return again;
}

bool
hot_wants(struct state *s, uint64_t work, enum state_table table, const struct state_key *key)
{
    if (!s->hot[table])
        s->hot[table] = must(calloc(1, sizeof *s->hot[table]));
    return is_met_again(s->hot[table], state_key_hash(key), work);
}

int
hot_keep(struct state *s, uint64_t work, enum state_table table, const struct state_key *key,
         const void *row)
{
    struct hot_row *r;
    int rc = insert(s, work, table, key, state_key_hash(key), &r);

    if (r)
        take_in(s->hot[table], state_tables[table].record, r, row);
    return rc;
}

int
hot_put(struct state *s, enum state_table table, const struct state_key *key, const void *row)
{
    struct hot *h = s->hot[table];
    struct hot_row *r = find(h, key);

    if (!r)
        return write_row(s, table, key, row);
    r->used = true;
    take_in(h, state_tables[table].record, r, row);
    mark_changed(h, r);
    return 0;
}

void
hot_forget(struct state *s, enum state_table table)
{
    struct hot *h = s->hot[table];

    if (!h)
        return;
    for (uint32_t i = 0; i < h->count; i++)
        free_row(h->ring[i]);
    free(h->ring);
    free(h->changed);
    key_index_free(&h->index);
    free(h->spare);
    free(h);
    s->hot[table] = NULL;
}
