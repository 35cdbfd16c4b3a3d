/* What a program says over a connection: submissions and questions. */
#include <string.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/judge.h"
#include "schema/submission_line.h"
#include "schema/wire/host_clock.h"

/* --- submissions -------------------------------------------------------------------------- */

static bool
read_json(struct arena *arena, const void *json, size_t len, enum submission_kind *kind,
          struct bytes *out, struct fault *fault)
{
    uint8_t body[BODY_MAX];
    struct submission_line line;

    if (!submission_from_json_on(arena, day_in_london(clock_microseconds(CLOCK_REALTIME)), &line,
                                 json, len, fault))
        return false;
    size_t encoded = record_encode(body_records[line.kind], &line.body, body, BODY_MAX);
    *kind = line.kind;
    *out = (struct bytes){arena_copy(arena, body, encoded), (uint32_t)encoded};
    return encoded || fault_set(fault, FAULT_LIMIT, "", "is larger than %d bytes", BODY_MAX);
}

static bool
read_body(const char *kind, const void *body, size_t len, enum submission_kind *out_kind,
          struct bytes *out, struct fault *fault)
{
    int found = word_find(&submission_kinds, kind, strlen(kind));

    if (found < 0)
        return fault_set(fault, FAULT_FIELD_INVALID, "kind", "there is no such kind");
    if (len > BODY_MAX)
        return fault_set(fault, FAULT_LIMIT, "", "is larger than %d bytes", BODY_MAX);
    *out_kind = (enum submission_kind)found;
    *out = (struct bytes){body, (uint32_t)len};
    return true;
}

/* As the broker will check it; what is to be queued of it in the arena. */
static bool
check(struct maat *m, const struct maat_submission *given, struct maat_submission *out,
      struct fault *fault)
{
    enum submission_kind kind = SUBMISSION_KIND_COUNT;
    struct bytes body = {0};
    union body checked;

    if (!(given->kind ? read_body(given->kind, given->body, given->len, &kind, &body, fault)
                      : read_json(m->arena, given->body, given->len, &kind, &body, fault))
        || !submission_decode(m->arena, &m->guard, kind, body, &checked, fault))
        return false;
    *out = *given;
    out->kind = word_text(&submission_kinds, (int)kind);
    out->body = body.at;
    out->len = body.len;
    return true;
}

enum maat_outcome
maat_submit_all(struct maat *m, const struct maat_submission *list, size_t count, int64_t *first,
                size_t *wrong, struct maat_fault *why)
{
    struct fault fault;

    arena_reset(m->arena);
    *wrong = 0;
    if (!m->outbox) {
        inside_say(why, "", "there is no outbox to submit to");
        return MAAT_WRONG;
    }
    struct maat_submission *checked = arena_take(m->arena, (count + 1) * sizeof *checked);
    for (size_t i = 0; i < count; i++)
        if (!check(m, &list[i], &checked[i], &fault)) {
            *wrong = i;
            inside_tell(why, &fault);
            return MAAT_WRONG;
        }
    int rc = maat_outbox_queue(m->outbox, maat_outbox_in_use(m), checked, count, NULL, 0, first);
    if (rc) {
        inside_say(why, "", "the outbox can't be written: %s", maat_error_text(rc));
        return MAAT_MACHINE;
    }
    client_wake(m->client);
    return MAAT_DONE;
}

enum maat_outcome
maat_submit(struct maat *m, const char *kind, const void *body, size_t len, int64_t *n,
            struct maat_fault *why)
{
    const struct maat_submission one = {.kind = kind, .body = body, .len = len};
    size_t wrong;

    return maat_submit_all(m, &one, 1, n, &wrong, why);
}

/* --- questions ------------------------------------------------------------------------------- */

static bool
take_page(void *context, const struct result *page)
{
    struct maat *m = context;

    arena_reset(m->told);
    const struct maat_record said = inside_record(m->told, "RESULT", &result_record, page);
    return m->each(m->each_context, &said);
}

/* What more is to be said of an outcome. */
static void
tell_outcome(struct maat_fault *why, enum maat_outcome outcome, const char *reason)
{
    inside_say(why, outcome == MAAT_ABSENT ? "not-found" : "", "%s",
               outcome == MAAT_DONE ? "" : reason);
}

static bool
read_query(struct maat *m, const void *given, size_t len, struct query *out, struct maat_fault *why)
{
    struct fault fault;

    arena_reset(m->arena);
    if (inside_read_asked(m->arena, &query_record, out, given, len, &fault))
        return true;
    inside_tell(why, &fault);
    return false;
}

static bool
is_free(const struct maat *m, struct maat_fault *why)
{
    if (client_has_question(m->client))
        inside_say(why, "", "another question has no answer yet");
    return !client_has_question(m->client);
}

enum maat_outcome
maat_query(struct maat *m, const void *query, size_t len, int ms, maat_page *each, void *context,
           struct maat_fault *why)
{
    char reason[LINK_REASON] = "";
    struct query q;

    if (!read_query(m, query, len, &q, why))
        return MAAT_WRONG;
    if (!is_free(m, why))
        return MAAT_REFUSED;
    m->each = each;
    m->each_context = context;
    enum maat_outcome outcome = inside_outcome(client_ask(m->client, &q, ms, take_page, m, reason));
    tell_outcome(why, outcome, reason);
    return outcome;
}

static void
take_outcome(void *context, enum client_outcome outcome, const char *reason)
{
    struct maat *m = context;
    struct maat_fault why;

    tell_outcome(&why, inside_outcome(outcome), reason);
    if (m->answered)
        m->answered(m->each_context, inside_outcome(outcome), &why);
}

enum maat_outcome
maat_ask(struct maat *m, const void *query, size_t len, maat_page *each, maat_answered *answered,
         void *context, struct maat_fault *why)
{
    struct query q;

    if (!read_query(m, query, len, &q, why))
        return MAAT_WRONG;
    if (!is_free(m, why))
        return MAAT_REFUSED;
    if (!client_question(m->client, &q, take_page, take_outcome, m)) {
        inside_say(why, "limit", "is longer than any question");
        return MAAT_WRONG;
    }
    m->each = each;
    m->answered = answered;
    m->each_context = context;
    return MAAT_DONE;
}

void
maat_drop_question(struct maat *m)
{
    client_drop_question(m->client);
}
