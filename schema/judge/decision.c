#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schema/ids.h"
#include "schema/judge/trial.h"
#include "schema/rating.h"

/* From which standing may what be decided? */
/* clang-format off */
static const bool allowed[DECISION_COUNT][STANDING_COUNT] = {
    /*                          open assured embedding closed not-implementing withdrawn in-error */
    [DECIDE_ACCEPT]        = {  1,   0,      0,        0,     0,               0,        0 },
    [DECIDE_ASSURE]        = {  1,   1,      0,        0,     0,               0,        0 },
    [DECIDE_EMBED]         = {  1,   1,      1,        0,     0,               0,        0 },
    [DECIDE_NOT_IMPLEMENT] = {  1,   0,      0,        0,     0,               0,        0 },
    [DECIDE_WITHDRAW]      = {  1,   0,      0,        0,     0,               0,        0 },
    [DECIDE_RETURN]        = {  1,   0,      0,        0,     0,               0,        0 },
    [DECIDE_CLOSE]         = {  0,   1,      1,        1,     0,               0,        0 },
    [DECIDE_REOPEN]        = {  0,   1,      1,        1,     1,               1,        1 },
    [DECIDE_VOID]          = {  1,   1,      1,        1,     1,               1,        0 },
    [DECIDE_NOTE]          = {  1,   1,      1,        1,     1,               1,        1 },
    [DECIDE_RESCIND]       = {  1,   1,      1,        1,     1,               1,        1 },
};

/* Which fields may, or must, each decision carry besides action, body, met? */
enum { NO, MAY, MUST };
static const struct { unsigned char agencies, reason, check, reply_by, due, continued_by, rescinds, override; }
carries[DECISION_COUNT] = {
    /*                          agencies reason check reply_by due  continued rescinds override */
    [DECIDE_ACCEPT]        = {  MUST,    MAY,   NO,   NO,      NO,  NO,       NO,      NO  },
    [DECIDE_ASSURE]        = {  NO,      MAY,   MAY,  NO,      NO,  NO,       NO,      MAY },
    [DECIDE_EMBED]         = {  NO,      MAY,   MUST, NO,      NO,  NO,       NO,      MAY },
    [DECIDE_NOT_IMPLEMENT] = {  NO,      MUST,  NO,   NO,      NO,  NO,       NO,      NO  },
    [DECIDE_WITHDRAW]      = {  NO,      MUST,  NO,   NO,      NO,  MAY,      NO,      NO  },
    [DECIDE_RETURN]        = {  MAY,     MUST,  NO,   NO,      NO,  NO,       NO,      NO  },
    [DECIDE_CLOSE]         = {  NO,      MUST,  NO,   NO,      NO,  NO,       NO,      MAY },
    [DECIDE_REOPEN]        = {  MAY,     MUST,  NO,   NO,      MAY, NO,       NO,      NO  },
    [DECIDE_VOID]          = {  NO,      MUST,  NO,   NO,      NO,  NO,       NO,      NO  },
    [DECIDE_NOTE]          = {  MAY,     MUST,  NO,   MAY,     NO,  NO,       NO,      NO  },
    [DECIDE_RESCIND]       = {  NO,      MUST,  NO,   NO,      NO,  NO,       MUST,    NO  },
};
/* clang-format on */

static int
check_carried(struct trial *t, const struct decision *d)
{
    const struct {
        const char *field;
        unsigned char rule;
        bool given;
    } rows[] = {
        {"agencies", carries[d->what].agencies, d->has.agencies && d->agencies.count},
        {"reason", carries[d->what].reason, d->has.reason},
        {"check", carries[d->what].check, d->has.check},
        {"reply_by", carries[d->what].reply_by, d->has.reply_by},
        {"due", carries[d->what].due, d->has.due},
        {"continued_by", carries[d->what].continued_by, d->has.continued_by},
        {"rescinds", carries[d->what].rescinds, d->has.rescinds},
        {"override", carries[d->what].override, d->override},
    };
    const char *what = word_text(&decisions, (int)d->what);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].rule == MUST && !rows[i].given)
            return REFUSE(t, FAULT_FIELD_MISSING, rows[i].field, "%s needs it", what);
        if (rows[i].rule == NO && rows[i].given)
            return REFUSE(t, FAULT_RULE, rows[i].field, "has no meaning with %s", what);
    }
    if (d->override && !d->has.reason)
        return REFUSE(t, FAULT_FIELD_MISSING, "reason", "an override says why");
    if (d->has.met && d->met > t->day)
        return REFUSE(t, FAULT_DAY, "met", "a meeting that decided lies in the past");
    if (d->has.check && d->check < t->day)
        return REFUSE(t, FAULT_DAY, "check", "the day of the check is past");
    if (d->has.reply_by && d->reply_by < t->day)
        return REFUSE(t, FAULT_DAY, "reply_by", "the day for the reply is past");
    return 1;
}

static int
check_named(struct trial *t, const struct decision *d, const struct picture *pic)
{
    for (uint32_t i = 0; i < d->agencies.count; i++) {
        struct text agency = d->agencies.at[i];
        const struct share *share = picture_share(pic, agency);
        if (!share || (!share->lead && d->what != DECIDE_NOTE))
            return REFUSE(t, FAULT_RULE, "agencies", "%.*s %s", (int)agency.len, agency.at,
                          share ? "only contributes" : "has no part in this action");
        if (d->what == DECIDE_ACCEPT && part_claim(&share->part) != CLAIM_COMPLETE)
            return REFUSE(t, FAULT_RULE, "agencies", "%.*s has not claimed completion",
                          (int)agency.len, agency.at);
    }
    return 1;
}

/* --- the gate ----------------------------------------------------------------- */

static int
gate_fault(struct trial *t, const char *why, struct text agency)
{
    return REFUSE(t, FAULT_GATE, "override", "%s%.*s: decide so only by override, with a reason",
                  why, (int)agency.len, agency.at);
}

/* At least one lead, every lead claimed-complete with its own evidence, none of
   it entered on its behalf, and the measure met where there is a target. */
static int
check_gate(struct trial *t, const struct decision *d, const struct picture *pic)
{
    bool measured;
    int64_t total;

    for (uint32_t i = 0; i < pic->leads; i++) {
        const struct part *part = &pic->shares[i].part;
        if (part_claim(part) == CLAIM_COMPLETE && !part->behalf
            && text_equal(part->claimed_by, t->author->client))
            return REFUSE(t, FAULT_NOT_PERMITTED, "",
                          "this client made the claim itself: another must decide");
    }
    if (d->override)
        return 1;
    if (!pic->leads)
        return gate_fault(t, "no agency leads it", text_of(""));
    for (uint32_t i = 0; i < pic->leads; i++) {
        const struct share *share = &pic->shares[i];
        if (part_claim(&share->part) != CLAIM_COMPLETE)
            return gate_fault(t, "completion is not claimed by ", share->agency);
        if (share->part.behalf)
            return gate_fault(t, "completion was claimed on behalf of ", share->agency);
        if (!part_evidence(&share->part, true))
            return gate_fault(t, "there is no evidence of its own from ", share->agency);
    }
    if (measure_below_target(pic, &measured, &total))
        return gate_fault(t, "the measure is below its target", text_of(""));
    return 1;
}

/* --- what has moved since -------------------------------------------------------- */

static int
check_rescind(struct trial *t, const struct decision *d, const struct picture *pic)
{
    const struct action_row *action = pic->action;
    int rc = same_epoch(t, d->epoch, "epoch");

    if (rc != 1)
        return rc;
    if (!action->has.decided || action->decided.number != d->rescinds || !action->has.before
        || action->before.number != d->rescinds)
        return REFUSE(t, FAULT_RULE, "rescinds", "is not the latest decision of this action");
    if (action->changed > d->rescinds)
        return REFUSE(t, FAULT_RULE, "rescinds", "the action has moved since, by entry %" PRId64,
                      action->changed);
    for (uint32_t i = 0; i < pic->count; i++) {
        const struct part *part = &pic->shares[i].part;
        if (part->has.before && part->before.number == d->rescinds && part->changed > d->rescinds)
            return REFUSE(t, FAULT_RULE, "rescinds",
                          "the part of %.*s has moved since, by entry %" PRId64,
                          (int)pic->shares[i].agency.len, pic->shares[i].agency.at, part->changed);
    }
    return 1;
}

/* A decision is made from a view of the action and of every part. */
static int
check_seen(struct trial *t, const struct decision *d, const struct picture *pic)
{
    int64_t changed = pic->action->changed;

    for (uint32_t i = 0; i < pic->count; i++)
        if (pic->shares[i].part.changed > changed)
            changed = pic->shares[i].part.changed;
    return still_seen(t, d->seen, d->epoch, changed);
}

static int
check_return(struct trial *t, const struct decision *d, const struct picture *pic)
{
    for (uint32_t i = 0; i < pic->leads; i++)
        if (part_claim(&pic->shares[i].part) == CLAIM_COMPLETE
            && (!d->agencies.count || texts_hold(d->agencies, pic->shares[i].agency)))
            return 1;
    return REFUSE(t, FAULT_RULE, "agencies", "there is no claim of completion to return");
}

static int
check_continued(struct trial *t, const struct decision *d)
{
    struct action_row other;
    int rc;

    if (text_equal(d->continued_by, d->action))
        return REFUSE(t, FAULT_RULE, "continued_by", "an action can't continue itself");
    rc = state_get_action(t->s, t->arena, d->continued_by, &other);
    return rc ? rc : refuse_absent(t, "continued_by");
}

/* Those that were answered make room. */
static int
check_asks(struct trial *t, const struct decision *d, const struct picture *pic)
{
    uint32_t waiting = 0;

    for (uint32_t i = 0; i < pic->action->asks.count; i++)
        waiting += !picture_has_answered(pic, &pic->action->asks.at[i]);
    if (d->has.reply_by && waiting >= ASKS_MAX)
        return REFUSE(t, FAULT_LIMIT, "reply_by", "%d notes of this action want an answer already",
                      ASKS_MAX);
    return 1;
}

static int
check_what(struct trial *t, const struct decision *d, const struct picture *pic)
{
    switch (d->what) {
    case DECIDE_ASSURE:
    case DECIDE_EMBED:
    case DECIDE_CLOSE: return check_gate(t, d, pic);
    case DECIDE_RETURN: return check_return(t, d, pic);
    case DECIDE_WITHDRAW: return d->has.continued_by ? check_continued(t, d) : 1;
    case DECIDE_NOTE: return check_asks(t, d, pic);
    case DECIDE_RESCIND: return check_rescind(t, d, pic);
    case DECIDE_ACCEPT:
    case DECIDE_NOT_IMPLEMENT:
    case DECIDE_REOPEN:
    case DECIDE_VOID:
    case DECISION_COUNT: break;
    }
    return 1;
}

/* A closed plan has nothing open or embedding, and is to stay so. */
static bool
opens(enum decision_kind what)
{
    return what == DECIDE_REOPEN || what == DECIDE_EMBED || what == DECIDE_RESCIND;
}

int
judge_decision(struct trial *t, const struct decision *d)
{
    struct plan_row plan;
    struct action_row action;
    struct picture pic;
    struct text plan_id = path_first(d->action);
    int rc = only_leads(t, plan_id, "action");

    if (rc != 1)
        return rc;
    if ((rc = state_get_plan(t->s, t->arena, plan_id, &plan)) < 0)
        return rc;
    if (rc == 1 && (rc = state_get_action(t->s, t->arena, d->action, &action)) < 0)
        return rc;
    if (!rc)
        return refuse_absent(t, "action");
    if ((rc = picture_load(t->s, t->arena, &plan, &action, &pic)) < 0)
        return rc;
    /* A note moves nothing: it can't be stale. */
    if (d->what != DECIDE_NOTE && (rc = check_seen(t, d, &pic)) != 1)
        return rc;
    if (plan.closed && opens(d->what))
        return REFUSE(t, FAULT_RULE, "action", "the plan is closed: open it first");
    if (!allowed[d->what][action.standing]) /* NOLINT(clang-analyzer-core*): the row was read */
        return REFUSE(t, FAULT_RULE, "what", "%s can't be decided of an action that is %s",
                      word_text(&decisions, (int)d->what),
                      word_text(&standings, (int)action.standing));
    if ((rc = check_carried(t, d)) != 1 || (rc = check_named(t, d, &pic)) != 1)
        return rc;
    return check_what(t, d, &pic);
}
