#include "agents/cli/watch/queue.h"

#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

/* Where nothing was told in between, the later `upto` stands for both. */
static bool
merges(struct watch_queue *q, enum watch_item_kind kind, int64_t number)
{
    if (kind != WATCH_UPTO || !q->last || q->last->kind != WATCH_UPTO)
        return false;
    q->last->number = number;
    return true;
}

void
watch_queue_add(struct watch_queue *q, enum watch_item_kind kind, int64_t number, bool seen,
                struct text text)
{
    if (merges(q, kind, number))
        return;
    struct watch_item *item = must(calloc(1, sizeof *item + text.len + 1));
    *item = (struct watch_item){.kind = kind, .number = number, .seen = seen, .len = text.len};
    memcpy(item->text, text.len ? text.at : "", text.len);
    if (q->last)
        q->last->next = item;
    else
        q->first = item;
    q->last = item;
    q->bytes += sizeof *item + text.len;
}

void
watch_queue_drop(struct watch_queue *q)
{
    struct watch_item *item = q->first;

    q->first = item->next;
    if (!q->first)
        q->last = NULL;
    q->bytes -= sizeof *item + item->len;
    free(item);
}

void
watch_queue_free(struct watch_queue *q)
{
    while (q->first)
        watch_queue_drop(q);
}
