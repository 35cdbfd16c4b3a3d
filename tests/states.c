#include "tests/states.h"

#include <string.h>

static bool
same_bytes(const void *a, uint32_t a_len, const void *b, uint32_t b_len)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static bool
same_table(struct state *a, struct state *b, enum state_table table)
{
    struct state_key at_a = {.len = 0};
    struct state_key at_b = {.len = 0};
    struct bytes row_a;
    struct bytes row_b;

    for (bool first = true;; first = false) {
        int more = state_next(a, table, &at_a, first, &row_a);
        if (state_next(b, table, &at_b, first, &row_b) != more)
            return false;
        if (more != 1)
            return more == 0;
        if (!same_bytes(at_a.at, at_a.len, at_b.at, at_b.len)
            || !same_bytes(row_a.at, row_a.len, row_b.at, row_b.len))
            return false;
    }
}

const char *
states_differ(struct state *a, struct state *b)
{
    for (int table = 0; table < STATE_TABLE_COUNT; table++)
        if (!same_table(a, b, (enum state_table)table))
            return state_tables[table].name;
    return NULL;
}
