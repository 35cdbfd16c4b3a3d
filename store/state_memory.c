#include "store/state_memory.h"

#include <stdlib.h>
#include <string.h>

#include "schema/must.h"
#include "store/layer.h"

struct memory_state {
    struct state base;
    struct layer *rows;
};

static struct layer *
rows_of(struct state *s)
{
    return ((struct memory_state *)s)->rows;
}

static int
get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    const struct layer_row *row = layer_find(rows_of(s), table, key);

    if (!row || row->gone)
        return 0;
    *value = row->value;
    return 1;
}

static int
put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    layer_put(rows_of(s), table, key, value);
    return 0;
}

static int
remove_row(struct state *s, enum state_table table, const struct state_key *key)
{
    const struct layer_row *row = layer_find(rows_of(s), table, key);

    if (!row || row->gone)
        return 0;
    layer_take(rows_of(s), table, key);
    return 1;
}

static int
next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
     struct bytes *value)
{
    const struct layer_row *row;

    while ((row = layer_seek(rows_of(s), table, at, inclusive))) {
        layer_row_key(row, at);
        inclusive = false;
        if (row->gone)
            continue;
        *value = row->value;
        return 1;
    }
    return 0;
}

static void
expect(const struct state *s, enum state_table table, uint32_t hash)
{
    layer_expect(((const struct memory_state *)s)->rows, table, hash);
}

static void
expect_row(const struct state *s, enum state_table table, uint32_t hash)
{
    layer_expect_row(((const struct memory_state *)s)->rows, table, hash);
}

static const struct state_ops ops = {get, get, put, remove_row, next, expect, expect_row};

struct state *
state_memory_open(void)
{
    struct memory_state *m = must(calloc(1, sizeof *m));

    m->base.ops = &ops;
    m->rows = layer_new();
    return &m->base;
}

void
state_memory_close(struct state **s)
{
    if (!*s)
        return;
    struct memory_state *m = (struct memory_state *)*s;
    state_forget(*s);
    layer_free(&m->rows);
    free(m);
    *s = NULL;
}
