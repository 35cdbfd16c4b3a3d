/* What the broker says of days that begin, told by a clock of the test's own. */
#include "broker/newday.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/rating.h"
#include "tests/small_board.h"
#include "tests/t.h"

#define HOUR INT64_C(3600000000)
#define DAY (24 * HOUR)

enum { SAID = 16384, MANY_ROWS = 1000000 };

/* Plan p with p/1 of police, due 2016-09-30, last heard of on 2016-04-01: so it is
   silent from the 91st day after that, and overdue from October. */
struct days {
    struct small_board board;
    struct newday newday;
    int64_t read; /* the newest entry that the test has looked at */
    char said[SAID];
};

static struct days *
days_open(void)
{
    static struct days d;

    small_board_open(&d.board);
    newday_init(&d.newday, &d.board.ledger);
    d.read = d.board.ledger.number;
    return &d;
}

/* What was said, folded anew, gives the same rows. */
static void
days_close(struct days *d)
{
    small_board_settle(&d->board);
    CHECK(small_board_refold(&d->board) == NULL);
    newday_end(&d->newday);
    small_board_close(&d->board);
}

/* 00:00 UTC of a day. */
static int64_t
midnight(const char *text)
{
    int32_t day;

    CHECK(day_parse(text, strlen(text), &day));
    return day * DAY;
}

static int64_t
rate(struct days *d, int rows)
{
    int64_t steps = 1;

    for (int rc; (rc = newday_step(&d->newday, d->board.host, rows)); steps++)
        CHECK_INT(1, rc);
    return steps;
}

/* The submission of an entry that must be a rating of the broker's own. */
static struct rating_change
rating_of(struct days *d, int64_t number)
{
    struct rating_change r;
    struct fault fault;
    struct entry e;

    CHECK_INT(1, ledger_entry(&d->board.ledger, number, &e));
    CHECK_INT(KIND_RATING, e.kind);
    CHECK_INT(ACCEPTED, e.outcome);
    CHECK(text_is(e.client, "broker"));
    CHECK(record_decode(d->board.arena, &rating_change_record, &r, e.body.at, e.body.len, &fault));
    CHECK(r.day <= e.day);
    return r;
}

static int
print_rating(const struct rating_change *r, char *out, size_t cap)
{
    char day[DAY_TEXT];
    int len;

    day_format(r->day, day);
    if (!r->has.plan)
        return snprintf(out, cap, "%s. ", day);
    len = snprintf(out, cap, "%.*s %s %d/%d:", (int)r->plan.len, r->plan.at, day, (int)r->part,
                   (int)r->parts);
    for (uint32_t i = 0; i < r->changes.count; i++) {
        const struct rated *c = &r->changes.at[i];
        len +=
            snprintf(out + len, cap - (size_t)len, " %.*s %s %s", (int)c->action.len, c->action.at,
                     word_text(&ratings, (int)c->before), word_text(&ratings, (int)c->after));
        for (int why = 0; why < REASON_COUNT; why++)
            if (c->reasons & reason_bit((enum reason)why))
                len += snprintf(out + len, cap - (size_t)len, " %s", word_text(&reasons, why));
    }
    return len + snprintf(out + len, cap - (size_t)len, "; ");
}

/* All that was said since the last time: a day that is whole ends with a stop. */
static const char *
said(struct days *d)
{
    int len = 0;

    d->said[0] = '\0';
    while (d->read < d->board.ledger.number) {
        arena_reset(d->board.arena);
        struct rating_change r = rating_of(d, ++d->read);
        CHECK(len < SAID - 200);
        len += print_rating(&r, d->said + len, SAID - (size_t)len);
    }
    return d->said;
}

static const char *
said_at(struct days *d, int64_t host)
{
    d->board.host = host;
    (void)rate(d, NEWDAY_ROWS);
    return said(d);
}

/* --- one day after the other --------------------------------------------------------- */

TEST(newday_says_what_a_day_changed_and_that_it_is_rated)
{
    struct days *d = days_open();

    CHECK_STR("", said_at(d, d->board.host + HOUR)); /* of the board's first day there is nothing */
    CHECK_STR("2016-04-02. ", said_at(d, midnight("2016-04-02")));
    CHECK_STR("", said_at(d, midnight("2016-04-02") + HOUR));
    for (int64_t host = midnight("2016-04-03"); host <= midnight("2016-06-30"); host += DAY)
        CHECK_INT(strlen("2016-04-03. "), strlen(said_at(d, host)));
    CHECK_STR("p 2016-07-01 1/1: p/1 green amber silent; 2016-07-01. ",
              said_at(d, midnight("2016-07-01") + 9 * HOUR));
    for (int64_t host = midnight("2016-07-02"); host <= midnight("2016-09-30"); host += DAY)
        CHECK_INT(strlen("2016-07-02. "), strlen(said_at(d, host)));
    CHECK_STR("p 2016-10-01 1/1: p/1 amber red overdue silent; 2016-10-01. ",
              said_at(d, midnight("2016-10-01")));
    days_close(d);
}

TEST(newday_makes_up_for_missed_days_in_their_order)
{
    struct days *d = days_open();

    clock_confirm(&d->board.ledger.clock, midnight("2016-06-28"));
    (void)said_at(d, midnight("2016-06-28"));
    CHECK_STR("2016-06-29. 2016-06-30. p 2016-07-01 1/1: p/1 green amber silent; 2016-07-01. "
              "2016-07-02. 2016-07-03. ",
              said_at(d, midnight("2016-07-03") + 8 * HOUR));
    days_close(d);
}

TEST(newday_says_no_day_twice_when_the_host_goes_back)
{
    struct days *d = days_open();

    CHECK_STR("2016-04-02. 2016-04-03. ", said_at(d, midnight("2016-04-03") + HOUR));
    CHECK_STR("", said_at(d, midnight("2016-04-02") + HOUR));
    CHECK_STR("", said_at(d, midnight("2016-04-01") + HOUR));
    CHECK_STR("", said_at(d, midnight("2016-04-03") + 20 * HOUR));
    CHECK_STR("2016-04-04. ", said_at(d, midnight("2016-04-04")));
    days_close(d);
}

/* London's midnight is an hour before UTC's from the last Sunday of March to that of
   October. */
TEST(newday_begins_at_midnight_in_london)
{
    struct days *d = days_open();

    clock_confirm(&d->board.ledger.clock, midnight("2016-10-28"));
    (void)said_at(d, midnight("2016-10-28") + 12 * HOUR);
    CHECK_STR("", said_at(d, midnight("2016-10-28") + 23 * HOUR - 1));
    CHECK_STR("2016-10-29. ", said_at(d, midnight("2016-10-28") + 23 * HOUR));
    CHECK_STR("2016-10-30. ", said_at(d, midnight("2016-10-29") + 23 * HOUR));
    CHECK_STR("", said_at(d, midnight("2016-10-30") + 23 * HOUR));
    CHECK_STR("", said_at(d, midnight("2016-10-31") - 1));
    CHECK_STR("2016-10-31. ", said_at(d, midnight("2016-10-31")));
    clock_confirm(&d->board.ledger.clock, midnight("2017-03-25"));
    (void)said_at(d, midnight("2017-03-25") + 12 * HOUR);
    CHECK_STR("", said_at(d, midnight("2017-03-26") - 1));
    CHECK_STR("2017-03-26. ", said_at(d, midnight("2017-03-26")));
    CHECK_STR("", said_at(d, midnight("2017-03-26") + 23 * HOUR - 1));
    CHECK_STR("2017-03-27. ", said_at(d, midnight("2017-03-26") + 23 * HOUR));
    days_close(d);
}

TEST(newday_waits_where_the_clock_has_jumped_until_it_is_confirmed)
{
    struct days *d = days_open();
    int32_t first = (int32_t)(midnight("2016-04-02") / DAY);

    CHECK_STR("", said_at(d, midnight("2016-05-31")));
    CHECK_STR("", said_at(d, midnight("2016-06-01")));
    small_board_say(&d->board, "board/operator",
                    "{\"kind\":\"board\",\"what\":\"confirm-clock\",\"day\":\"2016-06-01\","
                    "\"reason\":\"it was off\"}");
    d->read = d->board.ledger.number;
    CHECK(rate(d, NEWDAY_ROWS) > 1);
    for (int32_t day = first; d->read < d->board.ledger.number; day++) {
        arena_reset(d->board.arena);
        struct rating_change r = rating_of(d, ++d->read);
        CHECK_INT(day, r.day);
        CHECK(!r.has.plan);
    }
    CHECK_INT(midnight("2016-06-01") / DAY, d->board.ledger.rated);
    CHECK_STR("", said_at(d, d->board.host));
    days_close(d);
}

static void
say(struct days *d, const char *client, const char *format, ...)
{
    static char line[1000];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    small_board_say(&d->board, client, line);
}

/* Led by police, and due today: so it is overdue from tomorrow. */
static void
add_action(struct days *d, const char *plan, int ref)
{
    say(d, "board/lead",
        "{\"kind\":\"action\",\"id\":\"%s/%d\",\"ref\":\"%d\",\"title\":\"A\",\"leads\":"
        "[\"police\"],\"due\":\"2016-04-01\",\"seen\":0,\"epoch\":0}",
        plan, ref, ref);
}

static void
add_plan(struct days *d, const char *plan)
{
    say(d, "board/lead",
        "{\"kind\":\"plan\",\"id\":\"%s\",\"title\":\"P\",\"type\":\"review\",\"marking\":"
        "\"OFFICIAL\",\"members\":\"all\",\"seen\":0,\"epoch\":0}",
        plan);
}

static void
decide(struct days *d, const char *action, const char *what, const char *more)
{
    say(d, "board/lead",
        "{\"kind\":\"decision\",\"action\":\"%s\",\"what\":\"%s\",\"reason\":\"r\",\"seen\":%d,"
        "\"epoch\":0%s}",
        action, what, (int)d->board.ledger.number, more);
}

/* The check date of q/1 passes too. */
TEST(newday_leaves_out_what_is_void_withdrawn_or_filed)
{
    struct days *d = days_open();

    for (int ref = 2; ref <= 4; ref++)
        add_action(d, "p", ref);
    decide(d, "p/2", "void", "");
    decide(d, "p/3", "withdraw", "");
    add_plan(d, "q");
    add_action(d, "q", 1);
    decide(d, "q/1", "assure", ",\"override\":true,\"check\":\"2016-04-01\"");
    d->read = d->board.ledger.number;
    int64_t seen = d->read;
    say(d, "board/lead",
        "{\"kind\":\"plan\",\"id\":\"q\",\"title\":\"P\",\"type\":\"review\",\"marking\":"
        "\"OFFICIAL\",\"members\":\"all\",\"closed\":true,\"seen\":%d,\"epoch\":0}",
        (int)seen);
    d->read++;
    CHECK_STR("p 2016-04-02 1/1: p/4 amber red overdue; 2016-04-02. ",
              said_at(d, midnight("2016-04-02")));
    days_close(d);
}

/* --- in slices, and cut off ------------------------------------------------------------ */

enum { MANY = 3 * RATED_MAX + 10, MANY_PARTS = 4 };

/* Plans a to c, of which b has more to say tomorrow than an entry holds. */
static struct days *
open_with_much(void)
{
    struct days *d = days_open();

    add_plan(d, "a");
    add_action(d, "a", 1);
    add_plan(d, "b");
    for (int ref = 1; ref <= MANY; ref++)
        add_action(d, "b", ref);
    add_plan(d, "c");
    add_action(d, "c", 1);
    small_board_settle(&d->board);
    d->read = d->board.ledger.number;
    d->board.host += DAY;
    return d;
}

/* What is said of that day where nothing comes in between. */
static const char *
all_at_once(void)
{
    static char all[SAID];
    struct days *d = open_with_much();

    CHECK_INT(1, rate(d, MANY_ROWS));
    (void)snprintf(all, sizeof all, "%s", said(d));
    days_close(d);
    return all;
}

TEST(newday_says_what_does_not_fit_an_entry_in_parts)
{
    const char *all = all_at_once();
    struct days *d = open_with_much();
    int64_t number = d->read;

    (void)rate(d, NEWDAY_ROWS);
    CHECK_INT(number + 1 + MANY_PARTS + 1 + 1, d->board.ledger.number); /* a, b, c, the day */
    for (int64_t part = 1; part <= MANY_PARTS; part++) {
        struct rating_change r = rating_of(d, number + 1 + part);
        CHECK(text_is(r.plan, "b"));
        CHECK_INT(part, r.part);
        CHECK_INT(MANY_PARTS, r.parts);
        CHECK_INT(part < MANY_PARTS ? RATED_MAX : MANY % RATED_MAX, r.changes.count);
    }
    for (int ref = 1; ref <= MANY; ref++) {
        char want[40];
        (void)snprintf(want, sizeof want, " b/%d amber red overdue", ref);
        const char *once = strstr(all, want);
        CHECK(once && !strstr(once + 1, want));
    }
    days_close(d);
}

/* However small the slices: none makes more than one entry, or looks at more than a
   few actions. */
TEST(newday_goes_on_in_the_next_slice)
{
    const char *all = all_at_once();
    struct days *d = open_with_much();
    int64_t steps = 1;
    int64_t number = d->read;

    for (; newday_step(&d->newday, d->board.host, 1); steps++) {
        CHECK(d->board.ledger.number - number <= 1);
        number = d->board.ledger.number;
    }
    CHECK(steps > MANY + MANY_PARTS);
    CHECK(strcmp(all, said(d)) == 0);
    days_close(d);
}

/* The broker's journal fails, or it is killed: what was durable stays said, the rest is
   said once more, and nothing else. */
TEST(newday_goes_on_where_it_was_cut_off)
{
    const char *all = all_at_once();
    int cuts = 0;

    for (int round = 0; round < 30; round++) {
        struct days *d = open_with_much();
        while (newday_step(&d->newday, d->board.host, 1 + (int)random_below(60)) == 1) {
            if (random_below(3))
                small_board_settle(&d->board);
            if (random_below(5))
                continue;
            cuts++;
            CHECK_INT(0, ledger_roll_back(&d->board.ledger));
            newday_forget(&d->newday);
        }
        CHECK(strcmp(all, said(d)) == 0);
        days_close(d);
    }
    CHECK(cuts > 0);
}
