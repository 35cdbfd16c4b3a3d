#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/must.h"
#include "schema/shape.h"
#include "schema/wire/host_clock.h"

#define OUTBOX_MOST ((size_t)1 << 34)

_Static_assert((int)MAAT_QUEUED == (int)KEPT_QUEUED && (int)MAAT_ACCEPTED == (int)KEPT_ACKNOWLEDGED
                   && (int)MAAT_NOT_ACCEPTED == (int)KEPT_REFUSED
                   && (int)MAAT_MOVED == (int)KEPT_MOVED,
               "the states are the same");

/* --- the folder ----------------------------------------------------------------------- */

static int
take_alone(struct maat_outbox *o, const char *folder, struct maat_fault *why)
{
    int rc = outboxes_lock(o->outboxes, folder);

    if (rc == -EWOULDBLOCK)
        inside_say(why, "", "another agent uses the outbox %s: one outbox, one agent", folder);
    else if (rc)
        inside_say(why, "", "the outbox %s can't be used: %s", folder, outbox_error_text(rc));
    return rc;
}

int
maat_outbox_open(struct maat_outbox **out, const char *folder, size_t most, bool alone,
                 struct maat_fault *why)
{
    struct maat_outbox *o = must(calloc(1, sizeof *o));
    char said[OUTBOX_WHY];

    *out = NULL;
    o->arena = arena_new();
    o->folder = must(strdup(folder));
    int rc = outboxes_open(&o->outboxes, folder, most ? most : OUTBOX_MOST, said);
    if (rc)
        inside_say(why, "", "%s", said);
    else if (alone)
        rc = take_alone(o, folder, why);
    if (rc)
        maat_outbox_close(&o);
    *out = o;
    return rc;
}

void
maat_outbox_close(struct maat_outbox **o)
{
    if (*o) {
        outboxes_close(&(*o)->outboxes);
        arena_destroy(&(*o)->arena);
        free((*o)->folder);
        free(*o);
    }
    *o = NULL;
}

static struct maat_outbox_id
public_id(const struct outbox_id *id)
{
    struct maat_outbox_id out;
    memcpy(out.at, id->at, sizeof out.at);
    return out;
}

int
maat_outbox_current(struct maat_outbox *o, bool fresh, struct maat_outbox_id *id)
{
    struct outbox_id current = {{0}};
    int rc = outbox_current(o->outboxes, fresh, &current);

    *id = public_id(&current);
    return rc;
}

int
maat_outbox_each(struct maat_outbox *o, struct maat_outbox_id *id)
{
    struct outbox_id next = inside_id(id);
    int rc = outbox_each(o->outboxes, &next);

    *id = public_id(&next);
    return rc;
}

/* --- queueing -------------------------------------------------------------------------- */

/* Random bytes in the arena, so many for each. */
static uint8_t *
draw(struct maat_outbox *o, size_t count)
{
    uint8_t *nonces = arena_take(o->arena, (count + 1) * NONCE_SIZE);

    for (size_t at = 0; at < count * NONCE_SIZE;) {
        ssize_t got = getrandom(nonces + at, count * NONCE_SIZE - at, 0);
        if (got < 0)
            return NULL;
        at += (size_t)got;
    }
    return nonces;
}

/* It is kept, so it must be a text that can be read again. */
static bool
source_is_valid(const char *source)
{
    size_t len = strlen(source);
    return len >= 1 && len <= SOURCE_MAX && shape_text((struct text){source, (uint32_t)len});
}

/* -EINVAL for a kind that is none, or a source that can't be kept. */
static int
fill(const struct maat_submission *from, const uint8_t *nonce, int64_t now, struct kept *out)
{
    int kind = word_find(&submission_kinds, from->kind, strlen(from->kind));

    if (kind < 0 || from->len > BODY_MAX || (from->source && !source_is_valid(from->source)))
        return -EINVAL;
    *out = (struct kept){.state = KEPT_QUEUED,
                         .kind = (enum submission_kind)kind,
                         .nonce = {nonce, NONCE_SIZE},
                         .body = {from->body, (uint32_t)from->len},
                         .taken = from->taken ? from->taken : now,
                         .source = text_of(from->source ? from->source : "")};
    out->has.state = out->has.kind = out->has.nonce = out->has.body = out->has.taken = 1;
    out->has.source = from->source != NULL;
    return 0;
}

int
maat_outbox_queue(struct maat_outbox *o, const struct maat_outbox_id *id,
                  const struct maat_submission *list, size_t count, const struct maat_note *notes,
                  size_t note_count, int64_t *first)
{
    const struct outbox_id to = inside_id(id);
    const int64_t now = clock_microseconds(CLOCK_REALTIME);
    int rc = 0;

    arena_reset(o->arena);
    struct kept *kept = arena_take(o->arena, (count + 1) * sizeof *kept);
    struct outbox_note *places = arena_take(o->arena, (note_count + 1) * sizeof *places);
    for (size_t i = 0; i < note_count; i++)
        places[i] = (struct outbox_note){notes[i].source, notes[i].place};
    const uint8_t *nonces = draw(o, count);
    if (!nonces)
        return -EIO;
    for (size_t i = 0; i < count && !rc; i++)
        rc = fill(&list[i], nonces + i * NONCE_SIZE, now, &kept[i]);
    if (rc || (rc = outbox_queue(o->outboxes, &to, kept, count, places, note_count, first)))
        return rc;
    for (size_t i = 0; i < count; i++)
        if (list[i].awaited)
            outbox_await(o->outboxes, *first + (int64_t)i);
    return 0;
}

int
maat_outbox_noted(struct maat_outbox *o, const char *source, int64_t *place)
{
    return outbox_noted(o->outboxes, source, place);
}

int
maat_outbox_forget(struct maat_outbox *o, const char *const *sources, size_t count)
{
    return outbox_forget(o->outboxes, sources, count);
}

/* --- looking ------------------------------------------------------------------------------ */

struct maat_kept
inside_kept(struct arena *arena, int64_t n, const struct kept *kept)
{
    return (struct maat_kept){
        .n = n,
        .state = (enum maat_kept_state)kept->state,
        .kind = kept->has.kind ? word_text(&submission_kinds, (int)kept->kind) : "",
        .body = kept->body.at,
        .body_len = kept->body.len,
        .taken = kept->taken,
        .settled = kept->settled,
        .source = text_string(arena, kept->source),
        .number = kept->number,
        .code = kept->has.code ? word_text(&fault_codes, (int)kept->code) : "",
        .field = text_string(arena, kept->field),
        .reason = text_string(arena, kept->reason),
        .seen = kept->seen_by,
    };
}

static int
hand_out(struct maat_outbox *o, int rc, int64_t n, const struct kept *kept, struct maat_kept *out)
{
    if (rc == 1)
        *out = inside_kept(o->arena, n, kept);
    return rc;
}

int
maat_outbox_get(struct maat_outbox *o, const struct maat_outbox_id *id, int64_t n,
                struct maat_kept *out)
{
    const struct outbox_id from = inside_id(id);
    struct kept kept;

    arena_reset(o->arena);
    return hand_out(o, outbox_get(o->outboxes, o->arena, &from, n, &kept), n, &kept, out);
}

int
maat_outbox_next(struct maat_outbox *o, const struct maat_outbox_id *id, enum maat_kept_state state,
                 int64_t n, struct maat_kept *out)
{
    const struct outbox_id from = inside_id(id);
    struct kept kept;

    arena_reset(o->arena);
    int rc = outbox_next(o->outboxes, o->arena, &from, (enum kept_state)state, &n, &kept);
    return hand_out(o, rc, n, &kept, out);
}

int
maat_outbox_count(struct maat_outbox *o, const struct maat_outbox_id *id, struct maat_counts *out)
{
    const struct outbox_id of = inside_id(id);
    struct outbox_counts counts = {0};
    int rc = outbox_count(o->outboxes, &of, &counts);

    *out = (struct maat_counts){.last = counts.row.last,
                                .kept_from = counts.row.kept_from,
                                .first_queued = counts.row.first_queued,
                                .queued = counts.row.queued,
                                .oldest = counts.oldest,
                                .refused = counts.row.refused};
    return rc;
}

int
maat_outbox_prune(struct maat_outbox *o, size_t most)
{
    return outbox_prune(o->outboxes, clock_microseconds(CLOCK_REALTIME), most);
}

/* --- refusals --------------------------------------------------------------------------------- */

int
maat_outbox_next_refusal(struct maat_outbox *o, struct maat_outbox_id *id, int64_t *n,
                         struct maat_kept *out)
{
    struct outbox_id next = inside_id(id);
    struct kept kept;

    arena_reset(o->arena);
    int rc = outbox_next_refusal(o->outboxes, o->arena, &next, n, &kept);
    *id = public_id(&next);
    return hand_out(o, rc, *n, &kept, out);
}

int
maat_outbox_mark_seen(struct maat_outbox *o, const struct maat_outbox_id *id, int64_t n)
{
    const struct outbox_id of = inside_id(id);
    return outbox_mark_seen(o->outboxes, &of, n);
}

int
maat_outbox_retry(struct maat_outbox *o, const struct maat_outbox_id *id, int64_t n,
                  const struct maat_outbox_id *to, int64_t *again)
{
    const struct outbox_id of = inside_id(id);
    const struct outbox_id into = inside_id(to);
    uint8_t nonce[NONCE_SIZE];

    if (getrandom(nonce, sizeof nonce, 0) != sizeof nonce)
        return -EIO;
    return outbox_retry(o->outboxes, &of, n, &into, (struct bytes){nonce, sizeof nonce},
                        clock_microseconds(CLOCK_REALTIME), again);
}
