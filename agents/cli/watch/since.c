#include "agents/cli/watch/since.h"

#include <stdlib.h>

#include "schema/days.h"

enum { DIGITS = 18 };

static bool
is_number(struct text text, int64_t *number)
{
    *number = 0;
    if (text.len == 0 || text.len > DIGITS)
        return false;
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *number = 10 * *number + (text.at[i] - '0');
    }
    return true;
}

/* The first entry from a number on that one may read. */
struct probe {
    int32_t day;
    int64_t number; /* 0: none */
};

static bool
take_first(void *context, const struct result *page)
{
    struct probe *p = context;

    if (!page->entries.count)
        return true; /* of this page's entries none may be read */
    p->number = page->entries.at[0].number;
    p->day = page->entries.at[0].day;
    return false;
}

/* Days never go back, so neither does the day of the first entry from a number on. */
static int
find_day(struct talk *t, int32_t day, int64_t *from)
{
    int64_t low = 1;
    int64_t high = t->welcome.number + 1;

    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        struct query q = {.what = QUERY_LOG, .from = mid, .limit = 1};
        struct probe first = {0};
        q.has.from = q.has.limit = 1;
        int rc = talk_ask(t, &q, "the log", take_first, &first);
        if (rc != EXIT_DONE)
            return rc;
        if (!first.number || first.day >= day)
            high = mid;
        else
            low = first.number + 1;
    }
    *from = low - 1;
    return EXIT_DONE;
}

int
watch_since(struct talk *t, struct text since, int64_t *from)
{
    int64_t number;
    int32_t day;

    if (day_parse(since.at, since.len, &day))
        return find_day(t, day, from);
    if (!is_number(since, &number))
        return talk_complain(EXIT_USAGE,
                             "--since: the number of an entry, or a day as YYYY-MM-DD, is meant");
    *from = number > 0 ? number - 1 : 0;
    return EXIT_DONE;
}
