#include "broker/queries/past_counts.h"

#include <errno.h>
#include <stdlib.h>

#include "broker/queries/past.h"
#include "broker/queries/tally.h"
#include "schema/ids.h"
#include "schema/must.h"

/* The first asked day on which there was the plan. */
static int32_t
first_day(const struct past_of *of, int32_t begins)
{
    int32_t day = begins;

    if (of->days.since >= begins)
        day = of->days.since;
    else if (of->days.since != COUNTS_FROM_BEGIN)
        day += (of->days.every - (begins - of->days.since) % of->days.every) % of->days.every;
    return day < of->day ? day : of->day;
}

void
past_counts_begin(struct past *p, int32_t begins)
{
    if (!p->of.days.every || p->of.days.since > p->of.day)
        return;
    p->counts.begun = true;
    p->counts.next = first_day(&p->of, begins);
    p->counts.at = must(malloc(p->of.days.most * sizeof *p->counts.at));
}

/* 1, or negative. */
static int
count_day(struct past *p, struct arena *arena)
{
    struct past_counts *c = &p->counts;
    struct plan_row plan;
    struct tally tally;

    arena_reset(arena);
    int rc = state_get_plan(p->state, arena, text_of(p->of.plan), &plan);
    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG; /* its first entry makes it */
    if ((rc = tally_plan(p->state, arena, &plan, c->next, &tally)) < 0)
        return rc;
    struct counted *row = &c->at[c->count++];
    *row = (struct counted){.day = c->next};
    row->has.day = 1;
    TALLY_PUT(row, &tally);
    c->rated += tally.actions;
    return 1;
}

int
past_counts_until(struct past *p, struct arena *arena, const atomic_bool *stop, int32_t day)
{
    struct past_counts *c = &p->counts;

    while (c->begun && c->next <= day) {
        if (atomic_load_explicit(stop, memory_order_relaxed))
            return -ECANCELED;
        int rc = count_day(p, arena);
        if (rc < 0)
            return rc;
        bool last = c->next == p->of.day;
        c->more = !last && (c->count == p->of.days.most || c->rated >= COUNTS_RATED);
        if (last || c->more)
            return 0;
        c->next = p->of.day - c->next > p->of.days.every ? c->next + p->of.days.every : p->of.day;
    }
    return 1;
}
