#include "broker/queries/credit.h"

#include <inttypes.h>
#include <stdio.h>

#include "schema/days.h"
#include "schema/wire/frame.h"

size_t
credit_of(const struct query *query)
{
    return query->has.credit && query->credit < FRAME_OUT_MAX ? (size_t)query->credit
                                                              : FRAME_OUT_MAX;
}

/* --- the rows of a page -------------------------------------------------------------- */

/* How `next` names the row that a page ends with: as each list goes on after it. */
static struct text
place_of_entry(struct arena *arena, const struct entry *entry)
{
    enum { SIZE = 24 };
    char *text = arena_take(arena, SIZE);

    return (struct text){text, (uint32_t)snprintf(text, SIZE, "%" PRId64, entry->number)};
}

static struct text
place_of_day(struct arena *arena, const struct counted *counted)
{
    char *text = arena_take(arena, DAY_TEXT);

    day_format(counted->day, text);
    return (struct text){text, DAY_TEXT - 1};
}

/* Half of a list's rows go: false where there is one or none. */
static bool
halve(uint32_t *count)
{
    if (*count < 2)
        return false;
    *count /= 2;
    return true;
}

/* A result has rows of one kind. */
static bool
cut(struct arena *arena, struct result *r)
{
    if (halve(&r->actions.count))
        r->next = r->actions.at[r->actions.count - 1].id;
    else if (halve(&r->plans.count))
        r->next = r->plans.at[r->plans.count - 1].plan.id;
    else if (halve(&r->agencies.count))
        r->next = r->agencies.at[r->agencies.count - 1].id;
    else if (halve(&r->clients.count))
        r->next = r->clients.at[r->clients.count - 1].id;
    else if (halve(&r->entries.count))
        r->next = place_of_entry(arena, &r->entries.at[r->entries.count - 1]);
    else if (halve(&r->counts.count))
        r->next = place_of_day(arena, &r->counts.at[r->counts.count - 1]);
    else
        return false;
    r->has.next = 1;
    return true;
}

/* --- the frame -------------------------------------------------------------------------- */

size_t
credit_fit(struct arena *arena, struct result *result, size_t room, void *out, size_t *least)
{
    size_t len = frame_encode(SAY_RESULT, result, out, room);

    while (!len && cut(arena, result))
        len = frame_encode(SAY_RESULT, result, out, room);
    *least = len ? len : frame_encode(SAY_RESULT, result, out, FRAME_OUT_MAX);
    return len;
}
