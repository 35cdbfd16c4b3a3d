#include "agents/agency/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/judge.h"
#include "schema/submission_line.h"

void
batch_begin(struct batch *b, int64_t wall)
{
    arena_reset(b->arena);
    b->wall = wall;
    b->bytes = 0;
    b->looked = b->count = 0;
}

void
batch_init(struct batch *b)
{
    b->arena = arena_new();
    memset(b->refused, 0, sizeof b->refused);
    batch_begin(b, 0);
}

void
batch_use(struct batch *b, struct maat_outbox *outboxes, const struct guard *guard)
{
    b->outboxes = outboxes;
    b->guard = guard;
}

void
batch_end(struct batch *b)
{
    arena_destroy(&b->arena);
}

bool
batch_is_full(const struct batch *b)
{
    return b->looked == BATCH_MAX || b->bytes >= BATCH_BYTES;
}

/* The bytes that will be sent are what the broker's own check is shown. */
static bool
make_body(struct batch *b, const struct submission_line *line, struct bytes *out,
          struct fault *fault)
{
    union body decoded;
    size_t len = record_encode(body_records[line->kind], &line->body, b->body, sizeof b->body);

    if (len == 0)
        return fault_set(fault, FAULT_LIMIT, "", "is larger than %d bytes", BODY_MAX);
    *out = (struct bytes){arena_copy(b->arena, b->body, len), (uint32_t)len};
    return submission_decode(b->arena, b->guard, line->kind, *out, &decoded, fault);
}

bool
batch_add(struct batch *b, struct text line, const char *source, int64_t handed_in, unsigned *at,
          bool *wait, struct fault *fault)
{
    struct submission_line said;
    struct bytes body;

    assert(!batch_is_full(b));
    b->looked++;
    b->bytes += line.len;
    if (!submission_from_json_on(b->arena, day_in_london(handed_in), &said, line.at, line.len,
                                 fault)
        || !make_body(b, &said, &body, fault))
        return false;
    b->list[b->count] =
        (struct maat_submission){.kind = word_text(&submission_kinds, (int)said.kind),
                                 .body = body.at,
                                 .len = body.len,
                                 .source = arena_string(b->arena, source, strlen(source)),
                                 .taken = b->wall,
                                 .awaited = said.wait};
    *at = b->count++;
    *wait = said.wait;
    return true;
}

void
batch_count_refused(struct batch *b, const struct fault *fault)
{
    b->refused[fault->code]++;
}

int
batch_commit(struct batch *b, const struct maat_outbox_id *outbox, const struct maat_note *notes,
             size_t note_count, int64_t *first)
{
    if (b->count == 0 && note_count == 0)
        return 0;
    return maat_outbox_queue(b->outboxes, outbox, b->list, b->count, notes, note_count, first);
}
