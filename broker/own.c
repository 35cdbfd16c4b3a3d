#include "broker/own.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/entry.h"
#include "schema/fold.h"
#include "schema/judge.h"
#include "store/state_memory.h"

enum { ENTRY_CAP = 4096 };

static int64_t
now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int
own_begin(struct own *o, struct why *why)
{
    *o = (struct own){.state = state_memory_open(), .arena = arena_new(), .time = now()};
    if (getrandom(o->outbox, sizeof o->outbox, 0) != sizeof o->outbox)
        return why_set(why, -EIO, "the system gives no random bytes");
    return 0;
}

void
own_end(struct own *o)
{
    state_memory_close(&o->state);
    arena_destroy(&o->arena);
}

/* --- after what the journal holds ---------------------------------------------- */

struct replay {
    struct own *own;
    struct arena *arena;
};

static int
replay_entry(void *context, const struct journal_entry *stored)
{
    const struct replay *r = context;
    struct entry entry;
    struct fault fault;

    arena_reset(r->arena);
    if (!record_decode(r->arena, &entry_record, &entry, stored->bytes, stored->len, &fault))
        return -EBADMSG;
    if (stored->number == 1)
        memcpy(r->own->outbox, entry.outbox.at, OUTBOX_SIZE);
    if (text_is(entry.client, "broker"))
        r->own->n = entry.n;
    if (entry.time > r->own->time)
        r->own->time = entry.time;
    r->own->number = (int64_t)stored->number;
    return fold_stored(r->own->state, r->arena,
                       (struct bytes){stored->bytes, (uint32_t)stored->len});
}

int
own_resume(struct own *o, struct journal *journal, struct why *why)
{
    struct replay r = {o, arena_new()};
    uint64_t next = 1;
    int rc;

    *o = (struct own){.state = state_memory_open(), .arena = arena_new(), .time = now()};
    while ((rc = journal_read(journal, next, SIZE_MAX, replay_entry, &r, &next)) == 1)
        continue;
    arena_destroy(&r.arena);
    return rc ? why_set(why, rc, "the journal can't be folded at entry %llu: %s",
                        (unsigned long long)next, journal_error_text(rc))
              : 0;
}

/* --- saying -------------------------------------------------------------------- */

int
own_say(struct own *o, enum submission_kind kind, const union body *body, struct why *why)
{
    const struct author broker = {.client = text_of("broker"), .broker = true};
    uint8_t *nonce = arena_take(o->arena, NONCE_SIZE);
    uint8_t *bytes = arena_take(o->arena, ENTRY_CAP);
    uint8_t *stored = arena_take(o->arena, ENTRY_CAP);
    struct findings found;
    struct entry entry;
    struct fault fault;
    int rc;

    if (getrandom(nonce, NONCE_SIZE, 0) != NONCE_SIZE)
        return why_set(why, -EIO, "the system gives no random bytes");
    struct entry_origin from = {.number = ++o->number,
                                .time = o->time,
                                .day = day_in_london(o->time),
                                .client = broker.client,
                                .outbox = {o->outbox, OUTBOX_SIZE},
                                .n = ++o->n,
                                .kind = kind,
                                .nonce = {nonce, NONCE_SIZE}};
    from.body.at = bytes;
    from.body.len = (uint32_t)record_encode(body_records[kind], body, bytes, ENTRY_CAP);
    const struct present present = {from.day, o->number - 1};
    if ((rc = judge(o->state, o->arena, &broker, kind, body, &present, &found, &fault)) != 1)
        return why_set(why, rc < 0 ? rc : -EINVAL, "refused: %s %s", fault.field, fault.reason);
    entry_accepted(&entry, &from, &found);
    if ((rc = fold(o->state, o->arena, &entry, body)))
        return why_set(why, rc, "what the broker says can't be folded");
    o->entries[o->count].len = record_encode(&entry_record, &entry, stored, ENTRY_CAP);
    o->entries[o->count++].bytes = stored;
    return 0;
}

int
own_write(struct own *o, struct journal *journal, struct why *why)
{
    uint64_t generation;
    int rc = journal_begin_generation(journal, &generation);

    if (!rc)
        rc = journal_append(journal, (uint64_t)o->number - o->count + 1, generation, o->entries,
                            o->count);
    return rc ? why_set(why, rc, "the journal can't be written: %s", journal_error_text(rc)) : 0;
}
