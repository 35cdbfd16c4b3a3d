#include "schema/judge/trial.h"

#include <inttypes.h>

int
refuse_absent(struct trial *t, const char *field)
{
    return REFUSE(t, FAULT_NOT_FOUND, field, "there is none such, or this client may not see it");
}

int
only_leads(struct trial *t, struct text plan, const char *field)
{
    struct plan_row row;
    int rc;

    if (!t->author->broker && t->author->role == ROLE_LEAD)
        return 1;
    if ((rc = access_get_plan(t->s, t->arena, t->author, plan, &row)) < 0)
        return rc;
    return rc ? REFUSE(t, FAULT_NOT_PERMITTED, "", "only the board's leads may do this")
              : refuse_absent(t, field);
}

int
same_epoch(struct trial *t, int64_t epoch, const char *field)
{
    struct board_row board;
    int rc = state_get_board(t->s, t->arena, &board);

    if (rc < 0)
        return rc;
    if (rc == 1 && epoch != board.epoch)
        return REFUSE(t, FAULT_STALE, field,
                      "made in epoch %" PRId64 " of the journal; it was restored since: look again",
                      epoch);
    return 1;
}

int
still_seen(struct trial *t, int64_t seen, int64_t epoch, int64_t changed)
{
    int rc;

    if (seen > 0 && (rc = same_epoch(t, epoch, "epoch")) != 1)
        return rc;
    if (seen > t->number)
        return REFUSE(t, FAULT_FIELD_INVALID, "seen", "there is no entry %" PRId64 " yet", seen);
    if (seen >= changed)
        return 1;
    if (seen == 0)
        return REFUSE(t, FAULT_STALE, "seen", "exists already, last changed by entry %" PRId64,
                      changed);
    return REFUSE(t, FAULT_STALE, "seen",
                  "entry %" PRId64 " changed it after %" PRId64 ", which was seen: look again",
                  changed, seen);
}

int
not_in_future(struct trial *t, int32_t day, const char *field)
{
    return day <= t->day + 1 ? 1 : REFUSE(t, FAULT_DAY, field, "lies in the future");
}

int
has_part(struct trial *t, const struct plan_row *plan, const struct action_row *action,
         struct text agency, bool contributors)
{
    const struct agency_row *row;
    int32_t since;
    int64_t number;

    if (texts_hold(action->leads.list, agency)
        || (contributors && texts_hold(action->contributors, agency)))
        return 1;
    if (!action->leads.all)
        return 0;
    int rc = state_see_agency(t->s, t->arena, agency, &row);
    return rc == 1 ? part_by_all(plan, action, row, &since, &number) : rc;
}
