/* A board's journal that was restored from a backup since it was seen, and says so. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/libmaat/link_inside.h"
#include "schema/fold.h"

/* The entry that WELCOME shows: by the broker, of a restore after the entry before it. */
static bool
read_entry(struct arena *arena, struct bytes entry, struct stored *out)
{
    if (!stored_decode(arena, entry, out) || !out->accepted || out->entry.kind != KIND_BOARD)
        return false;
    const struct board *b = &out->body.board;
    return text_equal(out->entry.client, text_of("broker")) && b->what == BOARD_RESTORE
           && b->number == out->entry.number - 1;
}

static bool
is_in_tree(const struct link *l, const struct welcome *w, const struct stored *stored)
{
    struct tree_hash leaf;
    struct tree_proof proof;

    tree_hash_leaf(w->restored.at, w->restored.len, &leaf);
    return tree_proof_read(&proof, w->proof.at, w->proof.len)
           && tree_verify_inclusion(&l->shown.head, (uint64_t)stored->entry.number - 1, &leaf,
                                    &proof);
}

bool
link_see_restored(struct link *l, const struct welcome *w)
{
    struct stored stored;

    if (!w->has.restored || !w->has.proof || !read_entry(l->arena, w->restored, &stored)
        || !is_in_tree(l, w, &stored))
        return false;
    l->restored.is = true;
    l->restored.last = stored.body.board.number;
    l->restored.seen = (int64_t)l->head->kept.head.size;
    (void)snprintf(l->restored.journal, sizeof l->restored.journal, "%s", l->head->kept.origin);
    return true;
}

/* What the broker had acknowledged and lacks now is queued again. */
static int
queue_again(struct link *l, int64_t n)
{
    struct outbox_counts counts;
    int rc = outbox_count(l->outboxes, &l->outbox, &counts);

    if (rc || n + 1 >= counts.row.first_queued)
        return rc;
    l->restored.again = counts.row.first_queued - n - 1;
    return outbox_requeue(l->outboxes, &l->outbox, n + 1);
}

int
link_go_on_restored(struct link *l, const struct welcome *w)
{
    int rc = l->outboxes ? queue_again(l, w->n) : 0;

    if (rc)
        return rc;
    if (l->events->restored)
        l->events->restored(l->context, &l->restored);
    l->proven = false;
    rc = head_forget(l->head);
    return rc < 0 ? rc : 0;
}
