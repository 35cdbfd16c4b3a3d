/* DESIGN section 2, "Decisions, from where", rescind, notes. */
#include "tests/hearing.h"
#include "tests/t.h"

/* clang-format off */

#define SAYS(more) "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01'" more "}"
#define DECIDES(what, more) "{'kind': 'decision', 'action': 'p/1', 'what': '" what "'" more ", 'seen': SEEN}"
#define EVIDENCE ", 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}"
#define COMPLETE ", 'status': 'claimed-complete'" EVIDENCE
#define BY_OVERRIDE ", 'override': true, 'reason': 'r'"
#define WHY ", 'reason': 'r'"

/* Brings p/1 to a standing. */
static struct hearing *
standing(const char *what)
{
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    if (strcmp(what, "open") == 0)
        return h;
    if (strcmp(what, "close") == 0)
        CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", BY_OVERRIDE)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'decision', 'action': 'p/1', 'what': '%s', 'reason': 'r' %s %s, 'seen': SEEN}",
        what, strcmp(what, "embed") == 0 ? ", 'check': '2016-06-01'" : "",
        strcmp(what, "embed") == 0 || strcmp(what, "assure") == 0 || strcmp(what, "close") == 0 ? ", 'override': true" : ""));
    return h;
}

/* Each move, from each standing. */
TEST(rules_of_moves)
{
    static const char *const from[] = {"open", "assure", "embed", "close", "not-implement", "withdraw", "void"};
    static const struct { const char *what, *more, *may; } rows[] = {
        /*                                                        open assured embedding closed not-impl withdrawn error */
        {"assure",        BY_OVERRIDE,                                "yy....."},
        {"embed",         BY_OVERRIDE ", 'check': '2016-06-01'",      "yyy...."},
        {"not-implement", WHY,                                        "y......"},
        {"withdraw",      WHY,                                        "y......"},
        {"close",         BY_OVERRIDE,                                ".yyy..."},
        {"reopen",        WHY,                                        ".yyyyyy"},
        {"void",          WHY,                                        "yyyyyy."},
        {"note",          WHY,                                        "yyyyyyy"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof from / sizeof *from; k++) {
            struct hearing *h = standing(from[k]);
            const char *got = hearing_say(h, "board/lead", "{'kind': 'decision', 'action': 'p/1', 'what': '%s'%s, 'seen': SEEN}", rows[i].what, rows[i].more);
            const char *want = rows[i].may[k] == 'y' ? "accepted" : "rule what";
            if (strcmp(want, got) != 0)
                FAIL_WITH("%s after %s: want %s, got %s (%s)", rows[i].what, from[k], want, got, h->fault.reason);
            hearing_close(h);
        }
}

/* What a decision must carry, may carry, and may not. */
TEST(rules_of_what_decisions_carry)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "missing-field agencies", DECIDES("accept", "")},
        {"board/lead", "missing-field reason", DECIDES("not-implement", "")},
        {"board/lead", "missing-field reason", DECIDES("withdraw", "")},
        {"board/lead", "missing-field reason", DECIDES("return", "")},
        {"board/lead", "missing-field reason", DECIDES("void", "")},
        {"board/lead", "missing-field reason", DECIDES("note", "")},
        {"board/lead", "missing-field reason", DECIDES("assure", ", 'override': true")},
        {"board/lead", "missing-field reason", DECIDES("rescind", ", 'rescinds': 1")},
        {"board/lead", "missing-field check", DECIDES("embed", BY_OVERRIDE)},
        {"board/lead", "missing-field rescinds", DECIDES("rescind", WHY)},
        {"board/lead", "rule agencies", DECIDES("assure", ", 'agencies': ['police']")},
        {"board/lead", "rule due", DECIDES("note", WHY ", 'due': '2016-12-31'")},
        {"board/lead", "rule reply_by", DECIDES("void", WHY ", 'reply_by': '2016-12-31'")},
        {"board/lead", "rule check", DECIDES("note", WHY ", 'check': '2016-12-31'")},
        {"board/lead", "rule override", DECIDES("note", WHY ", 'override': true")},
        {"board/lead", "rule rescinds", DECIDES("note", WHY ", 'rescinds': 3")},
        {"board/lead", "rule continued_by", DECIDES("note", WHY ", 'continued_by': 'p/2'")},
        {"board/lead", "rule continued_by", DECIDES("withdraw", WHY ", 'continued_by': 'p/1'")},
        {"board/lead", "not-found continued_by", DECIDES("withdraw", WHY ", 'continued_by': 'p/2'")},
        {"board/lead", "rule agencies", DECIDES("note", WHY ", 'agencies': ['schools']")},
        {"board/lead", "rule agencies", DECIDES("accept", ", 'agencies': ['police']")}, /* has not claimed */
        {"board/lead", "rule agencies", DECIDES("return", WHY)}, /* there is nothing to return */
        {"board/lead", "not-found action", "{'kind': 'decision', 'action': 'p/9', 'what': 'note', 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "stale seen", "{'kind': 'decision', 'action': 'p/1', 'what': 'void', 'reason': 'r', 'seen': 3, 'epoch': 0}"},
        {"board/lead", "accepted", "{'kind': 'decision', 'action': 'p/1', 'what': 'note', 'reason': 'r', 'seen': 3, 'epoch': 0}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

TEST(rules_of_rescinding)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("accept", ", 'agencies': ['police']")));
    int64_t accepted = h->number;
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("return", WHY)));
    int64_t returned = h->number;
    CHECK_STR("green", hearing_rating(h, "p/1"));
    CHECK_STR("rule rescinds", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)accepted));
    CHECK_STR("stale epoch", hearing_say(h, "board/lead", "{'kind': 'decision', 'action': 'p/1', 'what': 'rescind', 'reason': 'r', 'rescinds': %d, 'seen': 99, 'epoch': 1}", (int)returned));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("note", WHY))); /* a note is in nobody's way */
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)returned));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"claimed-complete\""));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"accepted\":"));
    CHECK(strstr(hearing_action(h, "p/1"), "\"what\":\"accept\""));
    /* one level deep */
    CHECK_STR("rule rescinds", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)accepted));
    /* not once a part that it changed has moved */
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("return", WHY)));
    returned = h->number;
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(", 'percent': 50")));
    CHECK_STR("rule rescinds", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)returned));
    hearing_close(h);
}

TEST(rules_of_reopening)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("withdraw", WHY)));
    CHECK_STR("grey", hearing_rating(h, "p/1"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("reopen", WHY)));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"claimed-complete\"")); /* claims stay */
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", "")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("reopen", WHY ", 'due': '2016-12-31', 'agencies': ['police']")));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"in-progress\""));
    CHECK(strstr(hearing_part(h, "p/1", "health"), "\"status\":\"claimed-complete\""));
    CHECK(strstr(hearing_action(h, "p/1"), "\"due\":\"2016-12-31\""));
    CHECK(strstr(hearing_action(h, "p/1"), "\"due_was\":\"2016-09-30\""));
    int64_t reopened = h->number;
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)reopened));
    CHECK(strstr(hearing_action(h, "p/1"), "\"due\":\"2016-09-30\""));
    CHECK(!strstr(hearing_action(h, "p/1"), "due_was"));
    CHECK(strstr(hearing_action(h, "p/1"), "\"standing\":\"assured\""));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"claimed-complete\""));
    hearing_close(h);
}

/* A note with a reply-by day is answered by a note or evidence of each it names. */
TEST(rules_of_challenges)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-12-31");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(", 'status': 'in-progress'")));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(", 'status': 'in-progress'")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("note", ", 'reason': 'show it', 'agencies': ['health'], 'reply_by': '2016-04-15'")));
    hearing_day(h, "2016-04-15");
    CHECK_STR("green", hearing_rating(h, "p/1"));
    hearing_day(h, "2016-04-16");
    CHECK_STR("amber unanswered", hearing_rating(h, "p/1"));
    CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-16', 'note': 'not asked'}"));
    CHECK_STR("amber unanswered", hearing_rating(h, "p/1"));
    CHECK_STR("accepted", hearing_say(h, "health/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-16', 'percent': 50}"));
    CHECK_STR("amber unanswered", hearing_rating(h, "p/1"));
    CHECK_STR("accepted", hearing_say(h, "health/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-16', 'note': 'here it is'}"));
    CHECK_STR("green", hearing_rating(h, "p/1"));
    hearing_close(h);
}

/* The broker alone says what a new day changed. */
/* Each day once and in order, each of a plan's parts once and in order. */
TEST(rules_of_ratings)
{
#define CHANGES "'changes': [{'action': 'p/1', 'before': 'grey', 'after': 'red', 'reasons': ['overdue']}]"
    static const struct hearing_line lines[] = {
        {"board/lead", "not-permitted", "{'kind': 'rating', 'day': '2016-04-02', 'part': 1, 'parts': 1}"},
        {"broker", "rule day", "{'kind': 'rating', 'day': '2016-04-01', 'part': 1, 'parts': 1}"},
        {"broker", "rule day", "{'kind': 'rating', 'day': '2016-04-03', 'part': 1, 'parts': 1}"},
        {"broker", "day day", "{'kind': 'rating', 'day': '2016-04-04', 'part': 1, 'parts': 1}"},
        {"broker", "rule part", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-02', 'part': 2, 'parts': 1, " CHANGES "}"},
        {"broker", "rule part", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-02', 'part': 2, 'parts': 2, " CHANGES "}"},
        {"broker", "missing-field changes", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-02', 'part': 1, 'parts': 1}"},
        {"broker", "not-found plan", "{'kind': 'rating', 'plan': 'q', 'day': '2016-04-02', 'part': 1, 'parts': 1, " CHANGES "}"},
        {"broker", "accepted", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-02', 'part': 1, 'parts': 2, " CHANGES "}"},
        {"broker", "rule part", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-02', 'part': 1, 'parts': 2, " CHANGES "}"},
        {"broker", "accepted", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-02', 'part': 2, 'parts': 2, " CHANGES "}"},
        {"broker", "accepted", "{'kind': 'rating', 'day': '2016-04-02', 'part': 1, 'parts': 1}"},
        {"broker", "rule day", "{'kind': 'rating', 'day': '2016-04-02', 'part': 1, 'parts': 1}"},
        {"broker", "accepted", "{'kind': 'rating', 'plan': 'p', 'day': '2016-04-03', 'part': 1, 'parts': 1, " CHANGES "}"},
    };
#undef CHANGES
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-12-31");
    hearing_day(h, "2016-04-03");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* What the latest decision replaced is kept whole: standing, check date, the action
   that continues it. */
TEST(rules_of_rescinding_restores)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", BY_OVERRIDE ", 'check': '2016-06-01'")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("embed", BY_OVERRIDE ", 'check': '2016-07-01'")));
    CHECK(strstr(hearing_action(h, "p/1"), "\"check\":\"2016-07-01\""));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)h->number));
    CHECK(strstr(hearing_action(h, "p/1"), "\"standing\":\"assured\""));
    CHECK(strstr(hearing_action(h, "p/1"), "\"check\":\"2016-06-01\""));
    CHECK(strstr(hearing_action(h, "p/1"), "\"what\":\"assure\""));
    /* a new decision is the latest again */
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("close", BY_OVERRIDE)));
    int64_t closed = h->number;
    /* not once the action has moved */
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'B', 'leads': ['police', 'health'], 'due': '2016-09-30', 'seen': SEEN}"));
    CHECK_STR("rule rescinds", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)closed));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("reopen", WHY)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'C', 'leads': [], 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("withdraw", WHY ", 'continued_by': 'p/2'")));
    CHECK(strstr(hearing_action(h, "p/1"), "\"continued_by\":\"p/2\""));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)h->number));
    CHECK(!strstr(hearing_action(h, "p/1"), "\"continued_by\""));
    CHECK(!strstr(hearing_action(h, "p/1"), "\"before\"")); /* there is nothing more to go back to */
    CHECK(strstr(hearing_action(h, "p/1"), "\"standing\":\"open\""));
    hearing_close(h);
}

/* A return sets back those that it names; evidence of before no longer opens the gate. */
TEST(rules_of_returning)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(COMPLETE)));
    hearing_day(h, "2016-04-05");
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("return", WHY ", 'agencies': ['police']")));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"in-progress\""));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"heard\":\"2016-04-05\"")); /* silence starts anew */
    CHECK(strstr(hearing_part(h, "p/1", "health"), "\"status\":\"claimed-complete\""));
    CHECK(strstr(hearing_part(h, "p/1", "health"), "\"heard\":\"2016-04-01\""));
    CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-05', 'status': 'claimed-complete'}"));
    CHECK_STR("gate override", hearing_say(h, "board/lead", DECIDES("assure", "")));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(EVIDENCE))); /* of the 1st */
    CHECK_STR("gate override", hearing_say(h, "board/lead", DECIDES("assure", "")));
    CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-05'" EVIDENCE "}"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", "")));
    hearing_close(h);
}

/* Notes that wait for an answer have a limit; those that were answered make room. */
TEST(rules_of_many_challenges)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-12-31");
    for (int i = 0; i < ASKS_MAX; i++)
        CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("note", WHY ", 'agencies': ['health'], 'reply_by': '2016-04-15'")));
    CHECK_STR("limit reply_by", hearing_say(h, "board/lead", DECIDES("note", WHY ", 'reply_by': '2016-04-15'")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("note", WHY)));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(", 'note': 'to all of them'")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("note", WHY ", 'reply_by': '2016-04-15'")));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(EVIDENCE)));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(EVIDENCE)));
    hearing_day(h, "2016-04-16");
    CHECK_STR("grey", hearing_rating(h, "p/1")); /* answered by each lead */
    hearing_close(h);
}

/* A return that is rescinded has never set anything back. */
TEST(rules_of_rescinding_a_return)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'due': '2016-10-31', 'reason': 'r', 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(COMPLETE)));
    hearing_day(h, "2016-04-05");
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("return", WHY)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)h->number));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"heard\":\"2016-04-01\""));
    CHECK(!strstr(hearing_part(h, "p/1", "police"), "evidence_from"));
    /* what describes a day before the return is not late any more */
    CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-03', 'percent': 99}"));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"percent\":99"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("accept", ", 'agencies': ['health']")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", "")));
    /* a part that a decision left alone may move, and it can be rescinded still */
    int64_t assured = h->number;
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(EVIDENCE)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)assured));
    CHECK(strstr(hearing_action(h, "p/1"), "\"standing\":\"open\""));
    /* a date that was moved twice is moved back once */
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", "")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("reopen", WHY ", 'due': '2016-12-31'")));
    CHECK(strstr(hearing_action(h, "p/1"), "\"due_was\":\"2016-10-31\""));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("rescind", WHY ", 'rescinds': %d"), (int)h->number));
    CHECK(strstr(hearing_action(h, "p/1"), "\"due_was\":\"2016-09-30\""));
    hearing_close(h);
}

/* The day itself is neither past nor to come. */
TEST(rules_of_decisions_today)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", DECIDES("note", WHY ", 'met': '2016-04-01', 'reply_by': '2016-04-01'")},
        {"board/lead", "day met", DECIDES("note", WHY ", 'met': '2016-04-02'")},
        {"board/lead", "accepted", DECIDES("embed", BY_OVERRIDE ", 'check': '2016-04-01'")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* Where there is no date, the board looks at it within the interval; a note is a look. */
TEST(rules_of_actions_without_a_date)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': ['board'], 'seen': SEEN}"));
    hearing_day(h, "2016-06-30");
    CHECK_STR("grey", hearing_rating(h, "p/2"));
    hearing_day(h, "2016-07-01");
    CHECK_STR("amber silent no-date", hearing_rating(h, "p/2"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'decision', 'action': 'p/2', 'what': 'note', 'reason': 'r', 'seen': SEEN}"));
    CHECK_STR("amber silent", hearing_rating(h, "p/2"));
    hearing_close(h);
}
/* clang-format on */
