#include "broker/queries/listed.h"

static void
look_at_lead(const struct share *lead, struct listed *out)
{
    int32_t silent = lead->part.has.heard ? lead->part.heard : lead->since;

    if (!out->has.unheard || silent < out->unheard)
        out->unheard = silent;
    out->has.unheard = 1;
    if (!lead->part.has.heard || (out->has.heard && out->heard >= lead->part.heard))
        return;
    out->heard = lead->part.heard;
    out->has.heard = 1;
}

/* The newest that changed it or a part, and when leads were heard. */
static void
look_at_shares(const struct picture *pic, struct listed *out)
{
    for (uint32_t i = 0; i < pic->count; i++) {
        const struct part *part = &pic->shares[i].part;
        if (part->changed > out->changed)
            out->changed = part->changed;
        if (pic->shares[i].lead)
            look_at_lead(&pic->shares[i], out);
    }
}

/* What is shown as the action's row has it. */
#define SHOWN(X) \
    X(id) X(ref) X(title) X(leads) X(themes) X(due) X(due_was) X(due_printed) X(standing)

/* What is found by looking at all of it. */
static void
list_rating(const struct listed_action *of, struct listed *out)
{
    const struct rated_action *rated = &of->rated;

    out->changed = of->picture.action->changed;
    out->marking = of->picture.plan->marking;
    out->rating = rated->rating;
    out->reasons = rated->reasons;
    out->lead_count = rated->leads;
    out->claimed = rated->claimed;
    out->least = rated->least;
    out->measured = rated->total;
    out->has.changed = out->has.marking = out->has.rating = out->has.reasons = 1;
    out->has.lead_count = out->has.claimed = 1;
    out->has.least = rated->leads > 0;
    out->has.measured = rated->measured;
    look_at_shares(&of->picture, out);
}

int
listed_load(struct state *rows, struct arena *arena, const struct plan_row *plan,
            const struct action_row *action, int32_t day, struct listed_action *out)
{
    int rc = picture_load(rows, arena, plan, action, &out->picture);

    if (rc < 0)
        return rc;
    rating_on(&out->picture, day, &out->rated);
    out->listed = (struct listed){0};
#define KEEP_IT(field) KEEP(&out->listed, action, field);
    SHOWN(KEEP_IT)
    list_rating(out, &out->listed);
    return 0;
}

int
listed_sketch(struct state *rows, struct arena *arena, const struct plan_row *plan,
              const struct action_row *action, int32_t day, struct listed_action *out)
{
    int rc = picture_sketch(rows, arena, plan, action, &out->picture);

    if (rc < 0)
        return rc;
    rating_on(&out->picture, day, &out->rated);
    out->listed = (struct listed){0};
    list_rating(out, &out->listed);
    return 0;
}

static void
take_as_it_lies(const struct row_places *places, unsigned from, struct encoded_fields *out,
                unsigned to)
{
    if (!(places->present >> from & 1))
        return;
    const uint8_t *at = places->at[from];
    out->at[to] = (struct bytes){at, (uint32_t)(places->at[from + 1] - at)};
    out->present |= UINT64_C(1) << to;
}

size_t
listed_encode(const struct listed_action *action, const struct row_places *places, void *buf,
              size_t cap)
{
    struct encoded_fields as_they_lie;

    as_they_lie.present = 0;
#define TAKE_IT(field)                                                    \
    take_as_it_lies(places, FIELD_PLACE(action_row, field), &as_they_lie, \
                    FIELD_PLACE(listed, field));
    SHOWN(TAKE_IT)
    return record_encode_with(&listed_record, &action->listed, &as_they_lie, buf, cap);
}
