#include "tests/followed.h"

#include <stdio.h>

#include "schema/codec.h"
#include "schema/ids.h"
#include "tests/t.h"

/* --- rows ---------------------------------------------------------------------------------- */

/* FNV-1a. */
uint64_t
followed_digest(const struct record *r, const void *row)
{
    static uint8_t buf[64 * 1024];
    size_t len = record_encode(r, row, buf, sizeof buf);
    uint64_t digest = UINT64_C(0xcbf29ce484222325);

    CHECK(len > 0);
    for (size_t i = 0; i < len; i++)
        digest = (digest ^ buf[i]) * UINT64_C(0x100000001b3);
    return digest;
}

uint64_t
followed_digest_of_plan(const struct plan_row *row)
{
    struct plan_row plain = *row;

    plain.has.rated = plain.has.rated_part = 0;
    plain.last = 0;
    return followed_digest(&plan_row_record, &plain);
}

static const char *
put_rows(struct followed *f, const struct current *rows)
{
    for (uint32_t i = 0; i < rows->plans.count; i++) {
        const struct plan_row *row = &rows->plans.at[i];
        int plan = model_plan(row->id);
        if (plan == MODEL_NONE || !(f->now.plans >> plan & 1))
            return "a row of a plan that PLANS does not name";
        f->now.plan_rows[plan] = (struct followed_row){
            .there = true, .day = rows->day, .digest = followed_digest_of_plan(row)};
    }
    for (uint32_t i = 0; i < rows->actions.count; i++) {
        const struct listed *row = &rows->actions.at[i];
        int plan = model_plan(row->id);
        if (plan == MODEL_NONE || !(f->now.plans >> plan & 1))
            return "a row of an action of a plan that PLANS does not name";
        f->now.actions[model_action(row->id)] =
            (struct followed_row){.there = true,
                                  .day = rows->day,
                                  .rating = (int)row->rating,
                                  .digest = followed_digest(&listed_record, row)};
    }
    for (uint32_t i = 0; i < rows->gone.count; i++) {
        int plan = model_plan(rows->gone.at[i]);
        if (plan == MODEL_NONE || !(f->now.plans >> plan & 1))
            return "an action gone of a plan that PLANS does not name";
        f->now.actions[model_action(rows->gone.at[i])].there = false;
    }
    return NULL;
}

/* --- messages ------------------------------------------------------------------------ */

static const char *
take_plans(struct followed *f, const struct seen_plans *m)
{
    f->gathered &= ~(1U << MODEL_PLANS);
    for (uint32_t i = 0; i < m->plans.count; i++) {
        int plan = model_plan(m->plans.at[i]);
        if (plan == MODEL_NONE)
            return "a plan that never was";
        f->gathered |= 1U << plan;
    }
    if (m->more) {
        f->gathered |= 1U << MODEL_PLANS;
        return NULL;
    }
    f->now.plans = f->gathered;
    f->gathered = 0;
    for (int a = 0; a < FOLLOWED_ACTIONS; a++)
        f->now.actions[a].there &= f->now.plans >> a / MODEL_REFS & 1;
    for (int p = 0; p < MODEL_PLANS; p++)
        f->now.plan_rows[p].there &= f->now.plans >> p & 1;
    return NULL;
}

static const char *
take_live(struct followed *f, const struct live *m)
{
    if (f->now.live)
        return "LIVE twice";
    if (f->kept.live && m->upto != f->kept.upto)
        return "LIVE of another number than was gone on from";
    f->now.live = true;
    f->now.upto = f->last_entry = m->upto;
    f->kept = f->now;
    return NULL;
}

/* An EVENT has the fields of a STATE, and two more. */
static struct current
rows_of(const struct event *m)
{
    struct current rows = {.number = m->number, .day = m->day};

    rows.plans.at = m->plans.at;
    rows.plans.count = m->plans.count;
    rows.actions.at = m->actions.at;
    rows.actions.count = m->actions.count;
    rows.gone = m->gone;
    return rows;
}

static const char *
take_event(struct followed *f, const struct event *m)
{
    const struct current rows = rows_of(m);

    if (!f->now.live)
        return "EVENT before LIVE";
    if (f->filter.want == WANT_ENTRIES && (m->plans.count || m->actions.count || m->gone.count))
        return "rows, though entries are wanted";
    if (f->filter.want == WANT_ROWS && m->entries.count)
        return "entries, though rows are wanted";
    if (m->upto < f->now.upto)
        return "an upto before the one before";
    for (uint32_t i = 0; i < m->entries.count; i++) {
        if (m->entries.at[i].number <= f->last_entry)
            return "an entry twice, or out of order";
        f->last_entry = m->entries.at[i].number;
    }
    if (m->upto < f->last_entry)
        return "an upto before the last entry";
    if (m->entries.count && m->entries.at[0].number <= f->now.upto)
        return "an entry that an upto had passed";
    const char *wrong = put_rows(f, &rows);
    f->now.upto = m->upto;
    f->kept = f->now;
    return wrong;
}

static const char *
take_state(struct followed *f, const struct current *m)
{
    return f->filter.want == WANT_ENTRIES ? "STATE, though entries are wanted" : put_rows(f, m);
}

/* All messages of a feed begin alike. */
static int64_t
count_of(enum message_kind kind, const union message *m)
{
    switch ((int)kind) {
    case SAY_PLANS: return m->seen_plans.count;
    case SAY_STATE: return m->current.count;
    case SAY_LIVE: return m->live.count;
    default: return m->event.count;
    }
}

const char *
followed_hear(struct followed *f, enum message_kind kind, const union message *m)
{
    if (count_of(kind, m) != ++f->count)
        return "a gap in the count";
    if (f->gathered && kind != SAY_PLANS)
        return "something between PLANS that go on";
    if (f->count == 1 && kind != SAY_PLANS)
        return "something before PLANS";
    if (kind == SAY_PLANS)
        return take_plans(f, &m->seen_plans);
    if (kind == SAY_STATE)
        return take_state(f, &m->current);
    return kind == SAY_LIVE ? take_live(f, &m->live) : take_event(f, &m->event);
}

/* --- subscribing --------------------------------------------------------------------- */

static struct texts
names_of(struct arena *arena, unsigned places, const char *const *names, int count)
{
    struct text *list = arena_take(arena, (size_t)count * sizeof *list);
    struct texts out = {list, 0};

    for (int i = 0; i < count; i++)
        if (places >> i & 1)
            list[out.count++] = text_of(names[i]);
    return out;
}

static struct texts
actions_of(struct arena *arena, unsigned places)
{
    struct text *list = arena_take(arena, FOLLOWED_ACTIONS * sizeof *list);
    struct texts out = {list, 0};

    for (int a = 0; a < FOLLOWED_ACTIONS; a++) {
        char *id = arena_take(arena, PATH_MAX_LEN + 1);
        snprintf(id, PATH_MAX_LEN, "%s/%d", model_plans[a / MODEL_REFS], 1 + a % MODEL_REFS);
        if (places >> a & 1)
            list[out.count++] = text_of(id);
    }
    return out;
}

void
followed_subscribe(struct followed *f, struct arena *arena, struct subscribe *out)
{
    static const char *const themes[] = {"t0", "t1", "t2", "t3"};
    const struct followed_filter *by = &f->filter;

    *out = (struct subscribe){.want = by->want};
    out->plans = names_of(arena, by->plans, model_plans, MODEL_PLANS);
    out->actions = actions_of(arena, by->actions);
    out->themes = names_of(arena, by->themes, themes, FOLLOWED_THEMES);
    out->agencies = names_of(arena, by->agencies, model_agencies, MODEL_AGENCIES);
    out->has.plans = by->by_plans;
    out->has.actions = by->by_actions;
    out->has.themes = by->by_themes;
    out->has.agencies = by->by_agencies;
    out->has.want = 1;
    out->from = f->kept.upto;
    out->held = names_of(arena, f->kept.plans, model_plans, MODEL_PLANS);
    out->has.from = f->kept.live;
    out->has.held = f->kept.live && f->kept.plans;
    f->now = f->kept;
    f->now.live = false;
    f->last_entry = 0;
    f->count = 0;
    f->gathered = 0;
}
