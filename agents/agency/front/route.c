/* Which boards a line is for. */
#include <stdio.h>
#include <string.h>

#include "agents/agency/front/boards.h"
#include "schema/days.h"
#include "schema/ids.h"
#include "schema/submission_line.h"
#include "schema/wire/host_clock.h"

enum { NAMES = 200 };

/* The plan that a submission names; empty where it names none. */
static struct text
plan_of(const struct submission_line *said, const char **field)
{
    const union body *body = &said->body;

    *field = "action";
    switch (said->kind) {
    case KIND_PROGRESS: return path_first(body->progress.action);
    case KIND_DECISION: return path_first(body->decision.action);
    case KIND_ACTION: *field = "id"; return path_first(body->action.id);
    case KIND_PLAN: *field = "id"; return body->plan.id;
    case KIND_BOARD:
    case KIND_AGENCY:
    case KIND_CLIENT:
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    *field = "kind";
    return text_of("");
}

/* "da-*" is what begins with "da-". */
static bool
fits(struct text plan, struct text pattern)
{
    bool begins = pattern.len && pattern.at[pattern.len - 1] == '*';
    uint32_t len = pattern.len - begins;

    return (begins ? plan.len >= len : plan.len == len) && memcmp(plan.at, pattern.at, len) == 0;
}

static bool
names(const struct front_board *b, struct text plan)
{
    const struct texts *patterns = &b->board->option.plans;

    if (!b->board->option.has.plans)
        return plan_list_has(&b->plans, plan);
    for (uint32_t i = 0; i < patterns->count; i++)
        if (fits(plan, patterns->at[i]))
            return true;
    return false;
}

/* Those that have shown their plans, or have not. */
static const char *
list_boards(const struct front_boards *f, bool known, char list[NAMES])
{
    size_t len = 0;

    list[0] = '\0';
    for (unsigned i = 0; i < f->count && len < NAMES - 1; i++)
        if (front_board_is_known(&f->at[i]) == known)
            len += (size_t)snprintf(list + len, NAMES - len, "%s%s", len ? ", " : "",
                                    f->at[i].board->name);
    return list;
}

static bool
has_no_kind(const struct fault *fault)
{
    return fault->code == FAULT_FIELD_MISSING && strcmp(fault->field, "kind") == 0;
}

enum front_route
front_route(struct front_boards *f, struct arena *arena, struct text line, struct front_line *out)
{
    struct submission_line said;
    int32_t day = day_in_london(clock_microseconds(CLOCK_REALTIME));
    char list[NAMES];
    const char *field;
    bool all_known = true;

    if (!submission_from_json_on(arena, day, &said, line.at, line.len, &out->why))
        return has_no_kind(&out->why) ? ROUTE_REQUEST : ROUTE_REFUSED;
    const struct text plan = plan_of(&said, &field);
    out->boards = 0;
    for (unsigned i = 0; i < f->count && plan.len; i++) {
        out->boards |= (unsigned)names(&f->at[i], plan) << i;
        all_known = all_known && front_board_is_known(&f->at[i]);
    }
    if (out->boards)
        return ROUTE_TO;
    if (!plan.len)
        fault_set(&out->why, FAULT_RULE, field,
                  "names no plan, by which the board could be known: say it at that board");
    else if (all_known)
        fault_set(&out->why, FAULT_NOT_FOUND, field,
                  "is of no plan of these boards: %s; a new one is known after a minute",
                  list_boards(f, true, list));
    else
        fault_set(&out->why, FAULT_NOT_FOUND, field,
                  "is of no known plan, and these boards have not shown theirs yet: %s",
                  list_boards(f, false, list));
    return plan.len && !all_known ? ROUTE_LATER : ROUTE_REFUSED;
}
