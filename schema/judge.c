#include "schema/judge.h"

#include "schema/codec.h"
#include "schema/guard.h"
#include "schema/judge/trial.h"

struct guarding {
    const struct guard *guard;
    struct fault *fault;
};

static bool
guard_text(void *context, const char *field, struct text text)
{
    struct guarding *g = context;
    struct guard_find find;

    return guard_check_text(g->guard, text.at, text.len, &find)
           || guard_refuse(g->fault, field, &find);
}

bool
submission_decode(struct arena *arena, const struct guard *guard, enum submission_kind kind,
                  struct bytes bytes, union body *body, struct fault *fault)
{
    struct guarding g = {guard, fault};
    const struct record *r = body_records[kind];

    if (!r)
        return fault_set(fault, FAULT_MALFORMED, "kind", "is reserved");
    return record_decode(arena, r, body, bytes.at, bytes.len, fault)
           && record_each_text(r, body, guard_text, &g);
}

int
judge(struct state *s, struct arena *arena, const struct author *author, enum submission_kind kind,
      const union body *body, const struct present *present, struct findings *findings,
      struct fault *fault)
{
    struct trial t = {s, arena, author, present->day, present->number, findings, fault};

    *findings = (struct findings){0};
    switch (kind) {
    case KIND_BOARD: return judge_board(&t, &body->board);
    case KIND_AGENCY: return judge_agency(&t, &body->agency);
    case KIND_CLIENT: return judge_client(&t, &body->client);
    case KIND_PLAN: return judge_plan(&t, &body->plan);
    case KIND_ACTION: return judge_action(&t, &body->action);
    case KIND_PROGRESS: return judge_progress(&t, &body->progress);
    case KIND_DECISION: return judge_decision(&t, &body->decision);
    case KIND_RATING: return judge_rating(&t, &body->rating);
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    return REFUSE(&t, FAULT_MALFORMED, "kind", "is reserved");
}
