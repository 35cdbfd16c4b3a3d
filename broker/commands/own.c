#include "broker/commands/own.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "broker/clock.h"
#include "broker/ledger/catch_up.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/entry.h"
#include "schema/fold.h"
#include "schema/judge.h"
#include "schema/wire/host_clock.h"
#include "store/state_memory.h"

enum { ENTRY_CAP = 4096 };

int
own_begin(struct own *o, struct why *why)
{
    *o = (struct own){.state = state_memory_open(),
                      .arena = arena_new(),
                      .time = clock_microseconds(CLOCK_REALTIME)};
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

static int
read_entry(struct own *o, struct journal *journal, int64_t number, struct entry *out)
{
    uint8_t *bytes = arena_take(o->arena, JOURNAL_ENTRY);
    struct fault fault;
    size_t len;
    int rc = journal_get(journal, (uint64_t)number, bytes, &len);

    if (rc)
        return rc;
    return record_decode(o->arena, &entry_record, out, bytes, len, &fault) ? 0 : -EBADMSG;
}

/* The first entry of a journal is the broker's own: it says which outbox. */
static int
go_on_after(struct own *o, struct journal *journal)
{
    struct entry first, newest;
    struct chain chain;
    int rc;

    if ((rc = read_entry(o, journal, 1, &first))
        || (rc = read_entry(o, journal, o->number, &newest)))
        return rc;
    struct state_key key = state_key_of_outbox(first.outbox);
    if ((rc = state_get_chain(o->state, o->arena, &key, &chain)) < 0)
        return rc;
    memcpy(o->outbox, first.outbox.at, OUTBOX_SIZE);
    o->n = chain.n;
    struct clock clock;
    clock_begin(&clock, newest.time);
    o->doubted = !clock_read(&clock, o->time);
    o->time = o->doubted ? newest.time : clock_time(&clock, o->time);
    return 0;
}

int
own_resume(struct own *o, struct journal *journal, struct why *why)
{
    *o = (struct own){.state = state_memory_open(),
                      .arena = arena_new(),
                      .time = clock_microseconds(CLOCK_REALTIME)};
    int rc = catch_up(journal, o->state, o->arena, &o->number, NULL, NULL);

    if (rc)
        return why_set(why, rc, "the journal can't be folded at entry %" PRId64 ": %s",
                       o->number + 1, journal_error_text(rc));
    if ((rc = go_on_after(o, journal)))
        return why_set(why, rc, "the journal can't be read: %s", journal_error_text(rc));
    return 0;
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
own_repeat(struct own *o, struct bytes entry, struct why *why)
{
    if (fold_stored(o->state, o->arena, entry))
        return why_set(why, -EBADMSG, "what the broker said before can't be folded");
    o->number++;
    o->n++;
    o->entries[o->count].len = entry.len;
    o->entries[o->count++].bytes = entry.at;
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
