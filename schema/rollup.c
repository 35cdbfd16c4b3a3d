#include "schema/rollup.h"

#include <assert.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

static void
copy_id(struct text id, char out[ID_MAX + 1])
{
    assert(id.len <= ID_MAX);
    memcpy(out, id.at, id.len);
    out[id.len] = '\0';
}

/* As a person sorts them: numbers in an id by their value. */
static int
compare(const struct rolled_up *a, const struct rolled_up *b)
{
    int order = strverscmp(a->source, b->source);
    return order ? order : strverscmp(a->number, b->number);
}

/* The first that is not before `wanted`. */
static uint32_t
find(const struct rollup *rollup, const struct rolled_up *wanted)
{
    uint32_t low = 0;
    uint32_t high = rollup->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(&rollup->at[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
insert(struct rollup *rollup, struct arena *arena, uint32_t place, const struct rolled_up *one)
{
    if (rollup->count == rollup->room) {
        struct rolled_up *old = rollup->at;
        rollup->room = rollup->room ? 2 * rollup->room : FIRST_ROOM;
        rollup->at = arena_take(arena, rollup->room * sizeof *rollup->at);
        if (old)
            memcpy(rollup->at, old, rollup->count * sizeof *old);
    }
    struct rolled_up *at = rollup->at + place;
    memmove(at + 1, at, (rollup->count - place) * sizeof *at);
    *at = *one;
    rollup->count++;
}

static struct rolled_up *
find_or_insert(struct rollup *rollup, struct arena *arena,
               const struct recommendation *recommendation)
{
    struct rolled_up one = {.tally = {0}};

    copy_id(recommendation->source, one.source);
    copy_id(recommendation->number, one.number);
    uint32_t place = find(rollup, &one);
    if (place == rollup->count || compare(&rollup->at[place], &one) != 0)
        insert(rollup, arena, place, &one);
    return &rollup->at[place];
}

static bool
is_repeated(const struct action_row *action, uint32_t index)
{
    const struct recommendation *one = &action->recommendations.at[index];

    for (uint32_t i = 0; i < index; i++) {
        const struct recommendation *before = &action->recommendations.at[i];
        if (text_equal(before->source, one->source) && text_equal(before->number, one->number))
            return true;
    }
    return false;
}

void
rollup_add(struct rollup *rollup, struct arena *arena, const struct action_row *action,
           const struct rated_action *rated)
{
    tally_add(&rollup->plan, rated);
    for (uint32_t i = 0; i < action->recommendations.count; i++) {
        const struct recommendation *recommendation = &action->recommendations.at[i];
        if (is_repeated(action, i))
            continue;
        struct rolled_up *of = find_or_insert(rollup, arena, recommendation);
        tally_add(&of->tally, rated);
        if (of->printed.len == 0 && recommendation->has.printed)
            of->printed = (struct text){
                arena_copy(arena, recommendation->printed.at, recommendation->printed.len),
                recommendation->printed.len};
    }
}
