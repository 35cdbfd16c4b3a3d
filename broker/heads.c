#include "broker/heads.h"

#include <string.h>

int
heads_sign(struct heads *h, struct journal *journal, struct text board, int64_t epoch,
           struct text *note)
{
    struct checkpoint now = {0};

    checkpoint_origin(board, epoch, now.origin);
    journal_head(journal, &now.head);
    if (h->len == 0 || now.head.size != h->newest.head.size
        || strcmp(now.origin, h->newest.origin) != 0) {
        int rc = checkpoint_sign(&now, h->secret, h->note);
        if (rc < 0)
            return rc;
        h->newest = now;
        h->len = (uint32_t)rc;
    }
    *note = (struct text){h->note, h->len};
    return 0;
}

int
heads_fit(struct journal *journal, int64_t size, struct bytes root)
{
    struct tree_hash ours;

    if (size == 0)
        return 1;
    int rc = journal_root_at(journal, (uint64_t)size, &ours);
    if (rc)
        return rc == JOURNAL_NOT_FOUND ? 0 : rc;
    return memcmp(ours.bytes, root.at, sizeof ours.bytes) == 0;
}
