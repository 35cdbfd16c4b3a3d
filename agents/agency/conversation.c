#include "agents/agency/conversation.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/json.h"
#include "schema/must.h"

enum { OUT_MAX = 256 * 1024 };

struct conversation *
conversation_begin(int fd, int64_t now)
{
    struct conversation *c = must(malloc(sizeof *c));

    memset(c, 0, offsetof(struct conversation, lines)); /* not the room for lines, which is large */
    c->fd = fd;
    c->heard = now;
    lines_init(&c->lines, fd);
    return c;
}

void
conversation_end(struct conversation **c)
{
    for (unsigned i = 0; i < (*c)->count; i++)
        free((*c)->due[((*c)->first + i) % CONVERSATION_ANSWERS].text);
    outgoing_free(&(*c)->out);
    (void)close((*c)->fd);
    free(*c);
    *c = NULL;
}

/* --- answers ----------------------------------------------------------------------- */

static struct due *
due_at(struct conversation *c, unsigned i)
{
    return &c->due[(c->first + i) % CONVERSATION_ANSWERS];
}

static struct due *
add_due(struct conversation *c)
{
    struct due *due = due_at(c, c->count++);
    *due = (struct due){.state = DUE_READY};
    return due;
}

static void
answer(struct due *due, struct arena *arena, const struct answer *said)
{
    struct text json = record_to_json(arena, &answer_record, said);
    char *line = must(malloc(json.len + 2));

    memcpy(line, json.at, json.len);
    memcpy(line + json.len, "\n", 2);
    due->state = DUE_READY;
    due->text = line;
}

/* Nearly every answer is this, so it is written at once: as a record it would be, only
   ten times as fast. */
static void
answer_queued(struct due *due)
{
    if (asprintf(&due->text, "{\"queued\":%" PRId64 "}\n", due->n) < 0)
        abort();
    due->state = DUE_READY;
}

static void
answer_fault(struct due *due, struct arena *arena, const struct fault *fault)
{
    struct answer said = {0};

    local_refuse(arena, &said, fault);
    answer(due, arena, &said);
}

static struct refusal
refusal_of(const struct maat_kept *kept)
{
    int code = word_find(&fault_codes, kept->code, strlen(kept->code));
    struct refusal refusal = {.code = (enum fault_code)code,
                              .field = text_of(kept->field),
                              .reason = text_of(kept->reason),
                              .number = kept->number};

    refusal.has.code = refusal.has.field = refusal.has.reason = refusal.has.number = 1;
    return refusal;
}

static void
answer_verdict(struct due *due, struct arena *arena, const struct maat_kept *kept)
{
    struct answer said = {.queued = due->n};

    said.has.queued = 1;
    said.has.accepted = kept->state == MAAT_ACCEPTED;
    said.has.refused = !said.has.accepted;
    if (said.has.accepted)
        said.accepted = kept->number;
    else
        said.refused = refusal_of(kept);
    answer(due, arena, &said);
}

/* --- lines in ------------------------------------------------------------------------ */

bool
conversation_may_read(const struct conversation *c)
{
    return !c->lines.ended && c->count < CONVERSATION_ANSWERS && outgoing_left(&c->out) < OUT_MAX;
}

void
conversation_read(struct conversation *c, int64_t now)
{
    ssize_t got = lines_read(&c->lines);

    c->heard = now;
    if (got < 0 && got != -EAGAIN) {
        c->lines.ended = true;
        conversation_mute(c);
    }
}

/* What has no kind is a request; but where it is none either, the fault is that of
   a submission. */
static bool
take_request(struct arena *arena, struct text line, struct request *out, struct fault *fault)
{
    struct fault why;

    if (record_from_json(arena, &request_record, out, line.at, line.len, &why))
        return true;
    if (strcmp(why.field, "ask") != 0 || why.code != FAULT_FIELD_MISSING)
        *fault = why;
    return false;
}

static void
take_line(struct conversation *c, struct batch *b, struct text line, conversation_ask *ask,
          void *context)
{
    struct due *due = add_due(c);
    struct request request;
    struct answer said = {0};
    struct fault fault;

    if (batch_add(b, line, "socket", b->wall, &due->at, &due->wait, &fault)) {
        due->state = DUE_QUEUEING;
        return;
    }
    bool no_kind = fault.code == FAULT_FIELD_MISSING && strcmp(fault.field, "kind") == 0;
    if (!no_kind || !take_request(b->arena, line, &request, &fault)) {
        batch_count_refused(b, &fault);
        answer_fault(due, b->arena, &fault);
        return;
    }
    ask(context, b->arena, &request, &said);
    answer(due, b->arena, &said);
}

static void
refuse_long_line(struct conversation *c, struct batch *b)
{
    struct fault fault;

    fault_set(&fault, FAULT_LIMIT, "", "a line may be %d bytes long", LINES_MAX);
    batch_count_refused(b, &fault);
    answer_fault(add_due(c), b->arena, &fault);
}

bool
conversation_take(struct conversation *c, struct batch *b, unsigned most, conversation_ask *ask,
                  void *context)
{
    struct text line;

    for (; most && c->count < CONVERSATION_ANSWERS && !batch_is_full(b); most--) {
        switch (lines_next(&c->lines, &line)) {
        case LINES_NONE: return false;
        case LINES_TOO_LONG: refuse_long_line(c, b); break;
        case LINES_LINE:
        case LINES_CUT:
            if (line.len)
                take_line(c, b, line, ask, context);
            break;
        }
    }
    bool held = c->count == CONVERSATION_ANSWERS && due_at(c, 0)->state == DUE_VERDICT;
    return !held && outgoing_left(&c->out) < OUT_MAX;
}

/* --- what became of them ---------------------------------------------------------------- */

void
conversation_queued(struct conversation *c, struct arena *arena,
                    const struct maat_outbox_id *outbox, int64_t first, const char *later)
{
    for (unsigned i = 0; i < c->count; i++) {
        struct due *due = due_at(c, i);
        struct answer said = {0};
        if (due->state != DUE_QUEUEING)
            continue;
        due->outbox = *outbox;
        due->n = first + due->at;
        if (later) {
            said.later = text_of(later);
            said.has.later = 1;
            answer(due, arena, &said);
        } else if (due->wait && !c->mute) {
            due->state = DUE_VERDICT;
        } else {
            answer_queued(due);
        }
    }
}

/* Only the first answer that is due can leave, so only its verdict is looked for. */
int
conversation_settle(struct conversation *c, struct arena *arena, struct maat_outbox *outboxes)
{
    struct maat_kept kept;

    for (unsigned i = 0; i < c->count; i++) {
        struct due *due = due_at(c, i);
        if (due->state == DUE_QUEUEING)
            return 0;
        if (due->state == DUE_READY)
            continue;
        int rc = maat_outbox_get(outboxes, &due->outbox, due->n, &kept);
        if (rc < 0)
            return rc;
        if (rc == 0 || (kept.state != MAAT_ACCEPTED && kept.state != MAAT_NOT_ACCEPTED))
            return 0;
        answer_verdict(due, arena, &kept);
    }
    return 0;
}

void
conversation_renumber(struct conversation *c, const struct maat_outbox_id *from, int64_t n,
                      const struct maat_outbox_id *to, int64_t new_n)
{
    for (unsigned i = 0; i < c->count; i++) {
        struct due *due = due_at(c, i);
        if (due->state != DUE_VERDICT || due->n != n
            || memcmp(&due->outbox, from, sizeof *from) != 0)
            continue;
        due->outbox = *to;
        due->n = new_n;
    }
}

/* --- answers out --------------------------------------------------------------------------- */

void
conversation_flush(struct conversation *c)
{
    while (c->count && due_at(c, 0)->state == DUE_READY && outgoing_left(&c->out) < OUT_MAX) {
        if (!c->mute)
            outgoing_put(&c->out, due_at(c, 0)->text, strlen(due_at(c, 0)->text));
        free(due_at(c, 0)->text);
        c->first = (c->first + 1) % CONVERSATION_ANSWERS;
        c->count--;
    }
    if (outgoing_flush(&c->out, c->fd))
        conversation_mute(c);
}

void
conversation_mute(struct conversation *c)
{
    c->mute = true;
    outgoing_clear(&c->out);
    for (unsigned i = 0; i < c->count; i++)
        if (due_at(c, i)->state == DUE_VERDICT)
            due_at(c, i)->state = DUE_READY;
}

bool
conversation_is_over(const struct conversation *c)
{
    return c->lines.ended && c->lines.begin == c->lines.end && !c->count && !outgoing_left(&c->out);
}
