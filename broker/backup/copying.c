#include "broker/backup/copying.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "broker/commands/progress.h"
#include "schema/arena.h"
#include "schema/fold.h"

/* A sync for each so many: the disk is the broker's too. */
enum { BATCH_ENTRIES = 20000, BATCH_BYTES = 8 << 20 };

struct copying {
    struct journal *from, *to;
    uint64_t next;       /* the number to be read next */
    uint64_t generation; /* of `to` */
    struct arena *arena;
    struct copied *out;
    struct why *why;
    size_t used, count;
    struct journal_bytes batch[BATCH_ENTRIES];
    uint8_t room[BATCH_BYTES];
};

static bool
is_full(const struct copying *c)
{
    return c->count == BATCH_ENTRIES || BATCH_BYTES - c->used < JOURNAL_ENTRY;
}

/* What is said of the whole. -EBADMSG where it is no entry. */
static int
note_entry(struct copying *c, struct bytes entry)
{
    struct stored stored;

    arena_reset(c->arena);
    if (!stored_decode(c->arena, entry, &stored))
        return -EBADMSG;
    c->out->newest = stored.entry.time;
    if (stored.accepted && stored.entry.kind == KIND_BOARD
        && stored.body.board.what == BOARD_RESTORE)
        c->out->epoch++;
    return 0;
}

static int
take(void *context, const struct journal_entry *entry)
{
    struct copying *c = context;
    uint8_t *at = c->room + c->used;

    memcpy(at, entry->bytes, entry->len);
    int rc = note_entry(c, (struct bytes){at, (uint32_t)entry->len});
    if (rc)
        return rc;
    c->batch[c->count++] = (struct journal_bytes){at, entry->len};
    c->used += entry->len;
    return is_full(c);
}

static int
fill_batch(struct copying *c)
{
    uint64_t size = c->out->head.size;

    c->used = c->count = 0;
    while (c->next <= size && !is_full(c)) {
        int rc = journal_read(c->from, c->next, (size_t)(size - c->next + 1), take, c, &c->next);
        if (rc == -EBADMSG || rc == JOURNAL_DAMAGED)
            return why_set(c->why, JOURNAL_DAMAGED, "entry %" PRIu64 " is not what was written",
                           c->next);
        if (rc < 0)
            return why_set(c->why, rc, "entry %" PRIu64 " can't be read: %s", c->next,
                           journal_error_text(rc));
    }
    return 0;
}

static int
copy_all(struct copying *c, const char *what)
{
    int rc = journal_begin_generation(c->to, &c->generation);

    if (rc)
        return why_set(c->why, rc, "the copy can't be written: %s", journal_error_text(rc));
    while (c->next <= c->out->head.size) {
        uint64_t first = c->next;
        if ((rc = fill_batch(c)))
            return rc;
        if ((rc = journal_append(c->to, first, c->generation, c->batch, c->count)))
            return why_set(c->why, rc, "the copy can't be written: %s", journal_error_text(rc));
        progress_show(what, c->next - 1, c->out->head.size);
    }
    return 0;
}

static int
compare_roots(const struct copying *c)
{
    struct tree_head copy;

    journal_head(c->to, &copy);
    return tree_hash_equal(&copy.root, &c->out->head.root)
               ? 0
               : why_set(c->why, JOURNAL_DAMAGED,
                         "the tree of its entries does not come to the root that it has");
}

int
copying_run(struct journal *from, struct journal *to, const char *what, struct copied *out,
            struct why *why)
{
    struct copying *c = malloc(sizeof *c);

    if (!c)
        abort();
    *out = (struct copied){0};
    journal_head(from, &out->head);
    c->from = from;
    c->to = to;
    c->next = 1;
    c->arena = arena_new();
    c->out = out;
    c->why = why;
    int rc = copy_all(c, what);
    if (!rc)
        rc = compare_roots(c);
    arena_destroy(&c->arena);
    free(c);
    return rc;
}
