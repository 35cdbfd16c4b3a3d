/* A question's credit: no RESULT is longer, and yet every row comes, once. */
#include <stdarg.h>
#include <string.h>

#include "schema/wire/frame.h"
#include "tests/heard.h"
#include "tests/line.h"
#include "tests/lived.h"
#include "tests/t.h"

static const struct author lead = {
    .client = {"board/lead", 10}, .agency = {"board", 5}, .role = ROLE_LEAD};

struct room {
    struct hearing *h;
    struct ledger l;
    struct querying q;
};

static void __attribute__((format(printf, 3, 4)))
say(struct room *r, const char *client, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    CHECK_STR("accepted", hearing_say(r->h, client, "%s", line_fill(format, args)));
    va_end(args);
}

/* Plans p and q1 to q9 with an action each, and for twelve days something is said of p. */
static void
begin(struct room *r)
{
    r->h = hearing_open("2016-04-01");
    hearing_plan(r->h, "2016-09-01");
    for (int i = 1; i <= 9; i++) {
        say(r, "board/lead",
            "{'kind': 'plan', 'id': 'q%d', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', "
            "'members': [], 'seen': 0, 'epoch': 0}",
            i);
        say(r, "board/lead",
            "{'kind': 'action', 'id': 'q%d/1', 'ref': '1', 'title': 'A', 'leads': [], 'seen': 0, "
            "'epoch': 0}",
            i);
    }
    for (int i = 0; i < 60; i++) {
        r->h->day += i % 5 == 4;
        say(r, "police/crm",
            "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'note %d'}", i);
    }
    lived_ledger_open(r->h, r->h->number, &r->l);
    r->q = (struct querying){&r->l, NULL, &lead, r->h->day, NULL};
}

static void
end(struct room *r)
{
    lived_ledger_close(&r->l);
    hearing_close(r->h);
}

/* As many bytes as the least of the answer takes, by what the ERROR says. */
static int64_t
least_of(struct room *r, struct query query)
{
    static uint8_t frame[FRAME_OUT_MAX];
    enum message_kind kind;
    union message m;
    struct fault fault;
    int bytes = 0;
    char reason[300];

    query.credit = 1;
    query.has.credit = 1;
    size_t len = heard_page(&r->q, &query, frame);
    CHECK(frame_decode(r->l.arena, frame, len, &kind, &m, &fault));
    CHECK_INT(SAY_ERROR, kind);
    CHECK_INT(ERROR_LIMIT, m.error.code);
    CHECK_INT(query.id, m.error.id);
    snprintf(reason, sizeof reason, "%.*s", (int)m.error.reason.len, m.error.reason.at);
    CHECK_INT(
        1, sscanf(reason, "the least of the answer takes %d bytes, and the credit is 1", &bytes));
    return bytes;
}

/* In pages of whatever credit the same rows come as in one. */
static void
check_rows(struct room *r, struct query query)
{
    static struct heard whole;
    static struct heard pages;

    arena_reset(r->l.arena);
    whole.arena = pages.arena = arena_new();
    heard_ask(&r->q, query, &whole);
    CHECK(!whole.refused && whole.count > 1);
    query.has.credit = 1;
    for (query.credit = 1500; query.credit < 40000; query.credit *= 3) {
        heard_ask(&r->q, query, &pages);
        CHECK(!pages.refused);
        CHECK_INT(whole.count, pages.count);
        for (size_t i = 0; i < whole.count; i++)
            CHECK_STR(whole.rows[i], pages.rows[i]);
        arena_reset(r->l.arena);
    }
    arena_destroy(&pages.arena);
}

static const char *const lists[] = {
    "'what': 'status'",
    "'what': 'status', 'as_at': '2016-04-04'",
    "'what': 'plans'",
    "'what': 'plans', 'as_at': '2016-04-04'",
    "'what': 'agencies'",
    "'what': 'clients'",
    "'what': 'history', 'action': 'p/1'",
    "'what': 'log'",
    "'what': 'log', 'from': 3",
    "'what': 'log', 'plan': 'p'",
    "'what': 'counts', 'plan': 'p', 'every': 1",
};

TEST(queries_pages_are_within_the_credit_and_hold_every_row_once)
{
    struct room r;

    begin(&r);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct arena *asked = arena_new();
        check_rows(&r, heard_query(asked, "{'id': 1, %s}", lists[i]));
        arena_destroy(&asked);
    }
    end(&r);
}

/* What the ERROR says is enough, and a byte less is not. */
TEST(queries_say_how_much_credit_the_least_of_an_answer_takes)
{
    static uint8_t frame[FRAME_OUT_MAX];
    struct room r;

    begin(&r);
    for (size_t i = 0; i <= sizeof lists / sizeof *lists; i++) {
        struct arena *asked = arena_new();
        struct query q =
            i ? heard_query(asked, "{'id': 7, %s}", lists[i - 1])
              : heard_query(asked, "{'id': 7, 'what': 'show', 'action': 'p/1', 'credit': 1}");
        q.credit = least_of(&r, q);
        q.has.credit = 1;
        CHECK(q.credit > 30);
        CHECK_INT(q.credit, heard_page(&r.q, &q, frame));
        CHECK(memcmp(frame + 2, "RESULT", 6) == 0);
        q.credit--;
        (void)heard_page(&r.q, &q, frame);
        CHECK(memcmp(frame + 2, "ERROR", 5) == 0);
        arena_destroy(&asked);
        arena_reset(r.l.arena);
    }
    end(&r);
}

TEST(queries_take_a_credit_beyond_all_bounds)
{
    static struct heard heard;
    struct room r;

    begin(&r);
    heard.arena = r.l.arena;
    struct query q =
        heard_query(r.l.arena, "{'id': 1, 'what': 'log', 'credit': %lld}", (long long)INT64_MAX);
    heard_ask(&r.q, q, &heard);
    CHECK(!heard.refused && heard.count > 80);
    end(&r);
}
