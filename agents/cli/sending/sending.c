#include "agents/cli/sending/sending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agents/cli/sending/run.h"
#include "agents/cli/sending/run_name.h"
#include "agents/cli/sending/seen.h"
#include "agents/cli/sending/through_agent.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/digest.h"
#include "schema/json.h"
#include "schema/judge.h"
#include "schema/must.h"
#include "schema/submission_line.h"

int
sending_open(struct talk *t, const struct invocation *in, struct arena *arena)
{
    int rc = talk_open(t, in, arena);

    if (rc == EXIT_DONE && t->config.agent[0])
        t->welcome.today = day_in_london((int64_t)time(NULL) * 1000000);
    else if (rc == EXIT_DONE)
        rc = talk_connect(t);
    if (rc != EXIT_DONE)
        talk_close(t);
    return rc;
}

void
sending_begin(struct sending *s, struct talk *t)
{
    *s = (struct sending){.talk = t, .scratch = arena_new(), .guard = talk_guard(t)};
}

void
sending_end(struct sending *s)
{
    arena_destroy(&s->scratch);
    free(s->list);
    *s = (struct sending){0};
}

/* --- gathering --------------------------------------------------------------------- */

/* As the broker will. An agent does so itself, and knows the board's mailboxes,
   which nobody told us. */
static bool
check(struct sending *s, enum submission_kind kind, struct bytes bytes, union body *out,
      struct fault *fault)
{
    if (!s->talk->broker)
        return record_decode(s->scratch, body_records[kind], out, bytes.at, bytes.len, fault);
    return submission_decode(s->scratch, &s->guard, kind, bytes, out, fault);
}

static struct submission *
add_room(struct sending *s)
{
    if (s->count == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 16;
        s->list = must(realloc(s->list, s->cap * sizeof *s->list));
    }
    return &s->list[s->count++];
}

static void
name_row(struct submission *sub, enum submission_kind kind, const union body *body)
{
    bool is_action = kind == KIND_PROGRESS || kind == KIND_DECISION;
    struct text row = seen_row(kind, body);
    uint8_t digest[DIGEST_SIZE];

    submission_digest(is_action ? KIND_ACTION : kind, (struct bytes){0},
                      (struct bytes){(const uint8_t *)row.at, row.len}, digest);
    memcpy(&sub->row, digest, sizeof sub->row);
}

static int
add(struct sending *s, enum submission_kind kind, const union body *body, const char *label,
    bool unseen)
{
    static uint8_t encoded[BODY_MAX];
    struct arena *arena = s->talk->arena;
    union body checked;
    struct fault fault;
    size_t len = record_encode(body_records[kind], body, encoded, sizeof encoded);

    arena_reset(s->scratch);
    if (len == 0) {
        (void)fault_set(&fault, FAULT_LIMIT, "", "is longer than %d bytes", (int)BODY_MAX);
        return sent_complain(label, &fault);
    }
    if (!check(s, kind, (struct bytes){encoded, (uint32_t)len}, &checked, &fault))
        return sent_complain(label, &fault);
    struct submission *sub = add_room(s);
    *sub = (struct submission){.body = {arena_copy(arena, encoded, len), (uint32_t)len},
                               .unseen = unseen};
    sub->sent = (struct sent){.label = text_copy(arena, text_of(label)),
                              .line = s->line,
                              .kind = kind,
                              .state = SENT_QUEUED};
    sub->sent.has.label = sub->sent.has.kind = sub->sent.has.state = 1;
    sub->sent.has.line = s->line > 0;
    name_row(sub, kind, &checked);
    run_name_same(kind, &checked, sub->same);
    return EXIT_DONE;
}

int
sending_add(struct sending *s, enum submission_kind kind, const union body *body, const char *label)
{
    return add(s, kind, body, label, false);
}

int
sending_add_unseen(struct sending *s, enum submission_kind kind, const union body *body,
                   const char *label)
{
    return add(s, kind, body, label, true);
}

/* --- what must wait for what ---------------------------------------------------------- */

/* Which row the submission at this place changes. */
struct place {
    uint64_t row;
    size_t at;
};

static int
by_row(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;

    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Fills `after` of the unseen ones. */
static void
find_order(struct sending *s)
{
    struct place *sorted = must(calloc(s->count, sizeof *sorted));

    for (size_t i = 0; i < s->count; i++)
        sorted[i] = (struct place){s->list[i].row, i};
    qsort(sorted, s->count, sizeof *sorted, by_row);
    for (size_t i = 1; i < s->count; i++)
        if (sorted[i].row == sorted[i - 1].row && s->list[sorted[i].at].unseen)
            s->list[sorted[i].at].after = sorted[i - 1].at + 1;
    free(sorted);
}

/* --- sending -------------------------------------------------------------------------- */

/* As JSON it is what `maat send` takes. */
static int
say_all(struct sending *s)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct submission *sub = &s->list[i];
        const struct record *r = body_records[sub->sent.kind];
        union body body;
        struct fault fault;
        arena_reset(s->scratch);
        if (!record_decode(s->scratch, r, &body, sub->body.at, sub->body.len, &fault))
            abort(); /* it was checked when it was added */
        struct text json = s->talk->options.json
                               ? submission_to_json(s->scratch, sub->sent.kind, &body)
                               : record_to_json(s->scratch, r, &body);
        if (!s->talk->options.json)
            printf("%s: would be sent: %s ", sub->sent.label.at,
                   word_text(&submission_kinds, (int)sub->sent.kind));
        printf("%.*s\n", (int)json.len, json.at);
    }
    return EXIT_DONE;
}

int
sending_run(struct sending *s)
{
    if (s->talk->options.dry_run || s->count == 0)
        return say_all(s);
    if (s->talk->config.agent[0])
        return through_agent_send(s);
    find_order(s);
    return run_send(s);
}

int
sending_one(struct talk *t, enum submission_kind kind, const union body *body, const char *label)
{
    struct sending s;

    sending_begin(&s, t);
    int rc = sending_add(&s, kind, body, label);
    if (rc == EXIT_DONE)
        rc = sending_run(&s);
    sending_end(&s);
    return rc;
}

int
sending_begun(struct sending *s, bool *begun)
{
    *begun = false;
    return s->talk->config.agent[0] ? EXIT_DONE : run_begun(s, begun);
}

bool
sending_accepted(const struct sending *s, size_t i)
{
    return s->list[i].sent.state == SENT_ACKNOWLEDGED;
}

enum fault_code
sending_refusal(const struct sending *s, size_t i)
{
    const struct sent *sent = &s->list[i].sent;
    return sent->state == SENT_REFUSED ? sent->code : FAULT_CODE_COUNT;
}

struct bytes
sending_body(const struct sending *s, size_t i)
{
    return s->list[i].body;
}
