#include <errno.h>

#include "schema/fold/folding.h"

#include "schema/days.h"
#include "schema/ids.h"

/* --- indexes: written only where a key changed -------------------------------- */

static int
index_put(struct folding *f, enum state_table table, struct text first, struct text action)
{
    struct state_key key = state_key_pair(first, action);
    return state_put_bytes(f->s, table, &key, (struct bytes){(const uint8_t *)"", 0});
}

static int
index_remove(struct folding *f, enum state_table table, struct text first, struct text action)
{
    struct state_key key = state_key_pair(first, action);
    int rc = state_remove(f->s, table, &key);
    return rc < 0 ? rc : 0;
}

static int
index_texts(struct folding *f, enum state_table table, struct texts before, struct texts after,
            struct text action)
{
    int rc = 0;

    for (uint32_t i = 0; i < before.count && !rc; i++)
        if (!texts_hold(after, before.at[i]))
            rc = index_remove(f, table, before.at[i], action);
    for (uint32_t i = 0; i < after.count && !rc; i++)
        if (!texts_hold(before, after.at[i]))
            rc = index_put(f, table, after.at[i], action);
    return rc;
}

/* Everyone that the action names: leads (`all` as one word) and contributors. */
static struct texts
named_agencies(struct folding *f, const struct action_row *row)
{
    uint32_t leads = row->leads.all ? 1 : row->leads.list.count;
    struct text *all = arena_take(f->arena, (leads + row->contributors.count) * sizeof *all);

    for (uint32_t i = 0; i < leads; i++)
        all[i] = row->leads.all ? text_of("all") : row->leads.list.at[i];
    for (uint32_t i = 0; i < row->contributors.count; i++)
        all[leads + i] = row->contributors.at[i];
    return (struct texts){all, leads + row->contributors.count};
}

static int
index_due(struct folding *f, const struct action_row *before, const struct action_row *after)
{
    bool was = before && before->has.due && before->standing == STANDING_OPEN;
    bool is = after->has.due && after->standing == STANDING_OPEN;
    char day[DAY_TEXT];
    int rc = 0;

    if (was && is && before->due == after->due)
        return 0;
    if (was) {
        day_format(before->due, day);
        rc = index_remove(f, TABLE_BY_DUE, text_of(day), after->id);
    }
    if (is && !rc) {
        day_format(after->due, day);
        rc = index_put(f, TABLE_BY_DUE, text_of(day), after->id);
    }
    return rc;
}

int
put_action(struct folding *f, const struct action_row *before, const struct action_row *after)
{
    struct state_key key = state_key_of(after->id);
    struct texts agencies = before ? named_agencies(f, before) : (struct texts){0};
    struct texts themes = before ? before->themes : (struct texts){0};
    int rc = index_texts(f, TABLE_BY_AGENCY, agencies, named_agencies(f, after), after->id);

    if (!rc)
        rc = index_texts(f, TABLE_BY_THEME, themes, after->themes, after->id);
    if (!rc)
        rc = index_due(f, before, after);
    return rc ? rc : state_put(f->s, TABLE_ACTIONS, &key, after);
}

int
put_part(struct folding *f, const struct part *part)
{
    struct state_key key = state_key_pair(part->action, part->agency);
    return state_put(f->s, TABLE_PARTS, &key, part);
}

/* --- the action ---------------------------------------------------------------- */

/* Since when each named lead is one; who was one before keeps its day. */
static void
assign(struct folding *f, const struct action_row *before, struct action_row *row)
{
    uint32_t count = row->leads.all ? 1 : row->leads.list.count;
    struct joined *list = arena_take(f->arena, count * sizeof *list);

    for (uint32_t i = 0; i < count; i++) {
        struct text agency = row->leads.all ? text_of("all") : row->leads.list.at[i];
        list[i] =
            (struct joined){.agency = agency, .since = f->entry->day, .number = f->entry->number};
        list[i].has.agency = list[i].has.since = list[i].has.number = 1;
        for (uint32_t k = 0; before && k < before->assigned.count; k++)
            if (text_equal(before->assigned.at[k].agency, agency))
                list[i] = before->assigned.at[k];
    }
    row->assigned.at = list;
    row->assigned.count = count;
    row->has.assigned = 1;
}

static void
keep_text(struct action_row *row, const struct action *a)
{
    KEEP(row, a, id);
    KEEP(row, a, ref);
    KEEP(row, a, title);
    KEEP(row, a, text);
    KEEP(row, a, outcome);
    KEEP(row, a, themes);
    KEEP(row, a, leads);
    KEEP(row, a, contributors);
    KEEP(row, a, due);
    KEEP(row, a, due_printed);
    KEEP(row, a, measure);
    row->recommendations.at = a->recommendations.at;
    row->recommendations.count = a->recommendations.count;
    row->has.recommendations = a->has.recommendations;
    row->except.at = a->except.at;
    row->except.count = a->except.count;
    row->has.except = a->has.except;
    row->cells.at = a->cells.at;
    row->cells.count = a->cells.count;
    row->has.cells = a->has.cells;
}

int
end_parts(struct folding *f, const struct plan_row *plan, const struct action_row *action)
{
    struct state_key prefix = state_key_pair(action->id, text_of(""));
    struct picture pic;
    struct state_walk walk;
    struct part part;
    int rc = picture_load(f->s, f->arena, plan, action, &pic);

    if (rc)
        return rc;
    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    while ((rc = state_walk_next(f->s, f->arena, &walk, &part)) == 1) {
        bool ends = !picture_share(&pic, part.agency);
        if (ends == (bool)part.has.ended)
            continue;
        part.ended = ends ? f->entry->number : 0;
        part.has.ended = ends;
        part.changed = f->entry->number;
        if ((rc = put_part(f, &part)))
            return rc;
    }
    return rc;
}

static void
add(const struct folding *f, struct action_row *row)
{
    row->standing = STANDING_OPEN;
    row->looked = f->entry->day;
    row->aim_changed = row->added = f->entry->number;
    row->has.standing = row->has.looked = row->has.aim_changed = row->has.added = 1;
    row->has.changed = row->has.last = 1;
}

int
fold_action(struct folding *f, const struct action *a)
{
    struct action_row before = {0};
    struct plan_row plan;
    int exists = state_get_action(f->s, f->arena, a->id, &before);
    int rc = state_get_plan(f->s, f->arena, path_first(a->id), &plan);

    if (exists < 0 || rc != 1)
        return exists < 0 ? exists : rc < 0 ? rc : -EBADMSG;
    struct action_row row = before;
    f->previous = row.last;
    keep_text(&row, a);
    assign(f, exists ? &before : NULL, &row);
    if (!exists)
        add(f, &row);
    if (exists && (before.has.due != row.has.due || before.due != row.due)) {
        row.due_changed = true;
        row.has.due_changed = 1;
        if (before.has.due)
            row.due_was = before.due, row.has.due_was = 1;
    }
    if (f->entry->outcome_changed || f->entry->measure_changed)
        row.aim_changed = f->entry->number;
    row.changed = row.last = f->entry->number;
    rc = put_action(f, exists ? &before : NULL, &row);
    return rc || !exists ? rc : end_parts(f, &plan, &row);
}
