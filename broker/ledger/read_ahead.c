#include "broker/ledger/read_ahead.h"

#include <errno.h>

#include "broker/worker.h"

/* The journal's bytes are there as long as its transaction: the entry is decoded from
   a copy. */
static int
take_entry(void *context, const struct journal_entry *entry)
{
    struct read_slice *slice = context;
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
    struct read_slice *slice = job;

    arena_reset(slice->arena);
    slice->count = 0;
    slice->rc = journal_read(journal, (uint64_t)slice->from, JOURNAL_SLICE_ROWS, take_entry, slice,
                             &slice->next);
    return slice->rc;
}

void
read_ahead_begin(struct read_ahead *r, struct journal *journal, int64_t from)
{
    *r = (struct read_ahead){.journal = journal};
    for (int i = 0; i < 2; i++)
        r->slices[i].arena = arena_new();
    r->slices[0].from = from;
}

void
read_ahead_end(struct read_ahead *r)
{
    worker_stop(&r->reader);
    for (int i = 0; i < 2; i++)
        arena_destroy(&r->slices[i].arena);
}

static struct read_slice *
other(struct read_ahead *r)
{
    return r->current == r->slices ? r->slices + 1 : r->slices;
}

static int
wait_for_slice(struct read_ahead *r)
{
    int was_read;

    if (r->current)
        return worker_wait(r->reader, &was_read);
    (void)read_slice(r->journal, r->slices);
    return 0;
}

static int
read_next(struct read_ahead *r)
{
    int rc = r->reader ? 0 : worker_start(&r->reader, read_slice, r->journal);

    if (rc)
        return rc;
    other(r)->from = (int64_t)r->current->next;
    worker_do(r->reader, other(r));
    return 0;
}

int
read_ahead_next(struct read_ahead *r, const struct read_slice **out)
{
    if (r->current && r->current->rc != 1)
        return r->current->rc;
    int rc = wait_for_slice(r);
    if (rc)
        return rc;
    r->current = other(r);
    *out = r->current;
    if (r->current->rc == 1)
        rc = read_next(r);
    if (rc)
        return rc;
    return r->current->count ? 1 : r->current->rc;
}
