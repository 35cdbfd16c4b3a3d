#include "agents/cli/plan_member.h"

#include "agents/cli/plan.h"

static struct texts
agencies_of(const struct invocation *in, struct arena *arena)
{
    struct text *list = arena_take(arena, in->words.count * sizeof *list);

    for (unsigned i = 1; i < in->words.count; i++)
        list[i - 1] = text_of(in->words.at[i]);
    return (struct texts){list, in->words.count - 1};
}

/* Who is not on the list yet, at its end. */
static struct texts
with(struct arena *arena, struct texts list, struct texts more)
{
    struct text *all = arena_take(arena, (list.count + more.count) * sizeof *all);
    struct texts out = {all, 0};

    for (uint32_t i = 0; i < list.count; i++)
        all[out.count++] = list.at[i];
    for (uint32_t i = 0; i < more.count; i++)
        if (!texts_hold(out, more.at[i]))
            all[out.count++] = more.at[i];
    return out;
}

static struct texts
without(struct arena *arena, struct texts list, struct texts gone)
{
    struct text *left = arena_take(arena, (list.count + 1) * sizeof *left);
    uint32_t count = 0;

    for (uint32_t i = 0; i < list.count; i++)
        if (!texts_hold(gone, list.at[i]))
            left[count++] = list.at[i];
    return (struct texts){left, count};
}

/* The plan with other members, sent. Of a plan whose members are all, agencies can
   neither come nor go one by one. */
static int
send_members(struct talk *t, const char *id, const struct plan *from, struct texts named,
             const struct text *reason)
{
    struct texts list = from->members.list;
    struct plan to = *from;
    bool unchanged;

    if (from->members.all)
        return talk_complain(EXIT_REFUSED,
                             "%s: its members are all agencies; maat plan amend %s --members "
                             "AGENCY ... says which instead",
                             id, id);
    to.members.list = reason ? without(t->arena, list, named) : with(t->arena, list, named);
    if (reason) {
        to.reason = *reason;
        to.has.reason = 1;
    }
    int rc = plan_send_change(t, id, from, &to, &unchanged);
    return rc == EXIT_DONE && reason && unchanged
               ? talk_complain(EXIT_REFUSED, "%s: none of those is a member", id)
               : rc;
}

static int
change_members(const struct invocation *in, struct arena *arena, const struct text *reason)
{
    const char *id = in->words.at[0];
    struct plan_row row;
    struct plan from;
    struct view seen;
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = fetch_plan(&t, text_of(id), &row, &seen)) == EXIT_DONE) {
        plan_of_row(arena, &row, &seen, &from);
        rc = send_members(&t, id, &from, agencies_of(in, arena), reason);
    }
    talk_close(&t);
    return rc;
}

int
plan_member_add(const struct invocation *in, struct arena *arena)
{
    return change_members(in, arena, NULL);
}

int
plan_member_remove(const struct invocation *in, struct arena *arena)
{
    struct plan_reason_option o;
    int rc = talk_options(in, arena, &o);

    return rc == EXIT_DONE ? change_members(in, arena, &o.reason) : rc;
}
