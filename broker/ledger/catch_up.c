#include "broker/ledger/catch_up.h"

#include "broker/ledger/read_ahead.h"

static int
fold_slice(const struct read_slice *slice, struct state *state, struct arena *arena,
           int64_t *number)
{
    for (size_t i = 0; i < slice->count; i++) {
        arena_reset(arena);
        int rc = fold_decoded(state, arena, slice->entries[i]);
        if (rc)
            return rc;
        *number = slice->from + (int64_t)i;
    }
    arena_reset(arena);
    return 0;
}

int
catch_up(struct journal *journal, struct state *state, struct arena *arena, int64_t *number,
         catch_up_told *told, void *context)
{
    const struct read_slice *slice;
    struct read_ahead r;
    int rc;

    read_ahead_begin(&r, journal, *number + 1);
    while ((rc = read_ahead_next(&r, &slice)) == 1) {
        rc = fold_slice(slice, state, arena, number);
        if (rc == 0 && told && slice->rc == 1)
            rc = told(context, *number);
        if (rc)
            break;
    }
    read_ahead_end(&r);
    return rc;
}
