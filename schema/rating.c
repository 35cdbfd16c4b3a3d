#include "schema/rating.h"

#include "schema/days.h"

/* What rating needs to know of all leads together, beside what is said of them. */
struct progress_of_leads {
    uint32_t claimed, finished, not_started; /* finished: claimed, with evidence */
    enum claim least;
    int32_t last_claim; /* the day of the latest claim of completion */
};

static struct progress_of_leads
count_leads(const struct picture *picture)
{
    struct progress_of_leads of = {.least = picture->leads ? CLAIM_COMPLETE : CLAIM_NOT_STARTED,
                                   .last_claim = DAY_MIN};

    for (uint32_t i = 0; i < picture->leads; i++) {
        const struct part *part = &picture->shares[i].part;
        enum claim claim = part_claim(part);

        if (claim < of.least)
            of.least = claim;
        of.not_started += claim == CLAIM_NOT_STARTED;
        if (claim != CLAIM_COMPLETE)
            continue;
        of.claimed++;
        of.finished += part_evidence(part, false) > 0;
        if (part->on > of.last_claim)
            of.last_claim = part->on;
    }
    return of;
}

/* The colours are in the order of alarm, so that the most alarming of all that
   holds is the first rule that does. */
static void
alarm_if(bool holds, enum rating rating, enum reason why, struct rated_action *out)
{
    if (!holds)
        return;
    out->reasons |= reason_bit(why);
    if (rating > out->rating)
        out->rating = rating;
}

/* A lead before it claims completion: then only do its opinion, its silence and
   its forecast count. */
static void
rate_lead_at_work(const struct picture *picture, const struct share *lead, int32_t day,
                  struct rated_action *out)
{
    const struct action_row *action = picture->action;
    const struct part *part = &lead->part;
    enum claim claim = part_claim(part);
    int32_t heard = part->has.heard && part->heard > lead->since ? part->heard : lead->since;
    int32_t silence = day - heard;
    bool red = part->has.opinion && part->opinion == OPINION_RED;
    bool amber = part->has.opinion && part->opinion == OPINION_AMBER;
    bool late = part->has.forecast && action->has.due && part->forecast > action->due;
    bool passed = part->has.forecast && day > part->forecast;
    bool soon = action->has.due && day <= action->due && action->due - day <= SOON_DAYS;

    alarm_if(claim == CLAIM_DECLINED, RED, WHY_DECLINED, out);
    alarm_if(red, RED, WHY_OPINION, out);
    alarm_if(claim == CLAIM_PAUSED, AMBER, WHY_PAUSED, out);
    alarm_if(silence > picture->plan->review_days, AMBER, WHY_SILENT, out);
    alarm_if(late || passed, AMBER, WHY_SLIPPING, out);
    alarm_if(amber, AMBER, WHY_OPINION, out);
    alarm_if(soon && (claim == CLAIM_NOT_STARTED || silence > SOON_DAYS), AMBER, WHY_DUE_SOON, out);
}

static void
rate_open(const struct picture *picture, const struct progress_of_leads *of, int32_t day,
          bool below_target, struct rated_action *out)
{
    const struct action_row *action = picture->action;
    int64_t review = picture->plan->review_days;
    bool led = picture->leads > 0;
    bool all_claimed = led && of->claimed == picture->leads;
    bool all_finished = led && of->finished == picture->leads;
    bool overdue = action->has.due && day > action->due;
    bool claims_wait = overdue || day - of->last_claim > review;

    out->rating = led && of->not_started == picture->leads ? GREY : GREEN;

    alarm_if(overdue && !all_finished, RED, WHY_OVERDUE, out);
    alarm_if(!led, AMBER, WHY_NO_LEAD, out);
    alarm_if(of->finished < of->claimed, AMBER, WHY_NO_EVIDENCE, out);
    alarm_if(all_claimed && claims_wait, AMBER, WHY_AWAITING_ASSURANCE, out);
    alarm_if(all_claimed && below_target, AMBER, WHY_BELOW_TARGET, out);
    alarm_if(!action->has.due && day - action->looked > review, AMBER, WHY_NO_DATE, out);
    for (uint32_t i = 0; i < action->asks.count; i++) {
        const struct ask *ask = &action->asks.at[i];
        alarm_if(day > ask->reply_by && !picture_has_answered(picture, ask), AMBER, WHY_UNANSWERED,
                 out);
    }
    for (uint32_t i = 0; i < picture->leads; i++)
        if (part_claim(&picture->shares[i].part) != CLAIM_COMPLETE)
            rate_lead_at_work(picture, &picture->shares[i], day, out);
}

/* What the board decided stands until the ground that it stood on moves. */
static void
rate_decided(const struct picture *picture, int32_t day, struct rated_action *out)
{
    const struct action_row *action = picture->action;
    bool checked_later = action->standing != STANDING_CLOSED && action->has.check;
    int64_t decided = action->decided.number;
    bool changed = action->aim_changed > decided;

    for (uint32_t i = 0; i < picture->count; i++) {
        const struct share *share = &picture->shares[i];
        changed |= share->part.shaken > decided;
        changed |= share->lead && share->number > decided;
    }
    out->rating = BLUE;
    alarm_if(checked_later && day > action->check, AMBER, WHY_CHECK_DUE, out);
    alarm_if(changed, AMBER, WHY_CHANGED, out);
}

/* Does a lead that is still at work think better of the action than it is? */
static bool
disagrees(const struct picture *picture, enum rating rating)
{
    static const enum rating meant[OPINION_COUNT] = {
        [OPINION_GREEN] = GREEN, [OPINION_AMBER] = AMBER, [OPINION_RED] = RED};

    for (uint32_t i = 0; i < picture->leads; i++) {
        const struct part *part = &picture->shares[i].part;
        if (part_claim(part) != CLAIM_COMPLETE && part->has.opinion
            && meant[part->opinion] < rating)
            return true;
    }
    return false;
}

void
rating_on(const struct picture *picture, int32_t day, struct rated_action *out)
{
    const struct action_row *action = picture->action;
    struct progress_of_leads of = count_leads(picture);

    *out = (struct rated_action){.leads = picture->leads, .claimed = of.claimed, .least = of.least};
    bool below_target = measure_below_target(picture, &out->measured, &out->total);
    switch (action->standing) {
    case STANDING_OPEN: rate_open(picture, &of, day, below_target, out); break;
    case STANDING_ASSURED:
    case STANDING_EMBEDDING:
    case STANDING_CLOSED: rate_decided(picture, day, out); break;
    case STANDING_NOT_IMPLEMENTING:
    case STANDING_WITHDRAWN:
    case STANDING_ENTERED_IN_ERROR:
    case STANDING_COUNT: out->rating = GREY; break;
    }
    if (action->has.due_was || action->due_changed)
        out->reasons |= reason_bit(WHY_MOVED);
    if (action->standing == STANDING_OPEN && disagrees(picture, out->rating))
        out->reasons |= reason_bit(WHY_DISAGREES);
}

void
tally_add(struct tally *tally, const struct rated_action *rated)
{
    tally->actions++;
    tally->by_rating[rated->rating]++;
}
