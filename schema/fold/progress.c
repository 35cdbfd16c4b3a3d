#include <errno.h>

#include "schema/fold/folding.h"
#include "schema/ids.h"

static int32_t
later(bool has, int32_t a, int32_t b)
{
    return has && a > b ? a : b;
}

/* --- the claim --------------------------------------------------------------- */

/* Judge has said whether the note changed: no fold reads free text. */
static bool
claim_changes(const struct entry *e, const struct progress *p, const struct part *part)
{
    return e->note_changed || (p->has.status && (!part->has.status || p->status != part->status))
           || (p->has.percent && (!part->has.percent || p->percent != part->percent))
           || (p->has.opinion && (!part->has.opinion || p->opinion != part->opinion))
           || (p->has.forecast && (!part->has.forecast || p->forecast != part->forecast));
}

static void
set_claim(const struct entry *e, const struct progress *p, int32_t on, bool behalf,
          struct part *part)
{
    if (p->has.status) {
        KEEP(part, p, status);
        part->claimed = e->number;
        part->claimed_by = e->client;
        part->behalf = behalf;
        part->has.claimed = part->has.claimed_by = part->has.behalf = 1;
    }
    if (p->has.percent)
        KEEP(part, p, percent);
    if (p->has.note)
        KEEP(part, p, note);
    if (p->has.opinion)
        KEEP(part, p, opinion);
    if (p->has.forecast) {
        KEEP(part, p, forecast);
        KEEP(part, p, forecast_reason);
    }
    if (p->has.post)
        KEEP(part, p, post);
    part->on = on;
    part->has.on = 1;
}

/* --- evidence ------------------------------------------------------------------ */

static void
add_evidence(struct folding *f, const struct progress *p, int32_t on, bool behalf,
             struct part *part)
{
    uint32_t count = part->evidence.count;
    struct evidence_held *list = arena_take(f->arena, (count + 1) * sizeof *list);
    struct evidence_held *new = &list[count];

    for (uint32_t i = 0; i < count; i++)
        list[i] = part->evidence.at[i];
    *new = (struct evidence_held){.number = f->entry->number, .on = on, .behalf = behalf};
    new->has.number = new->has.on = 1;
    new->has.behalf = behalf;
    KEEP(new, &p->evidence, title);
    KEEP(new, &p->evidence, kind);
    KEEP(new, &p->evidence, held);
    KEEP(new, &p->evidence, date);
    part->evidence.at = list;
    part->evidence.count = count + 1;
    part->has.evidence = 1;
}

/* Where a decision rested on it, the action is shaken. */
static int
withdraw_evidence(struct folding *f, const struct progress *p, struct part *part)
{
    struct evidence_held *list = arena_take(f->arena, part->evidence.count * sizeof *list);
    const struct action_row *action;
    uint32_t count = 0;

    for (uint32_t i = 0; i < part->evidence.count; i++)
        if (part->evidence.at[i].number != p->withdraw_evidence)
            list[count++] = part->evidence.at[i];
    part->evidence.at = list;
    part->evidence.count = count;
    int rc = state_see_action(f->s, f->arena, p->action, &action);
    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG;
    if (action->has.decided && p->withdraw_evidence < action->decided.number) {
        part->shaken = f->entry->number;
        part->has.shaken = 1;
    }
    return 0;
}

/* --- values ---------------------------------------------------------------------- */

static bool
same_label(const struct value_held *held, const struct value *value)
{
    return held->has.label == value->has.label && text_equal(held->label, value->label);
}

/* The value to give up where there is no room: the oldest of the label that has
   most; of labels with as many, the one that comes first. */
static uint32_t
oldest_value(const struct value_held *list, uint32_t count)
{
    uint32_t best = 0;
    uint32_t most = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = 0;
        for (uint32_t k = 0; k < count; k++)
            same += text_equal(list[k].label, list[i].label);
        if (same > most
            || (same == most && text_equal(list[i].label, list[best].label)
                && list[i].date < list[best].date)) {
            most = same;
            best = i;
        }
    }
    return best;
}

static void
add_value(struct folding *f, const struct progress *p, struct part *part)
{
    struct value_held *list = arena_take(f->arena, (part->values.count + 1) * sizeof *list);
    uint32_t count = 0;

    for (uint32_t i = 0; i < part->values.count; i++)
        if (!same_label(&part->values.at[i], &p->value) || part->values.at[i].date != p->value.date)
            list[count++] = part->values.at[i];
    if (count == VALUES_MAX) {
        uint32_t gone = oldest_value(list, count);
        for (uint32_t i = gone; i + 1 < count; i++)
            list[i] = list[i + 1];
        count--;
    }
    struct value_held *new = &list[count];
    *new = (struct value_held){.number = f->entry->number};
    new->has.number = 1;
    KEEP(new, &p->value, amount);
    KEEP(new, &p->value, date);
    KEEP(new, &p->value, label);
    part->values.at = list;
    part->values.count = count + 1;
    part->has.values = 1;
}

static void
withdraw_value(struct folding *f, const struct progress *p, struct part *part)
{
    struct value_held *list = arena_take(f->arena, part->values.count * sizeof *list);
    uint32_t count = 0;

    for (uint32_t i = 0; i < part->values.count; i++)
        if (part->values.at[i].number != p->withdraw_value)
            list[count++] = part->values.at[i];
    part->values.at = list;
    part->values.count = count;
}

/* --- the part --------------------------------------------------------------------- */

static int
fold_evidence_and_values(struct folding *f, const struct progress *p, int32_t on, bool behalf,
                         struct part *part)
{
    int rc = p->has.withdraw_evidence ? withdraw_evidence(f, p, part) : 0;

    if (p->has.evidence)
        add_evidence(f, p, on, behalf, part);
    if (p->has.withdraw_value)
        withdraw_value(f, p, part);
    if (p->has.value)
        add_value(f, p, part);
    return rc;
}

int
fold_progress(struct folding *f, const struct progress *p)
{
    const struct entry *e = f->entry;
    struct text agency = p->has.agency ? p->agency : entry_agency(e);
    int32_t on = p->on < e->day ? p->on : e->day; /* a day ahead is the broker's day */
    struct state_key key = state_key_pair(p->action, agency);
    const struct part *before;
    int rc = state_see_part(f->s, f->arena, &key, &before);

    if (rc < 0)
        return rc;
    struct part part = *before;
    f->previous = part.last;
    part.action = p->action;
    part.agency = agency;
    part.has.action = part.has.agency = part.has.changed = part.has.last = 1;

    bool behalf = p->has.reported; /* judge: given exactly where it is on behalf */
    bool late = part.has.on && on < part.on;
    bool moves = !late && claim_changes(e, p, &part);
    bool proves =
        p->has.evidence || p->has.withdraw_evidence || p->has.value || p->has.withdraw_value;

    if (moves)
        set_claim(e, p, on, behalf, &part);
    if ((rc = fold_evidence_and_values(f, p, on, behalf, &part)) < 0)
        return rc;
    if (moves || e->note_changed || p->has.evidence || p->has.value) {
        part.heard = later(part.has.heard, part.heard, on);
        part.has.heard = 1;
    }
    if (e->note_changed || p->has.evidence) {
        part.replied = e->number;
        part.has.replied = 1;
    }
    if (moves || proves)
        part.changed = e->number;
    part.last = e->number;
    return state_put(f->s, TABLE_PARTS, &key, &part);
}
