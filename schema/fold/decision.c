#include <errno.h>

#include "schema/fold/folding.h"
#include "schema/ids.h"

/* The standing that a decision leads to; STANDING_COUNT: it stays. */
static const enum standing leads_to[DECISION_COUNT] = {
    [DECIDE_ACCEPT] = STANDING_COUNT,          [DECIDE_ASSURE] = STANDING_ASSURED,
    [DECIDE_EMBED] = STANDING_EMBEDDING,       [DECIDE_NOT_IMPLEMENT] = STANDING_NOT_IMPLEMENTING,
    [DECIDE_WITHDRAW] = STANDING_WITHDRAWN,    [DECIDE_RETURN] = STANDING_COUNT,
    [DECIDE_CLOSE] = STANDING_CLOSED,          [DECIDE_REOPEN] = STANDING_OPEN,
    [DECIDE_VOID] = STANDING_ENTERED_IN_ERROR, [DECIDE_NOTE] = STANDING_COUNT,
    [DECIDE_RESCIND] = STANDING_COUNT,
};

static int
load_picture(struct folding *f, const struct action_row *action, struct picture *pic)
{
    struct plan_row *plan = arena_take(f->arena, sizeof *plan);
    int rc = state_get_plan(f->s, f->arena, path_first(action->id), plan);

    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG;
    return picture_load(f->s, f->arena, plan, action, pic);
}

/* --- what a decision does to parts ---------------------------------------------- */

static void
remember_part(const struct folding *f, struct part *part)
{
    struct part_before *b = &part->before;

    *b = (struct part_before){.number = f->entry->number};
    b->has.number = 1;
    KEEP(b, part, status);
    KEEP(b, part, on);
    KEEP(b, part, claimed);
    KEEP(b, part, accepted);
    KEEP(b, part, evidence_from);
    KEEP(b, part, heard);
    part->has.before = 1;
    part->changed = f->entry->number;
}

static void
accept_part(const struct folding *f, struct part *part)
{
    remember_part(f, part);
    part->accepted = f->entry->number;
    part->has.accepted = 1;
}

/* Back to work: the claim is in-progress from today, evidence of days before no
   longer counts, silence starts anew. */
static void
set_back_part(const struct folding *f, struct part *part)
{
    remember_part(f, part);
    part->status = CLAIM_IN_PROGRESS;
    part->on = part->evidence_from = part->heard = f->entry->day;
    part->has.status = part->has.on = part->has.evidence_from = part->has.heard = 1;
    part->has.accepted = 0;
    part->accepted = 0;
}

static void
restore_part(const struct folding *f, struct part *part)
{
    const struct part_before b = part->before;

    KEEP(part, &b, status);
    KEEP(part, &b, on);
    KEEP(part, &b, claimed);
    KEEP(part, &b, accepted);
    KEEP(part, &b, evidence_from);
    KEEP(part, &b, heard);
    part->has.before = 0;
    part->changed = f->entry->number;
}

static int
change_parts(struct folding *f, const struct decision *d, const struct action_row *action)
{
    bool sets_back =
        d->what == DECIDE_RETURN
        || (d->what == DECIDE_REOPEN
            && (action->standing == STANDING_ASSURED || action->standing == STANDING_EMBEDDING
                || action->standing == STANDING_CLOSED));
    struct picture pic;
    int rc;

    if (!sets_back && d->what != DECIDE_ACCEPT)
        return 0;
    if ((rc = load_picture(f, action, &pic)))
        return rc;
    for (uint32_t i = 0; i < pic.leads && !rc; i++) {
        struct part part = pic.shares[i].part;
        if ((d->agencies.count && !texts_hold(d->agencies, pic.shares[i].agency))
            || part_claim(&part) != CLAIM_COMPLETE)
            continue;
        if (sets_back)
            set_back_part(f, &part);
        else
            accept_part(f, &part);
        rc = put_part(f, &part);
    }
    return rc;
}

static int
restore_parts(struct folding *f, const struct decision *d)
{
    struct state_key prefix = state_key_pair(d->action, text_of(""));
    struct state_walk walk;
    struct part part;
    int rc;

    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    while ((rc = state_walk_next(f->s, f->arena, &walk, &part)) == 1) {
        if (!part.has.before || part.before.number != d->rescinds)
            continue;
        restore_part(f, &part);
        if ((rc = put_part(f, &part)))
            return rc;
    }
    return rc;
}

/* --- notes that want an answer ---------------------------------------------------- */

/* Those that were answered meanwhile make room. */
static int
add_ask(struct folding *f, const struct decision *d, struct action_row *row)
{
    struct ask *list = arena_take(f->arena, (row->asks.count + 1) * sizeof *list);
    struct picture pic;
    uint32_t count = 0;
    int rc = load_picture(f, row, &pic);

    if (rc)
        return rc;
    for (uint32_t i = 0; i < row->asks.count; i++)
        if (!picture_has_answered(&pic, &row->asks.at[i]))
            list[count++] = row->asks.at[i];
    struct ask *new = &list[count++];
    *new = (struct ask){.number = f->entry->number};
    new->has.number = 1;
    KEEP(new, d, reply_by);
    KEEP(new, d, agencies);
    row->asks.at = list;
    row->asks.count = count;
    row->has.asks = 1;
    return 0;
}

static int
fold_note(struct folding *f, const struct decision *d, const struct action_row *before,
          struct action_row *row)
{
    int rc = d->has.reply_by ? add_ask(f, d, row) : 0;
    return rc ? rc : put_action(f, before, row);
}

/* --- the decision ------------------------------------------------------------------ */

static void
remember_action(const struct folding *f, struct action_row *row)
{
    struct action_before *b = &row->before;

    *b = (struct action_before){.number = f->entry->number};
    b->has.number = 1;
    KEEP(b, row, standing);
    KEEP(b, row, due);
    KEEP(b, row, due_was);
    KEEP(b, row, check);
    KEEP(b, row, continued_by);
    KEEP(b, row, decided);
    row->has.before = 1;
}

static void
keep_decided(const struct folding *f, const struct decision *d, struct action_row *row)
{
    struct decided *now = &row->decided;

    *now = (struct decided){
        .number = f->entry->number, .day = f->entry->day, .client = f->entry->client};
    now->has.number = now->has.day = now->has.client = 1;
    KEEP(now, d, what);
    KEEP(now, d, reason);
    KEEP(now, d, body);
    KEEP(now, d, met);
    KEEP(now, d, override);
    row->has.decided = 1;
}

static void
decide(const struct folding *f, const struct decision *d, struct action_row *row)
{
    remember_action(f, row);
    if (leads_to[d->what] != STANDING_COUNT) {
        row->standing = leads_to[d->what];
        KEEP(row, d, check);
        KEEP(row, d, continued_by);
    }
    if (d->has.due && (!row->has.due || row->due != d->due)) {
        if (row->has.due)
            row->due_was = row->due, row->has.due_was = 1;
        KEEP(row, d, due);
        row->due_changed = true;
        row->has.due_changed = 1;
    }
    keep_decided(f, d, row);
    row->changed = f->entry->number;
}

static void
rescind(const struct folding *f, struct action_row *row)
{
    const struct action_before b = row->before;

    KEEP(row, &b, standing);
    KEEP(row, &b, due);
    KEEP(row, &b, due_was);
    KEEP(row, &b, check);
    KEEP(row, &b, continued_by);
    KEEP(row, &b, decided);
    row->has.before = 0;
    row->changed = f->entry->number;
}

int
fold_decision(struct folding *f, const struct decision *d)
{
    struct action_row before;
    int rc = state_get_action(f->s, f->arena, d->action, &before);

    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG;
    struct action_row row = before;
    f->previous = row.last;
    row.looked = f->entry->day;
    row.last = f->entry->number;
    if (d->what == DECIDE_NOTE)
        return fold_note(f, d, &before, &row);
    if (d->what == DECIDE_RESCIND)
        rescind(f, &row);
    else
        decide(f, d, &row);
    rc = d->what == DECIDE_RESCIND ? restore_parts(f, d) : change_parts(f, d, &before);
    return rc ? rc : put_action(f, &before, &row);
}
