#include "agents/cli/sending/seen.h"

#define PUT(row) \
    ((row)->seen = number, (row)->epoch = epoch, (row)->has.seen = 1, (row)->has.epoch = 1)

void
seen_put(enum submission_kind kind, union body *body, int64_t number, int64_t epoch)
{
    switch (kind) {
    case KIND_AGENCY: PUT(&body->agency); break;
    case KIND_CLIENT: PUT(&body->client); break;
    case KIND_PLAN: PUT(&body->plan); break;
    case KIND_ACTION: PUT(&body->action); break;
    case KIND_DECISION: PUT(&body->decision); break;
    case KIND_BOARD:
    case KIND_PROGRESS:
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
}

#define DROP(row) ((row)->has.seen = 0, (row)->has.epoch = 0)

void
seen_drop(enum submission_kind kind, union body *body)
{
    switch (kind) {
    case KIND_AGENCY: DROP(&body->agency); break;
    case KIND_CLIENT: DROP(&body->client); break;
    case KIND_PLAN: DROP(&body->plan); break;
    case KIND_ACTION: DROP(&body->action); break;
    case KIND_DECISION: DROP(&body->decision); break;
    case KIND_BOARD:
    case KIND_PROGRESS:
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
}

int64_t
seen_of(enum submission_kind kind, const union body *body)
{
    switch (kind) {
    case KIND_AGENCY: return body->agency.seen;
    case KIND_CLIENT: return body->client.seen;
    case KIND_PLAN: return body->plan.seen;
    case KIND_ACTION: return body->action.seen;
    case KIND_DECISION: return body->decision.seen;
    case KIND_BOARD:
    case KIND_PROGRESS:
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    return 0;
}

struct text
seen_row(enum submission_kind kind, const union body *body)
{
    switch (kind) {
    case KIND_AGENCY: return body->agency.id;
    case KIND_CLIENT: return body->client.id;
    case KIND_PLAN: return body->plan.id;
    case KIND_ACTION: return body->action.id;
    case KIND_PROGRESS: return body->progress.action;
    case KIND_DECISION: return body->decision.action;
    case KIND_BOARD:
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    return text_of("");
}
