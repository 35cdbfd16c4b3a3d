#include "broker/restores.h"

#include <errno.h>

#include "schema/fold.h"

/* The board's entries are a chain, and few; each restore among them began an epoch. 1
   with the entry, or 0 if there is none. */
static int
find(struct ledger *l, const struct board_row *board, int64_t epoch, struct bytes *out,
     int64_t *number)
{
    int64_t begun = board->epoch;
    struct stored stored;

    for (*number = board->last; *number; *number = stored.entry.previous_in_row) {
        int rc = ledger_get(l, *number, out);
        if (rc != 1 || !stored_decode(l->arena, *out, &stored))
            return rc < 0 ? rc : -EBADMSG;
        bool restored = stored.accepted && stored.body.board.what == BOARD_RESTORE;
        if (restored && begun-- == epoch + 1)
            return 1;
    }
    return 0;
}

int
restores_show(struct ledger *l, const struct board_row *board, int64_t epoch,
              const struct tree_head *head, struct welcome *w)
{
    struct tree_proof proof;
    struct bytes entry;
    int64_t number;
    int rc = find(l, board, epoch, &entry, &number);

    if (rc == 1)
        rc = journal_prove_inclusion(l->journal, (uint64_t)number, head->size, &proof);
    else if (rc == 0)
        rc = -EBADMSG;
    if (rc)
        return rc;
    uint32_t len = (uint32_t)(proof.count * TREE_HASH);
    w->restored = entry;
    w->proof = (struct bytes){arena_copy(l->arena, proof.hash, len), len};
    w->has.restored = w->has.proof = 1;
    return 0;
}
