/* A skip list for each table: ordered, and short to read. */
#include "store/state_memory.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 24 };

struct node {
    uint8_t *value;
    uint32_t value_len, value_cap;
    uint32_t key_len;
    uint32_t levels;
    uint8_t *key; /* behind next[levels], in the same block */
    struct node *next[];
};

struct table {
    struct node *head[LEVELS];
};

struct memory_state {
    struct state base;
    uint64_t random;
    struct table tables[STATE_TABLE_COUNT];
};

static struct memory_state *
self(struct state *s)
{
    return (struct memory_state *)s;
}

static int
compare(const struct node *n, const struct state_key *key)
{
    uint32_t len = n->key_len < key->len ? n->key_len : key->len;
    int order = len ? memcmp(n->key, key->at, len) : 0;
    return order ? order : (n->key_len > key->len) - (n->key_len < key->len);
}

/* The first node not before `key`; on each level the link that leads to it, or
   past it. */
static struct node *
seek(struct table *t, const struct state_key *key, struct node **links[LEVELS])
{
    struct node **at = t->head;

    for (int level = LEVELS - 1; level >= 0; level--) {
        while (at[level] && compare(at[level], key) < 0)
            at = at[level]->next;
        links[level] = &at[level];
    }
    return *links[0];
}

static struct node *
find(struct state *s, enum state_table table, const struct state_key *key,
     struct node **links[LEVELS])
{
    struct node *n = seek(&self(s)->tables[table], key, links);
    return n && compare(n, key) == 0 ? n : NULL;
}

static void *
must(void *block)
{
    if (!block)
        abort();
    return block;
}

/* One more level for every fourth node: xorshift, the same in every run. */
static uint32_t
draw_levels(struct memory_state *m)
{
    uint32_t levels = 1;

    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    for (uint64_t bits = m->random; levels < LEVELS && (bits & 3) == 0; bits >>= 2)
        levels++;
    return levels;
}

static struct node *
insert(struct memory_state *m, const struct state_key *key, struct node **links[LEVELS])
{
    uint32_t levels = draw_levels(m);
    size_t links_size = levels * sizeof(struct node *);
    struct node *n = must(calloc(1, sizeof *n + links_size + key->len));

    n->levels = levels;
    n->key_len = key->len;
    n->key = (uint8_t *)n + sizeof *n + links_size;
    memcpy(n->key, key->at, key->len);
    for (uint32_t i = 0; i < levels; i++) {
        n->next[i] = *links[i];
        *links[i] = n;
    }
    return n;
}

static int
get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    struct node **links[LEVELS];
    const struct node *n = find(s, table, key, links);

    if (n)
        *value = (struct bytes){n->value, n->value_len};
    return n != NULL;
}

static int
put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    struct node **links[LEVELS];
    struct node *n = find(s, table, key, links);

    if (!n)
        n = insert(self(s), key, links);
    if (!n->value || n->value_cap < value.len) {
        n->value_cap = value.len + value.len / 4;
        n->value = must(realloc(n->value, n->value_cap + 1));
    }
    if (value.len)
        memcpy(n->value, value.at, value.len);
    n->value_len = value.len;
    return 0;
}

static int
remove_row(struct state *s, enum state_table table, const struct state_key *key)
{
    struct node **links[LEVELS];
    struct node *n = find(s, table, key, links);

    if (!n)
        return 0;
    for (uint32_t i = 0; i < n->levels; i++)
        *links[i] = n->next[i];
    free(n->value);
    free(n);
    return 1;
}

static int
next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
     struct bytes *value)
{
    struct node **links[LEVELS];
    const struct node *n = seek(&self(s)->tables[table], at, links);

    if (n && !inclusive && compare(n, at) == 0)
        n = n->next[0];
    if (!n)
        return 0;
    memcpy(at->at, n->key, n->key_len);
    at->len = n->key_len;
    *value = (struct bytes){n->value, n->value_len};
    return 1;
}

static const struct state_ops ops = {get, put, remove_row, next};

struct state *
state_memory_open(void)
{
    struct memory_state *m = must(calloc(1, sizeof *m));
    m->base.ops = &ops;
    m->random = UINT64_C(0x9e3779b97f4a7c15);
    return &m->base;
}

void
state_memory_close(struct state **s)
{
    if (!*s)
        return;
    state_forget(*s);
    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        for (struct node *n = self(*s)->tables[t].head[0], *after; n; n = after) {
            after = n->next[0];
            free(n->value);
            free(n);
        }
    free(*s);
    *s = NULL;
}
