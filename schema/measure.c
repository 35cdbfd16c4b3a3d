#include "schema/measure.h"

/* Two amounts are within a ninth of what an int64_t holds. */
static int64_t
add(int64_t a, int64_t b)
{
    int64_t sum = a + b;
    if (sum > AMOUNT_MAX)
        return AMOUNT_MAX;
    return sum < AMOUNT_MIN ? AMOUNT_MIN : sum;
}

static int64_t
worse(enum comparator comparator, int64_t a, int64_t b)
{
    bool high_is_good = comparator == AT_LEAST || comparator == MORE_THAN;
    return (a < b) == high_is_good ? a : b;
}

static bool
reaches(enum comparator comparator, int64_t total, int64_t target)
{
    switch (comparator) {
    case AT_LEAST: return total >= target;
    case MORE_THAN: return total > target;
    case AT_MOST: return total <= target;
    case LESS_THAN: return total < target;
    case COMPARATOR_COUNT: break;
    }
    return false;
}

/* Is it the newest of its label? The later entry corrects another of its date. */
static bool
is_newest(const struct part *part, const struct value_held *value)
{
    for (uint32_t i = 0; i < part->values.count; i++) {
        const struct value_held *other = &part->values.at[i];
        if (text_equal(other->label, value->label)
            && (other->date > value->date
                || (other->date == value->date && other->number > value->number)))
            return false;
    }
    return true;
}

static void
take_values(const struct measure *measure, const struct part *part, bool *measured, int64_t *total)
{
    for (uint32_t i = 0; i < part->values.count; i++) {
        const struct value_held *value = &part->values.at[i];
        if (!is_newest(part, value))
            continue;
        if (!*measured)
            *total = value->amount;
        else if (measure->unit == UNIT_COUNT)
            *total = add(*total, value->amount);
        else
            *total = worse(measure->comparator, *total, value->amount);
        *measured = true;
    }
}

bool
measure_below_target(const struct picture *picture, bool *measured, int64_t *total)
{
    const struct measure *measure = &picture->action->measure;

    *measured = false;
    *total = 0;
    if (!picture->action->has.measure)
        return false;
    for (uint32_t i = 0; i < picture->count; i++)
        take_values(measure, &picture->shares[i].part, measured, total);
    return measure->has.target
           && !(*measured && reaches(measure->comparator, *total, measure->target));
}
