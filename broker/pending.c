#include "broker/pending.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/must.h"

void
pending_free(struct pending *p)
{
    pending_drop(p);
    while (p->spare) {
        struct batch *next = p->spare->next;
        free(p->spare);
        p->spare = next;
    }
}

static struct batch *
take_batch(struct pending *p)
{
    struct batch *b = p->spare;

    if (b)
        p->spare = b->next;
    else
        b = must(malloc(sizeof *b));
    b->next = NULL;
    b->count = 0;
    b->len = 0;
    b->sealed = b->registry = false;
    b->since = p->now;
    memset(b->refused, 0, sizeof b->refused);
    return b;
}

static struct batch *
filling(struct pending *p, int64_t number)
{
    struct batch *b = p->newest;

    if (b && !b->sealed) {
        assert(number == b->first + b->count);
        return b;
    }
    b = take_batch(p);
    b->first = number;
    if (p->newest)
        p->newest->next = b;
    else
        p->oldest = b;
    p->newest = b;
    return b;
}

void
pending_add(struct pending *p, const struct entry *entry)
{
    struct batch *b = filling(p, entry->number);
    uint8_t *at = b->bytes + b->len;
    size_t len = record_encode(&entry_record, entry, at, JOURNAL_ENTRY);

    assert(len > 0 && "a body of 64 KiB and the rest of an entry fit");
    b->entries[b->count++] = (struct journal_bytes){at, len};
    b->len += len;
    b->registry |= entry->kind == KIND_CLIENT && entry->outcome == ACCEPTED;
    if (entry->outcome == REFUSED)
        b->refused[entry->code]++;
    if (b->count == BATCH_ENTRIES || b->len >= BATCH_BYTES)
        pending_seal(p);
}

void
pending_seal(struct pending *p)
{
    if (!p->newest || p->newest->sealed)
        return;
    p->newest->sealed = true;
    p->sealed++;
    p->ever_sealed++;
}

int64_t
pending_filling(const struct pending *p)
{
    return p->newest && !p->newest->sealed ? p->newest->first : 0;
}

struct batch *
pending_next(const struct pending *p)
{
    return p->oldest && p->oldest->sealed ? p->oldest : NULL;
}

static void
drop_oldest(struct pending *p)
{
    struct batch *b = p->oldest;

    p->oldest = b->next;
    if (!p->oldest)
        p->newest = NULL;
    b->next = p->spare;
    p->spare = b;
}

void
pending_done(struct pending *p)
{
    assert(p->oldest && p->oldest->sealed);
    p->sealed--;
    drop_oldest(p);
}

void
pending_drop(struct pending *p)
{
    while (p->oldest)
        drop_oldest(p);
    p->sealed = 0;
    p->ever_sealed++;
}

bool
pending_find(const struct pending *p, int64_t number, struct bytes *out)
{
    for (const struct batch *b = p->oldest; b; b = b->next)
        if (number >= b->first && number < b->first + b->count) {
            const struct journal_bytes *e = &b->entries[number - b->first];
            *out = (struct bytes){e->bytes, (uint32_t)e->len};
            return true;
        }
    return false;
}
