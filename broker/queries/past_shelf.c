#include "broker/queries/past_shelf.h"

#include <string.h>

static bool
same(const struct past_of *a, const struct past_of *b)
{
    return strcmp(a->plan, b->plan) == 0 && a->day == b->day && a->plan_end == b->plan_end
           && a->registry_end == b->registry_end && a->days.since == b->days.since
           && a->days.every == b->days.every && a->days.most == b->days.most;
}

void
past_shelf_put(struct past_shelf *s, struct past *past, int64_t now)
{
    unsigned place = 0;

    for (unsigned i = 1; i < SHELF_PASTS && s->at[place].past.state; i++)
        if (!s->at[i].past.state || s->at[i].since < s->at[place].since)
            place = i;
    past_free(&s->at[place].past);
    s->at[place].past = *past;
    s->at[place].since = now;
    *past = (struct past){.state = NULL};
}

bool
past_shelf_take(struct past_shelf *s, const struct past_of *of, struct past *out)
{
    for (unsigned i = 0; i < SHELF_PASTS; i++) {
        struct past *past = &s->at[i].past;
        if (!past->state || !same(&past->of, of))
            continue;
        *out = *past;
        *past = (struct past){.state = NULL};
        return true;
    }
    return false;
}

void
past_shelf_clear(struct past_shelf *s, int64_t since)
{
    for (unsigned i = 0; i < SHELF_PASTS; i++)
        if (s->at[i].past.state && s->at[i].since < since)
            past_free(&s->at[i].past);
}
