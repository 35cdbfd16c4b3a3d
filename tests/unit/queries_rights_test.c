/* Who may ask what: of a plan that a client may not see it hears what it would hear of
   one that there is not, byte for byte, in every kind of question and of any day; and
   in what is asked of all plans there is no trace of it. */
#include <string.h>

#include "schema/ids.h"
#include "schema/wire/frame.h"
#include "tests/heard.h"
#include "tests/lived.h"
#include "tests/t.h"

struct room {
    struct hearing *h;
    struct ledger l;
    struct author who;
    struct querying q;
    uint8_t frame[FRAME_OUT_MAX];
    uint8_t other[FRAME_OUT_MAX];
};

/* Plan `secret` is of health, and on its second day was of the police too. Plan p is
   of all. */
static const struct hearing_line plan_days[][6] = {
    {
        {"board/lead", "accepted",
         "{'kind': 'plan', 'id': 'secret', 'title': 'S', 'type': 'review', 'marking': "
         "'OFFICIAL-SENSITIVE', 'members': ['health', 'police'], 'seen': 0, 'epoch': 0}"},
        {"board/lead", "accepted",
         "{'kind': 'action', 'id': 'secret/1', 'ref': '1', 'title': 'A', 'leads': ['health'], "
         "'contributors': ['police'], 'themes': ['neglect'], 'seen': 0, 'epoch': 0}"},
        {"police/crm", "accepted",
         "{'kind': 'progress', 'action': 'secret/1', 'on': '2016-04-02', 'note': 'known'}"},
    },
    {
        {"health/crm", "accepted",
         "{'kind': 'progress', 'action': 'secret/1', 'on': '2016-04-03', 'note': 'begun'}"},
        {"board/lead", "accepted",
         "{'kind': 'action', 'id': 'secret/1', 'ref': '1', 'title': 'A', 'leads': ['health'], "
         "'themes': ['neglect'], 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "accepted",
         "{'kind': 'plan', 'id': 'secret', 'title': 'S', 'type': 'review', 'marking': "
         "'OFFICIAL-SENSITIVE', 'members': ['health'], 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "accepted",
         "{'kind': 'decision', 'what': 'note', 'action': 'secret/1', 'reason': 'r', 'seen': SEEN}"},
    },
};

static void
begin(struct room *r)
{
    r->h = hearing_open("2016-04-01");
    hearing_plan(r->h, "2016-09-01");
    hearing_day(r->h, "2016-04-02");
    hearing_run(r->h, plan_days[0], 3);
    hearing_day(r->h, "2016-04-03");
    hearing_run(r->h, plan_days[1], 4);
    hearing_day(r->h, "2016-04-04");
    lived_ledger_open(r->h, r->h->number, &r->l);
    r->q = (struct querying){&r->l, NULL, &r->who, r->h->day, NULL};
}

static void
end(struct room *r)
{
    lived_ledger_close(&r->l);
    hearing_close(r->h);
}

static void
become(struct room *r, const char *client)
{
    struct client_row row;

    r->who = (struct author){.client = text_of(client), .agency = path_first(text_of(client))};
    CHECK_INT(1, state_get_client(r->l.state, r->l.arena, r->who.client, &row));
    r->who.role = row.role;
}

/* One that was a member, two that never were, and one that sees no plan at all. */
static const char *const outside[] = {"police/crm", "schools/crm", "ofsted/inspector",
                                      "board/operator"};
static const char *const inside[] = {"health/crm", "board/lead", "board/chair"};

enum { OUTSIDE = sizeof outside / sizeof *outside, INSIDE = sizeof inside / sizeof *inside };

/* # is the plan. */
static const char *const of_a_plan[] = {
    "'what': 'status', 'plan': '#'",      "'what': 'show', 'action': '#/1'",
    "'what': 'history', 'action': '#/1'", "'what': 'log', 'action': '#/1'",
    "'what': 'log', 'plan': '#'",         "'what': 'log', 'plan': '#', 'from': 1",
    "'what': 'plans', 'plan': '#'",       "'what': 'counts', 'plan': '#'",
};
static const char *const of_all[] = {
    "'what': 'status'",
    "'what': 'status', 'theme': 'neglect'",
    "'what': 'status', 'agency': 'health'",
    "'what': 'plans'",
    "'what': 'log'",
    "'what': 'log', 'from': 1",
    "'what': 'log', 'agency': 'health'",
    "'what': 'log', 'agency': 'police'",
    "'what': 'agencies'",
};
static const char *const besides[] = {
    "",
    ", 'as_at': '2016-04-02'",
    ", 'as_at': '2016-04-03'",
    ", 'as_at': '2016-04-04'",
    ", 'as_at': '2016-05-04'",
    ", 'as_at': '2000-01-01'",
    ", 'credit': 1",
    ", 'limit': 1",
    ", 'since': '2016-04-02', 'until': '2016-04-03'",
    ", 'after': 'secret'",
    ", 'after': 'secret/1'",
    ", 'after': 'secre', 'as_at': '2016-04-03'",
    ", 'after': 'p/1', 'as_at': '2016-04-03'",
    ", 'after': '2016-04-02'",
    ", 'after': '1000'",
};

enum {
    OF_A_PLAN = sizeof of_a_plan / sizeof *of_a_plan,
    OF_ALL = sizeof of_all / sizeof *of_all,
    BESIDES = sizeof besides / sizeof *besides,
};

static struct query
question(struct arena *arena, const char *what, const char *plan, const char *more)
{
    size_t before = strcspn(what, "#");
    bool named = what[before] == '#';

    return heard_query(arena, "{'id': 9, %.*s%s%s%s}", (int)before, what, named ? plan : "",
                       named ? what + before + 1 : "", more);
}

static size_t
ask(struct room *r, const char *what, const char *plan, const char *more, uint8_t *frame)
{
    arena_reset(r->l.arena);
    struct query q = question(r->l.arena, what, plan, more);
    return heard_page(&r->q, &q, frame);
}

static bool
is_error(const uint8_t *frame, enum wire_error code, struct arena *arena, size_t len)
{
    enum message_kind kind;
    union message m;
    struct fault fault;

    CHECK(frame_decode(arena, frame, len, &kind, &m, &fault));
    return kind == SAY_ERROR && m.error.code == code;
}

TEST(queries_answer_alike_of_a_plan_that_is_not_seen_and_of_none)
{
    static struct room r;

    begin(&r);
    for (int c = 0; c < OUTSIDE; c++) {
        become(&r, outside[c]);
        for (size_t i = 0; i < OF_A_PLAN; i++)
            for (size_t k = 0; k < BESIDES; k++) {
                size_t len = ask(&r, of_a_plan[i], "secret", besides[k], r.frame);
                size_t none = ask(&r, of_a_plan[i], "absent", besides[k], r.other);
                if (len != none || memcmp(r.frame, r.other, len) != 0)
                    FAIL_WITH("%s hears another answer: %s%s", outside[c], of_a_plan[i],
                              besides[k]);
                CHECK(is_error(r.frame, ERROR_NOT_FOUND, r.l.arena, len)
                      || is_error(r.frame, ERROR_DAY, r.l.arena, len));
            }
    }
    end(&r);
}

TEST(queries_of_all_plans_tell_nothing_of_one_that_is_not_seen)
{
    static struct room r;

    begin(&r);
    for (int c = 0; c < OUTSIDE; c++) {
        become(&r, outside[c]);
        for (size_t i = 0; i < OF_ALL; i++)
            for (size_t k = 0; k < BESIDES; k++) {
                size_t len = ask(&r, of_all[i], "", besides[k], r.frame);
                if (memmem(r.frame, len, "secret", 6))
                    FAIL_WITH("%s hears of it: %s%s", outside[c], of_all[i], besides[k]);
            }
    }
    end(&r);
}

/* The past is there, and meanwhile the plan has become another's affair. */
TEST(queries_of_the_past_are_answered_by_the_rights_of_when_they_are)
{
    static const char *const asked[] = {
        "'what': 'show', 'action': 'p/1', 'as_at': '2016-04-02'",
        "'what': 'status', 'plan': 'p', 'as_at': '2016-04-02'",
        "'what': 'plans', 'plan': 'p', 'as_at': '2016-04-02'",
        "'what': 'counts', 'plan': 'p', 'until': '2016-04-02'",
    };
    enum { ASKED = sizeof asked / sizeof *asked };
    const atomic_bool go_on = false;
    struct past pasts[ASKED];
    static struct room r;

    begin(&r);
    become(&r, "schools/crm");
    for (int i = 0; i < ASKED; i++) {
        arena_reset(r.l.arena);
        struct query q = question(r.l.arena, asked[i], "", "");
        CHECK_INT(1, queries_need(&r.q, &q, &pasts[i].of));
        const struct past_of of = pasts[i].of;
        CHECK_INT(0, past_fold(r.l.journal, &of, &go_on, &pasts[i]));
    }
    for (int removed = 0; removed < 2; removed++)
        for (int i = 0; i < ASKED; i++) {
            arena_reset(r.l.arena);
            struct query q = question(r.l.arena, asked[i], "", "");
            if (removed && i == 0)
                CHECK_STR("accepted",
                          hearing_say(r.h, "board/lead",
                                      "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': "
                                      "'action-plan', 'marking': 'OFFICIAL', 'members': ['police', "
                                      "'health'], 'reason': 'r', 'seen': SEEN}"));
            r.q.past = &pasts[i];
            CHECK_INT(0, queries_need(&r.q, &q, &(struct past_of){.day = 0}));
            int len = queries_answer(&r.q, &q, r.frame);
            CHECK(len > 0);
            CHECK_INT(removed, is_error(r.frame, ERROR_NOT_FOUND, r.l.arena, (size_t)len));
        }
    for (int i = 0; i < ASKED; i++)
        past_free(&pasts[i]);
    end(&r);
}

/* In pages of one row, to the last. */
static void
go_on(struct room *r, const char *what, const char *place, const char *more)
{
    static struct heard heard;

    heard.arena = arena_new();
    struct query q = question(heard.arena, what, "p", more);
    q.after = text_of(place);
    q.limit = 1;
    q.has.after = q.has.limit = 1;
    heard_ask(&r->q, q, &heard);
    arena_destroy(&heard.arena);
    arena_reset(r->l.arena);
}

/* Places that nobody gave, or another kind of question did. */
TEST(queries_go_on_from_any_place_to_an_end)
{
    static char longest[201];
    static const char *const places[] = {
        longest,      "/",
        "p/",         "//",
        "secret/1/1", "\001",
        "p/\001",     "p/\177",
        "~",          "-1",
        "0",          "1",
        "17",         "99999999999999999999",
        "2016-04-02", "2016-13-99",
        "9999-99-99", "ofsted",
        "police/crm",
    };
    static struct room r;

    begin(&r);
    memset(longest, 'p', sizeof longest - 1);
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        become(&r, p % 2 ? "board/lead" : "police/crm");
        for (int day = 0; day <= 3; day++) {
            for (size_t i = 0; i < OF_ALL; i++)
                go_on(&r, of_all[i], places[p], besides[day]);
            for (size_t i = 0; i < OF_A_PLAN; i++)
                go_on(&r, of_a_plan[i], places[p], besides[day]);
        }
    }
    end(&r);
}

/* Else the tests above would hold of a broker that tells nobody anything. */
TEST(queries_tell_who_may_see_a_plan_all_of_it)
{
    static struct room r;

    begin(&r);
    for (int c = 0; c < INSIDE; c++) {
        become(&r, inside[c]);
        for (int day = 0; day <= 3; day++) {
            for (size_t i = 0; i < OF_A_PLAN; i++) {
                size_t len = ask(&r, of_a_plan[i], "secret", besides[day], r.frame);
                CHECK(memcmp(r.frame + 2, "RESULT", 6) == 0);
                CHECK(memmem(r.frame, len, "secret", 6) || strstr(of_a_plan[i], "counts"));
            }
            size_t len = ask(&r, "'what': 'log', 'agency': 'health'", "", besides[day], r.frame);
            CHECK((day != 1) == (memmem(r.frame, len, "begun", 5) != NULL));
        }
    }
    end(&r);
}

/* An operator's log is the registry's; clients are for operators and leads. */
TEST(queries_tell_operators_of_the_registry_alone)
{
    static struct room r;

    begin(&r);
    become(&r, "board/operator");
    size_t len = ask(&r, "'what': 'log'", "", "", r.frame);
    CHECK(memmem(r.frame, len, "ofsted", 6));
    CHECK(!memmem(r.frame, len, "p/1", 3));
    len = ask(&r, "'what': 'clients'", "", "", r.frame);
    CHECK(memmem(r.frame, len, "ofsted/inspector", 16));
    for (int c = 0; c < OUTSIDE - 1; c++) {
        become(&r, outside[c]);
        len = ask(&r, "'what': 'log'", "", "", r.frame);
        CHECK(memmem(r.frame, len, "p/1", 3));
        CHECK(!memmem(r.frame, len, "inspector", 9));
        for (int day = 0; day <= 3; day++) {
            len = ask(&r, "'what': 'clients'", "", besides[day], r.frame);
            CHECK(is_error(r.frame, ERROR_NOT_FOUND, r.l.arena, len));
        }
    }
    end(&r);
}
