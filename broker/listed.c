#include "broker/listed.h"

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

static void
list_action(const struct picture *pic, const struct rated_action *rated, struct listed *out)
{
    const struct action_row *row = pic->action;

    *out =
        (struct listed){.id = row->id, .ref = row->ref, .title = row->title, .leads = row->leads};
    out->has.id = out->has.ref = out->has.title = out->has.leads = 1;
    KEEP(out, row, themes);
    KEEP(out, row, due);
    KEEP(out, row, due_was);
    KEEP(out, row, due_printed);
    KEEP(out, row, standing);
    KEEP(out, row, changed);
    KEEP(out, pic->plan, marking);
    out->rating = rated->rating;
    out->reasons = rated->reasons;
    out->lead_count = rated->leads;
    out->claimed = rated->claimed;
    out->least = rated->least;
    out->measured = rated->total;
    out->has.rating = out->has.reasons = out->has.lead_count = out->has.claimed = 1;
    out->has.least = rated->leads > 0;
    out->has.measured = rated->measured;
    look_at_shares(pic, out);
}

int
listed_load(struct state *rows, struct arena *arena, const struct plan_row *plan,
            const struct action_row *action, int32_t day, struct listed_action *out)
{
    int rc = picture_load(rows, arena, plan, action, &out->picture);

    if (rc < 0)
        return rc;
    rating_on(&out->picture, day, &out->rated);
    list_action(&out->picture, &out->rated, &out->listed);
    return 0;
}
