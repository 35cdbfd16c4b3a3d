/* For each table an index of its rows, and a skip list of those that were there when
   somebody walked last. */
#include "store/layer.h"

#include <stdlib.h>
#include <string.h>

#include "schema/arena.h"
#include "schema/key_index.h"
#include "schema/must.h"

enum { LEVELS = 24, EXPECTED = 448 /* bytes, of most rows */ };

/* Its key lies behind its links, its value in room of its own. `older` never changes, so
   that another thread may follow it. */
struct node {
    struct layer_row row;
    struct node *older;
    uint8_t *room;
    uint32_t cap; /* of the room */
    uint32_t levels;
    struct node *next[];
};

struct table {
    struct key_index index;
    struct node *newest, *sorted; /* what is newer than `sorted` is not in the list */
    struct node *head[LEVELS];
};

struct layer {
    struct arena *arena;
    size_t size;
    uint64_t random;
    struct table tables[STATE_TABLE_COUNT];
};

struct layer *
layer_new(void)
{
    struct layer *l = must(calloc(1, sizeof *l));

    l->arena = arena_new();
    l->random = UINT64_C(0x9e3779b97f4a7c15);
    return l;
}

void
layer_free(struct layer **l)
{
    if (!*l)
        return;
    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        key_index_free(&(*l)->tables[t].index);
    arena_destroy(&(*l)->arena);
    free(*l);
    *l = NULL;
}

size_t
layer_size(const struct layer *l)
{
    return l->size;
}

size_t
layer_count(const struct layer *l)
{
    size_t count = 0;

    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        count += l->tables[t].index.count;
    return count;
}

/* --- by key ------------------------------------------------------------------------ */

static bool
has_key(const void *what, const struct state_key *key)
{
    const struct node *n = what;
    return n->row.key_len == key->len && memcmp(n->row.key, key->at, key->len) == 0;
}

const struct layer_row *
layer_find(const struct layer *l, enum state_table table, const struct state_key *key)
{
    const struct key_index *index = &l->tables[table].index;
    const struct node *n =
        index->count ? key_index_find(index, state_key_hash(key), has_key, key) : NULL;
    return n ? &n->row : NULL;
}

void
layer_expect(const struct layer *l, enum state_table table, uint32_t hash)
{
    key_index_expect(&l->tables[table].index, hash);
}

/* A value that never grew lies behind its row. */
void
layer_expect_row(const struct layer *l, enum state_table table, uint32_t hash)
{
    const char *n = key_index_guess(&l->tables[table].index, hash);

    for (size_t i = 0; n && i < EXPECTED; i += CACHE_LINE)
        __builtin_prefetch(n + i);
}

/* --- in order ---------------------------------------------------------------------- */

static int
compare_keys(const uint8_t *a, uint32_t a_len, const uint8_t *b, uint32_t b_len)
{
    uint32_t len = a_len < b_len ? a_len : b_len;
    int order = len ? memcmp(a, b, len) : 0;
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

/* The first node not before the key; on each level the link that leads to it, or past
   it. */
static struct node *
seek(struct table *t, const uint8_t *key, uint32_t key_len, struct node **links[LEVELS])
{
    struct node **at = t->head;

    for (int level = LEVELS - 1; level >= 0; level--) {
        while (at[level]
               && compare_keys(at[level]->row.key, at[level]->row.key_len, key, key_len) < 0)
            at = at[level]->next;
        links[level] = &at[level];
    }
    return *links[0];
}

static void
sort_in(struct table *t)
{
    struct node **links[LEVELS];

    for (struct node *n = t->newest; n != t->sorted; n = n->older) {
        (void)seek(t, n->row.key, n->row.key_len, links);
        for (uint32_t i = 0; i < n->levels; i++) {
            n->next[i] = *links[i];
            *links[i] = n;
        }
    }
    t->sorted = t->newest;
}

const struct layer_row *
layer_seek(struct layer *l, enum state_table table, const struct state_key *at, bool inclusive)
{
    struct table *t = &l->tables[table];
    struct node **links[LEVELS];

    if (!t->newest)
        return NULL;
    sort_in(t);
    const struct node *n = seek(t, at->at, at->len, links);
    if (n && !inclusive && compare_keys(n->row.key, n->row.key_len, at->at, at->len) == 0)
        n = n->next[0];
    return n ? &n->row : NULL;
}

void
layer_row_key(const struct layer_row *row, struct state_key *out)
{
    memcpy(out->at, row->key, row->key_len);
    out->len = row->key_len;
}

static int
compare_rows(const void *a, const void *b)
{
    const struct layer_row *x = *(const struct layer_row *const *)a;
    const struct layer_row *y = *(const struct layer_row *const *)b;
    return compare_keys(x->key, x->key_len, y->key, y->key_len);
}

const struct layer_row **
layer_in_order(const struct layer *l, enum state_table table, size_t *count)
{
    const struct table *t = &l->tables[table];
    size_t i = 0;

    *count = t->index.count;
    if (!*count)
        return NULL;
    const struct layer_row **rows = must(malloc(*count * sizeof(struct layer_row *)));
    for (const struct node *n = t->newest; n; n = n->older)
        rows[i++] = &n->row;
    qsort(rows, *count, sizeof(struct layer_row *), compare_rows);
    return rows;
}

/* --- changes ------------------------------------------------------------------------- */

/* One more level for every fourth node: xorshift, the same in every run. */
static uint32_t
draw_levels(struct layer *l)
{
    uint32_t levels = 1;

    l->random ^= l->random << 13;
    l->random ^= l->random >> 7;
    l->random ^= l->random << 17;
    for (uint64_t bits = l->random; levels < LEVELS && (bits & 3) == 0; bits >>= 2)
        levels++;
    return levels;
}

static void *
take(struct layer *l, size_t size)
{
    l->size += size;
    return arena_take(l->arena, size);
}

static struct node *
insert(struct layer *l, struct table *t, const struct state_key *key, uint32_t hash)
{
    uint32_t levels = draw_levels(l);
    size_t links = levels * sizeof(struct node *);
    struct node *n = take(l, sizeof *n + links + key->len);
    uint8_t *copy = (uint8_t *)n + sizeof *n + links;

    memcpy(copy, key->at, key->len);
    *n = (struct node){
        .row = {.key = copy, .key_len = key->len}, .older = t->newest, .levels = levels};
    key_index_add(&t->index, hash, n);
    t->newest = n;
    return n;
}

static struct node *
find_or_insert(struct layer *l, enum state_table table, const struct state_key *key)
{
    struct table *t = &l->tables[table];
    uint32_t hash = state_key_hash(key);
    struct node *n = key_index_find(&t->index, hash, has_key, key);
    return n ? n : insert(l, t, key, hash);
}

/* A value that has grown leaves its old room to the layer's end, and is given some to grow
   into: rows grow seldom, and then by little. */
void
layer_put(struct layer *l, enum state_table table, const struct state_key *key, struct bytes value)
{
    struct node *n = find_or_insert(l, table, key);

    if (!n->room || n->cap < value.len) {
        n->cap = n->room ? value.len + value.len / 8 : value.len;
        n->room = take(l, n->cap);
    }
    if (value.len)
        memcpy(n->room, value.at, value.len);
    n->row.value = (struct bytes){n->room, value.len};
    n->row.gone = false;
}

void
layer_take(struct layer *l, enum state_table table, const struct state_key *key)
{
    find_or_insert(l, table, key)->row.gone = true;
}
