#include "broker/catch_up.h"

#include <errno.h>

#include "broker/worker.h"
#include "schema/fold.h"

/* Entries that were read, as many as one transaction of the journal may. */
struct slice {
    uint64_t from, next;
    struct arena *arena;
    struct stored *entries[JOURNAL_SLICE_ROWS];
    size_t count;
    int rc; /* of journal_read */
};

/* One is being read while the other is folded. */
struct catching_up {
    struct journal *journal;
    struct slice slices[2];
    struct worker *reader; /* none as long as the first slice may be the last */
};

/* --- reading ---------------------------------------------------------------------- */

/* The journal's bytes are there as long as its transaction: the entry is decoded from
   a copy. */
static int
take_entry(void *context, const struct journal_entry *entry)
{
    struct slice *slice = context;
    struct stored *stored = arena_take(slice->arena, sizeof *stored);
    struct bytes bytes = {arena_copy(slice->arena, entry->bytes, entry->len), (uint32_t)entry->len};

    if (!stored_decode(slice->arena, bytes, stored))
        return -EBADMSG;
    slice->entries[slice->count++] = stored;
    return 0;
}

static int
read_slice(void *journal, void *job)
{
    struct slice *slice = job;

    arena_reset(slice->arena);
    slice->count = 0;
    slice->rc =
        journal_read(journal, slice->from, JOURNAL_SLICE_ROWS, take_entry, slice, &slice->next);
    return slice->rc;
}

/* After a slice that was not the last. */
static int
read_ahead(struct catching_up *c, const struct slice *before, struct slice *slice)
{
    int rc = c->reader ? 0 : worker_start(&c->reader, read_slice, c->journal);

    if (rc)
        return rc;
    slice->from = before->next;
    worker_do(c->reader, slice);
    return 0;
}

/* --- folding ---------------------------------------------------------------------- */

/* Also of a slice in which an entry could not be read: those before it. */
static int
fold_slice(const struct slice *slice, struct state *state, struct arena *arena, int64_t *number)
{
    for (size_t i = 0; i < slice->count; i++) {
        arena_reset(arena);
        int rc = fold_decoded(state, arena, slice->entries[i]);
        if (rc)
            return rc;
        *number = (int64_t)(slice->from + i);
    }
    arena_reset(arena);
    return slice->rc < 0 ? slice->rc : 0;
}

static int
fold_all(struct catching_up *c, struct state *state, struct arena *arena, int64_t *number,
         catch_up_told *told, void *context)
{
    struct slice *slice = &c->slices[0];
    struct slice *after = &c->slices[1];

    slice->from = (uint64_t)*number + 1;
    for (int more = read_slice(c->journal, slice); more == 1; more = slice->rc) {
        int was_read;
        int rc = read_ahead(c, slice, after);
        if (rc == 0)
            rc = fold_slice(slice, state, arena, number);
        if (rc == 0 && told)
            rc = told(context, *number);
        if (rc == 0)
            rc = worker_wait(c->reader, &was_read);
        if (rc)
            return rc;
        struct slice *folded = slice;
        slice = after;
        after = folded;
    }
    return fold_slice(slice, state, arena, number);
}

int
catch_up(struct journal *journal, struct state *state, struct arena *arena, int64_t *number,
         catch_up_told *told, void *context)
{
    struct catching_up c = {.journal = journal};

    for (int i = 0; i < 2; i++)
        c.slices[i].arena = arena_new();
    int rc = fold_all(&c, state, arena, number, told, context);
    worker_stop(&c.reader);
    for (int i = 0; i < 2; i++)
        arena_destroy(&c.slices[i].arena);
    return rc;
}
