#include "agents/libmaat/follow_plans.h"

#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/follow_rows.h"
#include "schema/must.h"

static void
free_plan(struct follow_plan *plan)
{
    free(plan->row);
    free(plan);
}

void
follow_plans_free(struct follow_plans *p)
{
    for (size_t i = 0; i < p->all.count; i++)
        free_plan(p->all.at[i]);
    roll_end(&p->all);
    *p = (struct follow_plans){0};
}

struct follow_plan *
follow_plans_find(const struct follow_plans *p, struct text id)
{
    return roll_find(&p->all, id);
}

/* The id lies behind the plan. */
static struct follow_plan *
find_or_add(struct follow_plans *p, struct text id)
{
    struct follow_plan *plan = follow_plans_find(p, id);

    if (plan)
        return plan;
    plan = must(calloc(1, sizeof *plan + id.len));
    memcpy(plan + 1, id.at, id.len);
    plan->id = (struct text){(const char *)(plan + 1), id.len};
    roll_add(&p->all, plan);
    return plan;
}

static struct follow_plan *
plan_at(const struct follow_plans *p, size_t at)
{
    return p->all.at[at];
}

void
follow_plans_name(struct follow_plans *p, struct text id)
{
    for (size_t i = 0; i < p->all.count && !p->naming; i++)
        plan_at(p, i)->named = false;
    p->naming = true;
    find_or_add(p, id)->named = true;
}

/* Those that went first, each gone before it is told. */
void
follow_plans_named(struct follow_plans *p, follow_plans_change *change, void *context)
{
    for (size_t i = 0; i < p->all.count;) {
        struct follow_plan *plan = plan_at(p, i);
        if (p->naming && plan->named) {
            i++;
            continue;
        }
        roll_remove(&p->all, plan);
        change(context, plan->id, false);
        free_plan(plan);
    }
    p->naming = false;
    for (size_t i = 0; i < p->all.count; i++) {
        bool came = !plan_at(p, i)->told;
        plan_at(p, i)->told = true;
        if (came)
            change(context, plan_at(p, i)->id, true);
    }
}

void
follow_plans_put(struct follow_plans *p, const struct plan_row *row, int64_t number)
{
    struct follow_plan *plan = follow_plans_find(p, row->id);

    if (!plan || number < plan->number)
        return;
    free(plan->row);
    plan->row = follow_rows_copy(&plan_row_record, row);
    plan->number = number;
}

void
follow_plans_hold(struct follow_plans *p)
{
    for (size_t i = 0; i < p->all.count; i++)
        plan_at(p, i)->held = true;
}

void
follow_plans_know(struct follow_plans *p, struct text id)
{
    find_or_add(p, id)->told = true;
}
