#include "broker/queries/entries.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/ledger/marks.h"
#include "broker/queries/credit.h"
#include "broker/queries/readable.h"
#include "schema/access.h"
#include "schema/ids.h"

enum {
    LOOKED_MAX = 1000, /* entries that a page looks at, */
    LOOKED_BYTES = 4 << 20,
    HELD_MAX = 500, /* and holds */
    HELD_BYTES = 160 * 1024,
    PASSED_MAX = 2000, /* entries of earlier pages that it passes by */
};

/* An entry that must be there. 0 or negative. */
static int
read_entry(const struct querying *q, int64_t number, struct entry *out)
{
    int rc = ledger_entry(q->ledger, number, out);
    return rc == 1 ? 0 : rc < 0 ? rc : -EBADMSG;
}

/* --- a page of entries ----------------------------------------------------------------- */

struct page {
    struct entry *list;
    uint32_t held, looked, limit;
    size_t held_bytes, looked_bytes, room;
    int64_t last; /* the number looked at last */
    bool forth;   /* from a number on; else back from the newest */
    bool over;    /* all that come now are outside the filter */
};

static struct page
page_begin(const struct querying *q, const struct query *query, bool forth)
{
    size_t credit = credit_of(query);
    struct page p = {
        .limit = HELD_MAX, .forth = forth, .room = credit < HELD_BYTES ? credit : HELD_BYTES};

    if (query->has.limit && query->limit < HELD_MAX)
        p.limit = (uint32_t)query->limit;
    p.list = arena_take(q->ledger->arena, p.limit * sizeof *p.list);
    return p;
}

static bool
page_full(const struct page *p)
{
    return p->over || p->held == p->limit || p->held_bytes > p->room || p->looked == LOOKED_MAX
           || p->looked_bytes > LOOKED_BYTES;
}

static bool
wanted(const struct query *query, const struct entry *entry)
{
    return (!query->has.since || entry->day >= query->since)
           && (!query->has.until || entry->day <= query->until)
           && (!query->has.from || entry->number >= query->from)
           && (!query->has.agency || text_equal(entry_agency(entry), query->agency));
}

/* Nothing that comes after this entry can be wanted. */
static bool
ends_with(const struct page *p, const struct query *query, const struct entry *entry)
{
    if (p->forth)
        return query->has.until && entry->day > query->until;
    return (query->has.since && entry->day < query->since)
           || (query->has.from && entry->number < query->from);
}

/* 1 where the query asks for no other plan than the entry's. */
static int
is_of_plan(const struct querying *q, const struct query *query, const struct entry *entry)
{
    struct text id;

    if (!query->has.plan)
        return 1;
    if (entry->outcome == REFUSED)
        return 0;
    int rc = readable_plan(q, entry, &id);
    return rc < 0 ? rc : text_equal(id, query->plan);
}

static void
page_pass(struct page *p, const struct entry *entry)
{
    p->looked++;
    p->looked_bytes += entry->body.len;
    p->last = entry->number;
}

/* Looks at one entry and keeps it if it is wanted and may be read. */
static int
page_look(const struct querying *q, const struct query *query, const struct entry *entry,
          struct page *p)
{
    int rc;

    page_pass(p, entry);
    p->over = ends_with(p, query, entry);
    if (!wanted(query, entry))
        return 0;
    if ((rc = is_of_plan(q, query, entry)) != 1 || (rc = readable(q, entry)) != 1)
        return rc;
    p->held_bytes += 300 + entry->body.len;
    p->list[p->held++] = *entry;
    return 0;
}

static void
page_end(const struct querying *q, const struct page *p, bool more, struct result *result)
{
    result->entries.at = p->list;
    result->entries.count = p->held;
    result->has.entries = 1;
    if (!more || p->over)
        return;
    char *text = arena_take(q->ledger->arena, 24);
    int len = snprintf(text, 24, "%" PRId64, p->last);
    result->next = (struct text){text, (uint32_t)len};
    result->has.next = 1;
}

/* Where an earlier page ended; 0 at first. What was sent may be any text: no place
   is beyond the newest entry. */
static int64_t
page_after(const struct querying *q, const struct query *query)
{
    char text[24] = "";

    if (query->has.after && query->after.len < sizeof text)
        memcpy(text, query->after.at, query->after.len);
    long long number = strtoll(text, NULL, 10);
    if (number > q->ledger->number)
        return q->ledger->number + 1;
    return number > 0 ? number : 0;
}

static bool
has_reached(const struct entry *entry, int64_t number)
{
    return entry->number >= number;
}

/* The newest entry before `after` in the plan's chain: 0 where there is none. */
static int
find_in_plan(const struct querying *q, struct text plan, int64_t after, int64_t *number)
{
    struct state_key key = state_key_of_plan_chain(plan);
    struct chain chain;
    struct entry entry;
    int rc = state_get_chain(q->ledger->state, q->ledger->arena, &key, &chain);

    if (rc < 0 || (rc = marks_find(q->ledger, &key, &chain, has_reached, after, number)))
        return rc;
    for (; *number >= after; *number = entry.previous_in_plan)
        if ((rc = read_entry(q, *number, &entry)))
            return rc;
    return 0;
}

/* --- the history of an action -------------------------------------------------------------- */

/* The newest entries of the action's own chain and of its parts' chains. */
static int
history_ends(const struct querying *q, struct text action, int64_t **ends, uint32_t *count)
{
    struct arena *arena = q->ledger->arena;
    struct state_key prefix = state_key_pair(action, text_of(""));
    struct action_row row;
    struct part part;
    struct state_walk walk;
    int rc = state_get_action(q->ledger->state, arena, action, &row);

    if (rc != 1)
        return rc;
    *ends = arena_take(arena, (AGENCIES_MAX * 2 + 1) * sizeof **ends);
    *count = 0;
    (*ends)[(*count)++] = row.last;
    state_walk_begin(&walk, TABLE_PARTS, &prefix);
    while (*count < AGENCIES_MAX * 2
           && (rc = state_walk_next(q->ledger->state, arena, &walk, &part)) == 1)
        if (part.last)
            (*ends)[(*count)++] = part.last;
    return rc < 0 ? rc : 1;
}

/* What was on earlier pages is passed by, in memory of its own. 1; 0 where there is too
   much of it; or negative. */
static int
pass_by(const struct querying *q, int64_t after, int64_t *ends, uint32_t count)
{
    struct arena *kept = q->ledger->arena;
    struct entry entry;
    int passed = 0;
    int rc = 0;

    q->ledger->arena = arena_new();
    for (uint32_t i = 0; i < count; i++)
        for (; rc == 0 && ends[i] >= after && passed <= PASSED_MAX; passed++) {
            arena_reset(q->ledger->arena);
            rc = read_entry(q, ends[i], &entry);
            if (rc == 0)
                ends[i] = entry.previous_in_row;
        }
    arena_destroy(&q->ledger->arena);
    q->ledger->arena = kept;
    return rc ? rc : passed <= PASSED_MAX;
}

static uint32_t
newest_end(const int64_t *ends, uint32_t count)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++)
        if (ends[i] > ends[best])
            best = i;
    return best;
}

/* The chains of the action and of its parts, merged. */
static int
history_of_rows(const struct querying *q, const struct query *query, int64_t *ends, uint32_t count,
                struct page *page)
{
    for (;;) {
        uint32_t at = newest_end(ends, count);
        struct entry entry;
        int rc;
        if (!ends[at])
            return 0;
        if (page_full(page))
            return 1;
        if ((rc = read_entry(q, ends[at], &entry)) || (rc = page_look(q, query, &entry, page)))
            return rc;
        ends[at] = entry.previous_in_row;
    }
}

/* 1 where it speaks of the action or of a part of it. */
static int
is_of_action(const struct querying *q, const struct query *query, const struct entry *entry)
{
    struct text action = query->action;
    struct place place;
    int rc = readable_place(q, entry, &place);

    if (rc)
        return rc;
    return (place.table == TABLE_ACTIONS || place.table == TABLE_PARTS)
           && place.row.len >= action.len && memcmp(place.row.at, action.at, action.len) == 0
           && (place.row.len == action.len || place.row.at[action.len] == '\0');
}

/* Far back in long chains: along the plan's, in which a place is found by its marks.
   A page may hold little, but takes no longer. */
static int
history_of_plan(const struct querying *q, const struct query *query, int64_t after,
                struct page *page)
{
    struct entry entry;
    int64_t number;
    int rc = find_in_plan(q, path_first(query->action), after, &number);

    for (; rc == 0 && number > 0 && !page_full(page); number = entry.previous_in_plan) {
        if ((rc = read_entry(q, number, &entry)) || (rc = is_of_action(q, query, &entry)) < 0)
            return rc;
        if (rc)
            rc = page_look(q, query, &entry, page);
        else
            page_pass(page, &entry);
    }
    return rc ? rc : number > 0;
}

int
entries_history(const struct querying *q, const struct query *query, struct result *result)
{
    struct plan_row plan;
    struct page page = page_begin(q, query, false);
    int64_t after = page_after(q, query);
    int64_t *ends;
    uint32_t count;
    int rc;

    if (!query->has.action)
        return 0;
    rc = access_get_plan(q->ledger->state, q->ledger->arena, q->author, path_first(query->action),
                         &plan);
    if (rc != 1 || (rc = history_ends(q, query->action, &ends, &count)) != 1)
        return rc;
    if (after && (rc = pass_by(q, after, ends, count)) < 0)
        return rc;
    rc = rc ? history_of_rows(q, query, ends, count, &page)
            : history_of_plan(q, query, after, &page);
    if (rc < 0)
        return rc;
    page_end(q, &page, rc, result);
    return 1;
}

/* --- the log -------------------------------------------------------------------------------- */

/* Back from the newest, along a plan's chain or entry by entry. */
static int
log_back(const struct querying *q, const struct query *query, struct page *page)
{
    int64_t after = page_after(q, query);
    struct entry entry;

    if (!after)
        after = q->ledger->number + 1;
    int64_t number = after - 1;
    int rc = query->has.plan ? find_in_plan(q, query->plan, after, &number) : 0;
    while (rc == 0 && number > 0 && !page_full(page)) {
        if ((rc = read_entry(q, number, &entry)) || (rc = page_look(q, query, &entry, page)))
            return rc;
        number = query->has.plan ? entry.previous_in_plan : number - 1;
    }
    return rc ? rc : number > 0;
}

static int
log_forth(const struct querying *q, const struct query *query, struct page *page)
{
    int64_t after = page_after(q, query);
    int64_t number = after ? after + 1 : query->from;
    struct entry entry;
    int rc;

    for (number = number ? number : 1; number <= q->ledger->number && !page_full(page); number++)
        if ((rc = read_entry(q, number, &entry)) || (rc = page_look(q, query, &entry, page)))
            return rc;
    return number <= q->ledger->number;
}

int
entries_log(const struct querying *q, const struct query *query, struct result *result)
{
    struct page page = page_begin(q, query, query->has.from);
    struct plan_row plan;
    int rc;

    if (query->has.action)
        return entries_history(q, query, result);
    if (query->has.plan
        && (rc = access_get_plan(q->ledger->state, q->ledger->arena, q->author, query->plan, &plan))
               != 1)
        return rc;
    rc = query->has.from ? log_forth(q, query, &page) : log_back(q, query, &page);
    if (rc < 0)
        return rc;
    page_end(q, &page, rc, result);
    return 1;
}
