/* A plan's rating counts over time are those that the plan's line had as at each of
   the days; and cost one walk over its chain, however many days are asked for. */
#include <string.h>

#include "schema/days.h"
#include "schema/json.h"
#include "tests/heard.h"
#include "tests/lived.h"
#include "tests/read_journal.h"
#include "tests/t.h"

static const struct author lead = {
    .client = {"board/lead", 10}, .agency = {"board", 5}, .role = ROLE_LEAD};

static struct query
counts_of(const char *plan)
{
    struct query q = {.id = 1, .what = QUERY_OVER_TIME, .plan = text_of(plan)};

    q.has.id = q.has.what = q.has.plan = 1;
    return q;
}

static struct query
since(struct query q, int32_t day)
{
    q.since = day;
    q.has.since = 1;
    return q;
}

static struct query
until(struct query q, int32_t day)
{
    q.until = day;
    q.has.until = 1;
    return q;
}

static struct query
every(struct query q, int days)
{
    q.every = days;
    q.has.every = 1;
    return q;
}

static struct query
limit(struct query q, int rows)
{
    q.limit = rows;
    q.has.limit = 1;
    return q;
}

/* --- the same asked day by day ------------------------------------------------------ */

/* The day's row as it has to be, from the plan's line as at the day: "" where there was
   no such plan. In the arena. */
static const char *
row_of_day(struct querying *q, const char *plan, int32_t day, struct arena *arena)
{
    static struct heard heard;
    struct query line = {.id = 1, .what = QUERY_PLANS, .plan = text_of(plan), .as_at = day};
    struct counted row = {.day = day};
    struct plan_line read;
    struct fault fault;

    line.has.id = line.has.what = line.has.plan = line.has.as_at = 1;
    heard.arena = arena;
    heard_ask(q, line, &heard);
    if (heard.refused)
        return "";
    CHECK(record_from_json(arena, &plan_line_record, &read, heard.rows[0], strlen(heard.rows[0]),
                           &fault));
    KEEP(&row, &read, actions);
    KEEP(&row, &read, blue);
    KEEP(&row, &read, grey);
    KEEP(&row, &read, green);
    KEEP(&row, &read, amber);
    KEEP(&row, &read, red);
    row.has.day = 1;
    return record_to_json(arena, &counted_record, &row).at;
}

/* Of the days that are asked for, those on which there was the plan. */
static void
check_counts(struct querying *q, const struct query *asked, const char *plan, int32_t first)
{
    static struct heard heard;
    struct arena *arena = arena_new();
    int32_t last = asked->has.until ? asked->until : q->today;
    size_t at = 0;

    heard.arena = arena;
    heard_ask(q, *asked, &heard);
    CHECK(!heard.refused || heard.error == ERROR_NOT_FOUND); /* nothing was said of it, ever */
    for (int32_t day = first; day <= last; day++) {
        if (day != last && (day - first) % (int32_t)asked->every != 0)
            continue;
        const char *row = row_of_day(q, plan, day, arena);
        if (!*row)
            continue;
        CHECK(at < heard.count);
        CHECK_STR(row, heard.rows[at++]);
    }
    CHECK_INT(at, heard.count);
    if (asked->has.limit && !heard.refused) /* each page is full but the last */
        CHECK_INT(at ? (at + (size_t)asked->limit - 1) / (size_t)asked->limit : 1, heard.pages);
    arena_destroy(&arena);
}

TEST(counts_are_those_of_the_days_themselves)
{
    enum { DAYS = 12 };
    struct hearing *h = lived_through(DAYS, 40);
    struct ledger l;

    lived_ledger_open(h, h->number, &l);
    struct querying q = {&l, NULL, &lead, h->day, NULL};
    int32_t first = h->day - DAYS + 1;
    for (int p = 0; p < LIVED_PLANS; p++)
        for (int step = 1; step <= 5; step += 2) {
            const char *plan = lived_plans[p];
            struct query asked = every(counts_of(plan), step);
            struct query from = since(asked, first + 2);
            check_counts(&q, &from, plan, first + 2);
            struct query pages = limit(from, 2);
            check_counts(&q, &pages, plan, first + 2);
            struct query piece = until(limit(from, 1), h->day - 1);
            check_counts(&q, &piece, plan, first + 2);
            struct query day = until(from, first + 2);
            check_counts(&q, &day, plan, first + 2);
            arena_reset(l.arena);
        }
    lived_ledger_close(&l);
    hearing_close(h);
}

/* --- a plan of known days -------------------------------------------------------------- */

struct known {
    struct hearing *h;
    struct ledger l;
    struct querying q;
    struct heard *heard;
};

/* Made on 1 April, due on the 20th, and on the 10th a second action is added; today is
   1 May. */
static void
begin(struct known *k)
{
    static struct heard heard;

    k->h = hearing_open("2016-03-20");
    hearing_day(k->h, "2016-04-01");
    hearing_plan(k->h, "2016-04-20");
    hearing_day(k->h, "2016-04-10");
    CHECK_STR("accepted",
              hearing_say(k->h, "board/lead",
                          "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', "
                          "'leads': ['schools'], 'due': '2017-01-01', 'seen': 0, 'epoch': 0}"));
    hearing_day(k->h, "2016-05-01");
    CHECK_STR("accepted", hearing_say(k->h, "board/lead",
                                      "{'kind': 'decision', 'what': 'withdraw', 'action': 'p/2', "
                                      "'reason': 'r', 'seen': SEEN}"));
    lived_ledger_open(k->h, k->h->number, &k->l);
    k->q = (struct querying){&k->l, NULL, &lead, k->h->day, NULL};
    k->heard = &heard;
    heard.arena = k->l.arena;
}

static void
end(struct known *k)
{
    lived_ledger_close(&k->l);
    hearing_close(k->h);
}

/* "2016-04-08 1 0/1/0/0/0" a row: actions, red/amber/green/blue/grey. */
static const char *
rows_of(struct known *k, struct query asked)
{
    static char said[4000];
    size_t len = 0;

    arena_reset(k->l.arena);
    heard_ask(&k->q, asked, k->heard);
    said[0] = '\0';
    if (k->heard->refused)
        return word_text(&wire_errors, (int)k->heard->error);
    for (size_t i = 0; i < k->heard->count; i++) {
        const char *json = k->heard->rows[i];
        struct counted c;
        struct fault fault;
        char day[DAY_TEXT];
        CHECK(record_from_json(k->l.arena, &counted_record, &c, json, strlen(json), &fault));
        day_format(c.day, day);
        len += (size_t)snprintf(said + len, sizeof said - len, "%s%s %d %d/%d/%d/%d/%d",
                                len ? ", " : "", day + 5, (int)c.actions, (int)c.red, (int)c.amber,
                                (int)c.green, (int)c.blue, (int)c.grey);
        CHECK(len < sizeof said);
    }
    return said;
}

TEST(counts_begin_with_the_plan_and_end_with_the_last_day)
{
    struct known k;
    struct query p = counts_of("p");

    begin(&k);
    CHECK_STR("04-01 1 0/1/0/0/0, 04-08 1 0/1/0/0/0, 04-15 2 0/1/0/0/1, 04-22 2 1/0/0/0/1, "
              "04-29 2 1/0/0/0/1, 05-01 2 1/0/0/0/1",
              rows_of(&k, p));
    CHECK_STR("04-09 1 0/1/0/0/0, 04-10 2 0/1/0/0/1",
              rows_of(&k, until(every(since(p, k.h->day - 22), 1), k.h->day - 21)));
    /* from before there was the plan: 1 March, 60 days on, and the last */
    CHECK_STR("04-30 2 1/0/0/0/1, 05-01 2 1/0/0/0/1",
              rows_of(&k, every(since(p, k.h->day - 61), 60)));
    CHECK_STR("04-04 1 0/1/0/0/0, 04-14 2 0/1/0/0/1, 04-20 2 0/1/0/0/1",
              rows_of(&k, until(every(since(p, k.h->day - 57), 10), k.h->day - 11)));
    CHECK_STR("04-01 1 0/1/0/0/0, 05-01 2 1/0/0/0/1", rows_of(&k, every(p, EVERY_MAX)));
    CHECK_STR("", rows_of(&k, until(p, k.h->day - 31)));
    end(&k);
}

TEST(counts_say_which_days_there_are_not)
{
    struct known k;
    struct query p = counts_of("p");

    begin(&k);
    CHECK_STR("day", rows_of(&k, until(p, k.h->day + 1)));
    CHECK_STR("day", rows_of(&k, since(p, k.h->day + 1)));
    CHECK_STR("day", rows_of(&k, until(since(p, k.h->day - 3), k.h->day - 4)));
    CHECK_STR("day", rows_of(&k, until(p, k.h->day - 43))); /* before the board's first */
    CHECK_STR("05-01 2 1/0/0/0/1", rows_of(&k, since(p, k.h->day)));
    CHECK_STR("not-found", rows_of(&k, counts_of("q")));
    p.has.plan = 0;
    CHECK_STR("not-found", rows_of(&k, p));
    end(&k);
}

/* A place to go on from that was never given begins with the first row. */
TEST(counts_go_on_after_a_day)
{
    static const char *const places[] = {"x", "p/1", "2016-04-31", "17", "1900-01-01"};
    struct known k;
    struct query p = every(counts_of("p"), 20);

    begin(&k);
    p.has.after = 1;
    p.after = text_of("2016-04-01");
    CHECK_STR("04-21 2 1/0/0/0/1, 05-01 2 1/0/0/0/1", rows_of(&k, p));
    p.after = text_of("2016-04-12");
    CHECK_STR("05-01 2 1/0/0/0/1", rows_of(&k, p));
    p.after = text_of("2016-05-01");
    CHECK_STR("", rows_of(&k, p));
    p.after = text_of("2199-12-31");
    CHECK_STR("", rows_of(&k, p));
    p = since(p, k.h->day - 30);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        p.after = text_of(places[i]);
        CHECK_STR("04-01 1 0/1/0/0/0, 04-21 2 1/0/0/0/1, 05-01 2 1/0/0/0/1", rows_of(&k, p));
    }
    end(&k);
}

/* --- what it costs ----------------------------------------------------------------------- */

static int64_t
reads_for(struct known *k, struct query asked)
{
    struct journal *real = k->l.journal;
    struct read_journal counting;

    k->l.journal = read_journal_of(real, &counting);
    CHECK(*rows_of(k, asked));
    k->l.journal = real;
    return counting.reads;
}

TEST(counts_of_many_days_walk_once)
{
    struct known k;

    begin(&k);
    int64_t one = reads_for(&k, since(counts_of("p"), k.h->day));
    CHECK(one > 0);
    CHECK_INT(one, reads_for(&k, every(counts_of("p"), 1)));
    CHECK(k.heard->count == 31);
    end(&k);
}
