#include "tests/lived.h"

#include <stdio.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "tests/hearing_days.h"
#include "tests/t.h"

/* --- a board with a history ---------------------------------------------------------- */

const char *const lived_plans[] = {"a", "b", "b-2", "c", "d"};
static const char *const agencies[] = {"police", "health", "schools", "housing"};
enum { AGENCIES = sizeof agencies / sizeof *agencies };

static const char *
one_of(const char *const *words, size_t count)
{
    return words[random_below(count)];
}
#define ONE_OF(...)                            \
    one_of((const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static bool
is_calm(const char *plan)
{
    return strcmp(plan, "a") == 0;
}

static void
say_plan(struct hearing *h, const char *plan)
{
    const char *members =
        ONE_OF("'all'", "[]", "['police', 'health']", "['police', 'health', 'schools', 'housing']");
    hearing_say(h, "board/lead",
                "{'kind': 'plan', 'id': '%s', 'title': 'T%d', 'type': 'review', 'marking': "
                "'OFFICIAL', 'members': %s, 'reason': 'r'%s, 'seen': SEEN}",
                plan, (int)random_below(9), members, random_below(8) ? "" : ", 'closed': true");
}

static void
say_action(struct hearing *h, const char *plan, int ref)
{
    const char *leads =
        is_calm(plan) ? "'all'" : ONE_OF("'all'", "['police']", "['police', 'health']", "[]");
    hearing_say(h, "board/lead",
                "{'kind': 'action', 'id': '%s/%d', 'ref': '%d', 'title': 'A', 'leads': %s, "
                "'themes': ['t%d'], 'due': '2016-0%d-15', 'measure': {'counted': 'places', 'unit': "
                "'count', 'comparator': '>='}, 'reason': 'r'%s, 'seen': SEEN}",
                plan, ref, ref, leads, (int)random_below(3), 4 + (int)random_below(5),
                random_below(3) ? "" : ", 'contributors': ['schools']");
}

static void
say_decision(struct hearing *h, const char *plan, int ref)
{
    const char *what =
        is_calm(plan)
            ? ONE_OF("'return'", "'accept'", "'reopen'", "'note', 'reply_by': '2016-05-01'")
            : ONE_OF("'assure', 'override': true", "'reopen'", "'not-implement'", "'withdraw'");
    hearing_say(h, random_below(2) ? "board/lead" : "board/chair",
                "{'kind': 'decision', 'action': '%s/%d', 'what': %s, 'reason': 'r', 'seen': SEEN}",
                plan, ref, what);
}

static void
say_agency(struct hearing *h)
{
    if (random_below(20) == 0)
        hearing_say(h, "board/operator",
                    "{'kind': 'agency', 'id': 'new-%d', 'name': 'N', 'sector': 'health', 'seen': "
                    "0, 'epoch': 0}",
                    (int)random_below(6));
    else if (random_below(60) == 0)
        hearing_say(h, "board/operator",
                    "{'kind': 'agency', 'id': 'housing', 'name': 'H', 'sector': 'voluntary', "
                    "'succeeded_by': 'schools', 'reason': 'r', 'seen': SEEN}");
    else
        hearing_say(h, "board/operator",
                    "{'kind': 'agency', 'id': 'ofsted', 'name': 'O%d', 'sector': 'oversight', "
                    "'reason': 'r', 'seen': SEEN}",
                    (int)random_below(1000));
}

static void
say_progress(struct hearing *h, const char *plan, int ref, const char *today)
{
    char client[40];
    const char *proof = ONE_OF("", "", ", 'value': {'amount': 3, 'date': '2016-04-01'}",
                               ", 'evidence': {'title': 'E', 'kind': 'audit', 'held': 'H'}");

    snprintf(client, sizeof client, "%s/crm", one_of(agencies, AGENCIES));
    hearing_say(h, client,
                "{'kind': 'progress', 'action': '%s/%d', 'on': '%s', 'status': '%s', 'note': "
                "'n%d', 'percent': %d%s}",
                plan, ref, today,
                ONE_OF("in-progress", "claimed-complete", "paused", "not-started"),
                (int)random_below(1000), (int)random_below(100), proof);
}

static void
say_something(struct hearing *h, const char *today)
{
    const char *plan = random_below(2) ? "a" : one_of(lived_plans, LIVED_PLANS);
    int ref = 1 + (int)random_below(LIVED_ACTIONS);

    switch (random_below(40)) {
    case 0: say_plan(h, plan); break;
    case 1:
    case 2: say_action(h, plan, ref); break;
    case 3:
    case 4: say_decision(h, plan, ref); break;
    default:
        if (random_below(4) == 0)
            say_agency(h);
        else
            say_progress(h, plan, ref, today);
    }
}

struct hearing *
lived_begin(void)
{
    struct hearing *h = hearing_open("2016-04-01");

    for (int p = 0; p < LIVED_PLANS - 1; p++) {
        say_plan(h, lived_plans[p]);
        for (int ref = 1; ref <= LIVED_ACTIONS; ref++)
            say_action(h, lived_plans[p], ref);
    }
    return h;
}

void
lived_go_on(struct hearing *h, int sayings)
{
    char today[DAY_TEXT];

    day_format(h->day, today);
    while (sayings-- > 0)
        say_something(h, today);
}

struct hearing *
lived_through(int days, int said_a_day)
{
    struct hearing *h = lived_begin();

    for (; days > 0; days--, h->day++) {
        hearing_rate(h);
        lived_go_on(h, said_a_day);
    }
    h->day--;
    return h;
}

/* --- its ledger ---------------------------------------------------------------------- */

void
lived_ledger_open(struct hearing *h, int64_t durable, struct ledger *l)
{
    uint64_t generation;

    *l = (struct ledger){
        .arena = arena_new(), .state = h->state, .number = h->number, .durable = durable};
    CHECK_INT(0, journal_open_memory(&l->journal, 0));
    CHECK_INT(0, journal_begin_generation(l->journal, &generation));
    for (int64_t i = 0; i < h->number; i++) {
        const struct journal_bytes bytes = {h->entries[i].at, h->entries[i].len};
        struct fault fault;
        struct entry entry;
        if (i < durable) {
            CHECK_INT(0, journal_append(l->journal, (uint64_t)i + 1, generation, &bytes, 1));
            continue;
        }
        arena_reset(l->arena);
        CHECK(record_decode(l->arena, &entry_record, &entry, bytes.bytes, bytes.len, &fault));
        pending_add(&l->pending, &entry);
    }
    arena_reset(l->arena);
}

void
lived_ledger_close(struct ledger *l)
{
    pending_free(&l->pending);
    journal_close(&l->journal);
    arena_destroy(&l->arena);
}
