#include "broker/catch_up.h"

#include "schema/fold.h"

struct catching_up {
    struct state *state;
    struct arena *arena;
    int64_t number;
};

static int
fold_entry(void *context, const struct journal_entry *entry)
{
    struct catching_up *c = context;

    arena_reset(c->arena);
    int rc = fold_stored(c->state, c->arena, (struct bytes){entry->bytes, (uint32_t)entry->len});
    if (rc == 0)
        c->number = (int64_t)entry->number;
    return rc;
}

int
catch_up(struct journal *journal, struct state *state, struct arena *arena, int64_t *number)
{
    struct catching_up c = {state, arena, *number};
    uint64_t next;
    int rc =
        journal_read(journal, (uint64_t)*number + 1, JOURNAL_SLICE_ROWS, fold_entry, &c, &next);

    *number = c.number;
    arena_reset(arena);
    return rc;
}
