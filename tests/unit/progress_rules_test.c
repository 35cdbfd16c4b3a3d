/* DESIGN section 2, "claim", "evidence", "measure" and the days, rule by rule. */
#include "tests/hearing.h"
#include "tests/t.h"

/* clang-format off */

#define SAYS(on, more) "{'kind': 'progress', 'action': 'p/1', 'on': '" on "'" more "}"
#define DECIDES(what, more) "{'kind': 'decision', 'action': 'p/1', 'what': '" what "'" more ", 'seen': SEEN}"
#define EVIDENCE ", 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}"

TEST(rules_of_speaking)
{
    static const struct hearing_line lines[] = {
        {"ofsted/inspector", "not-permitted", SAYS("2016-04-01", ", 'note': 'x'")},
        {"schools/crm", "rule agency", SAYS("2016-04-01", ", 'note': 'x'")},
        {"police/crm", "not-permitted agency", SAYS("2016-04-01", ", 'agency': 'health', 'note': 'x'")},
        {"police/crm", "not-permitted reported", SAYS("2016-04-01", ", 'reported': 'x', 'note': 'x'")},
        {"board/lead", "missing-field agency", SAYS("2016-04-01", ", 'note': 'x'")},
        {"board/lead", "missing-field reported", SAYS("2016-04-01", ", 'agency': 'police', 'note': 'x'")},
        {"board/lead", "accepted", SAYS("2016-04-01", ", 'agency': 'police', 'reported': 'by telephone', 'note': 'x'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'agency': 'police', 'note': 'y'")},
        {"police/crm", "missing-field status", SAYS("2016-04-01", "")},
        {"police/crm", "missing-field status", SAYS("2016-04-01", ", 'post': 'Detective Inspector, Public Protection'")},
        {"police/crm", "missing-field forecast", SAYS("2016-04-01", ", 'note': 'z', 'forecast_reason': 'x'")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

TEST(rules_of_claims)
{
    static const struct hearing_line lines[] = {
        {"police/crm", "missing-field note", SAYS("2016-04-01", ", 'status': 'paused'")},
        {"police/crm", "missing-field note", SAYS("2016-04-01", ", 'status': 'declined'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'paused', 'note': 'no staff'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'paused'")}, /* only repeats */
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete'")},
        {"police/crm", "missing-field note", SAYS("2016-04-01", ", 'status': 'in-progress'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'in-progress', 'note': 'not all done'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete'" EVIDENCE)},
        /* accepted: frozen until returned, but a repetition is always taken */
        {"board/lead", "accepted", DECIDES("accept", ", 'agencies': ['police']")},
        {"police/crm", "rule status", SAYS("2016-04-01", ", 'percent': 90")},
        {"police/crm", "rule status", SAYS("2016-04-01", ", 'note': 'another'")},
        {"police/crm", "rule status", SAYS("2016-04-01", ", 'opinion': 'red'")},
        {"police/crm", "rule status", SAYS("2016-04-01", ", 'forecast': '2016-09-01'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete', 'note': 'not all done'")},
        {"police/crm", "accepted", SAYS("2016-04-01", EVIDENCE)},
        {"board/lead", "accepted", DECIDES("return", ", 'agencies': ['police'], 'reason': 'thin'")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'percent': 90")},
        {"board/lead", "accepted", DECIDES("assure", ", 'override': true, 'reason': 'r'")},
        {"police/crm", "rule status", SAYS("2016-04-01", ", 'percent': 95")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'percent': 90")},
        {"health/crm", "rule status", SAYS("2016-04-01", ", 'status': 'not-started'")}, /* it had said nothing */
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* A nightly dump of the same moves nothing: neither the claim nor the silence. */
TEST(rules_of_repeats)
{
    struct hearing *h = hearing_open("2016-04-01");
    char before[4000];

    hearing_plan(h, "2017-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'status': 'in-progress', 'note': 'n', 'percent': 5")));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS("2016-04-01", ", 'status': 'in-progress'")));
    snprintf(before, sizeof before, "%s", hearing_part(h, "p/1", "police"));
    *strstr(before, "\"last\"") = '\0';
    hearing_day(h, "2016-06-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-06-30", ", 'status': 'in-progress', 'note': 'n', 'percent': 5")));
    CHECK(strncmp(before, hearing_part(h, "p/1", "police"), strlen(before)) == 0);
    CHECK_STR("green", hearing_rating(h, "p/1"));
    hearing_day(h, "2016-07-01");
    CHECK_STR("amber silent", hearing_rating(h, "p/1"));
    hearing_close(h);
}

/* What describes a day before the claim it meets joins the history only. */
TEST(rules_of_late_progress)
{
    struct hearing *h = hearing_open("2016-04-20");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-12", ", 'status': 'in-progress', 'note': 'new'")));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-10", ", 'status': 'claimed-complete', 'note': 'old'" EVIDENCE)));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"in-progress\""));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"note\":\"new\""));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"evidence\":[{"));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"heard\":\"2016-04-12\""));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-13", ", 'status': 'claimed-complete', 'note': 'newer'")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("return", ", 'reason': 'r'")));
    /* an offline claim of before the return changes nothing any more */
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-19", ", 'status': 'claimed-complete'" EVIDENCE)));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"status\":\"in-progress\""));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-20", ", 'status': 'claimed-complete'")));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS("2016-04-20", ", 'status': 'claimed-complete'" EVIDENCE)));
    CHECK_STR("amber no-evidence", hearing_rating(h, "p/1")); /* all of it is of before the return */
    hearing_close(h);
}

TEST(rules_of_days)
{
    static const struct hearing_line lines[] = {
        {"police/crm", "accepted", SAYS("2016-04-02", ", 'note': 'a day ahead'")},
        {"police/crm", "day on", SAYS("2016-04-03", ", 'note': 'two days ahead'")},
        {"police/crm", "day evidence.date", SAYS("2016-04-01", ", 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h', 'date': '2016-04-03'}")},
        {"police/crm", "day value.date", SAYS("2016-04-01", ", 'value': {'amount': 1, 'date': '2016-04-03'}")},
        {"police/crm", "invalid-field on", SAYS("2016-02-30", ", 'note': 'x'")},
        {"board/lead", "day met", DECIDES("note", ", 'reason': 'r', 'met': '2016-04-02'")},
        {"board/lead", "day reply_by", DECIDES("note", ", 'reason': 'r', 'reply_by': '2016-03-31'")},
        {"board/lead", "day check", DECIDES("embed", ", 'override': true, 'reason': 'r', 'check': '2016-03-31'")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'due': '2016-09-30', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}, 'seen': SEEN}"));
    HEARING_RUN(h, lines);
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"on\":\"2016-04-01\"")); /* taken as the broker's day */
    hearing_close(h);
}

TEST(rules_of_evidence)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", EVIDENCE)));
    int64_t number = h->number;
    CHECK_STR("missing-field epoch", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_evidence': %d"), (int)number));
    CHECK_STR("stale epoch", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_evidence': %d, 'epoch': 1"), (int)number));
    CHECK_STR("not-found withdraw_evidence", hearing_say(h, "health/crm", SAYS("2016-04-01", ", 'withdraw_evidence': %d, 'epoch': 0"), (int)number));
    CHECK_STR("not-permitted withdraw_evidence", hearing_say(h, "board/lead", SAYS("2016-04-01", ", 'agency': 'police', 'reported': 'm', 'withdraw_evidence': %d, 'epoch': 0"), (int)number));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_evidence': %d, 'epoch': 0"), (int)number));
    CHECK_STR("not-found withdraw_evidence", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_evidence': %d, 'epoch': 0"), (int)number));
    /* what a lead entered on its behalf a lead may withdraw again; and the agency too */
    for (int i = 0; i < 2; i++) {
        CHECK_STR("accepted", hearing_say(h, "board/lead", SAYS("2016-04-01", ", 'agency': 'police', 'reported': 'm'" EVIDENCE)));
        CHECK(strstr(hearing_part(h, "p/1", "police"), "\"behalf\":true"));
        if (i == 0)
            CHECK_STR("accepted", hearing_say(h, "board/chair", SAYS("2016-04-01", ", 'agency': 'police', 'reported': 'm', 'withdraw_evidence': %d, 'epoch': 0"), (int)h->number));
        else
            CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_evidence': %d, 'epoch': 0"), (int)h->number));
    }
    for (int i = 0; i < EVIDENCE_MAX; i++)
        CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", EVIDENCE)));
    CHECK_STR("limit evidence", hearing_say(h, "police/crm", SAYS("2016-04-01", EVIDENCE)));
    hearing_close(h);
}

TEST(rules_of_values)
{
    static const struct hearing_line lines[] = {
        {"police/crm", "rule value", SAYS("2016-04-01", ", 'value': {'amount': 1, 'date': '2016-04-01'}")},
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'due': '2016-09-30', 'measure': {'counted': 'places filled', 'unit': 'count', 'comparator': '>', 'target': 10}, 'seen': SEEN}"},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'value': {'amount': 4, 'date': '2016-04-01', 'label': 'e-learning'}")},
        {"police/crm", "rule value.label", SAYS("2016-04-01", ", 'value': {'amount': 4, 'date': '2016-04-01'}")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete', 'value': {'amount': 5, 'date': '2016-04-01', 'label': 'seminar'}" EVIDENCE)},
        {"health/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete', 'value': {'amount': 1, 'date': '2016-04-01'}" EVIDENCE)},
        {"health/crm", "rule value.label", SAYS("2016-04-01", ", 'value': {'amount': 4, 'date': '2016-04-01', 'label': 'e-learning'}")},
    };
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    int of_health = (int)h->number;
    CHECK_STR("amber below-target", hearing_rating(h, "p/1")); /* 4 + 5 + 1 is not more than 10 */
    /* same date and label replaces */
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'value': {'amount': 5, 'date': '2016-04-01', 'label': 'e-learning'}")));
    CHECK_STR("green", hearing_rating(h, "p/1"));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_value': %d, 'epoch': 0"), (int)h->number));
    CHECK_STR("amber below-target", hearing_rating(h, "p/1"));
    CHECK_STR("not-found withdraw_value", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_value': %d, 'epoch': 0"), (int)h->number));
    CHECK_STR("missing-field epoch", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_value': 1")));
    CHECK_STR("stale epoch", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'withdraw_value': 1, 'epoch': 1")));
    /* health's only value goes: its next may have a label */
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS("2016-04-01", ", 'withdraw_value': %d, 'epoch': 0"), of_health));
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS("2016-04-01", ", 'value': {'amount': 4, 'date': '2016-04-01', 'label': 'e-learning'}")));
    hearing_close(h);
}

/* A contributor's claim moves nothing. */
TEST(rules_of_contributors)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'contributors': ['schools'], 'due': '2016-09-30', 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "schools/crm", SAYS("2016-04-01", ", 'status': 'declined', 'note': 'no', 'opinion': 'red'")));
    CHECK_STR("grey", hearing_rating(h, "p/1"));
    hearing_close(h);
}

/* Percentages are 0 to 100, and the worst agency stands for all. */
TEST(rules_of_percentages)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'due': '2016-09-30', 'measure': {'counted': 'c', 'unit': 'percent', 'comparator': '>=', 'target': 80}, 'seen': SEEN}"},
        {"police/crm", "invalid-field value.amount", SAYS("2016-04-01", ", 'value': {'amount': 100.001, 'date': '2016-04-01'}")},
        {"police/crm", "invalid-field value.amount", SAYS("2016-04-01", ", 'value': {'amount': -0.001, 'date': '2016-04-01'}")},
        {"police/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete', 'value': {'amount': 100, 'date': '2016-04-01'}" EVIDENCE)},
        {"health/crm", "accepted", SAYS("2016-04-01", ", 'status': 'claimed-complete', 'value': {'amount': 79.999, 'date': '2016-04-01'}" EVIDENCE)},
        {"board/lead", "gate override", DECIDES("assure", "")},
        {"health/crm", "accepted", SAYS("2016-04-01", ", 'value': {'amount': 80, 'date': '2016-04-01'}")},
        {"board/lead", "accepted", DECIDES("assure", "")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* A lead of an agency that is not the partnership's speaks for it on its behalf. */
TEST(rules_of_a_lead_of_an_agency)
{
    static const struct hearing_line lines[] = {
        {"broker", "accepted", "{'kind': 'client', 'id': 'police/lead', 'role': 'lead', 'key': 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'seen': SEEN}"},
        {"police/lead", "missing-field reported", SAYS("2016-04-01", ", 'agency': 'police', 'note': 'x'")},
        {"police/lead", "accepted", SAYS("2016-04-01", ", 'agency': 'police', 'reported': 'm', 'status': 'claimed-complete'")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"behalf\":true"));
    /* and the agency's own repetition leaves that so, for it moves nothing */
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'status': 'claimed-complete'")));
    CHECK(strstr(hearing_part(h, "p/1", "police"), "\"behalf\":true"));
    hearing_close(h);
}

/* A label keeps a value for each date, as many as there is room for: the oldest go. */
TEST(rules_of_many_values)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'due': '2016-09-30', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>'}, 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'value': {'amount': 1, 'date': '2016-01-02', 'label': 'b'}")));
    for (int i = 0; i < VALUES_MAX; i++)
        CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", ", 'value': {'amount': 1, 'date': '2015-%02d-%02d', 'label': 'a'}"), 1 + i / 28, 1 + i % 28));
    const char *part = hearing_part(h, "p/1", "police");
    CHECK(strstr(part, "\"2016-01-02\"") && strstr(part, "\"2015-01-02\"") && strstr(part, "\"2015-03-08\""));
    CHECK(!strstr(part, "\"2015-01-01\""));
    hearing_close(h);
}

/* Evidence is something that a decision must have seen. */
TEST(rules_of_evidence_unseen)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    int seen = (int)h->number;
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS("2016-04-01", EVIDENCE)));
    CHECK_STR("stale seen", hearing_say(h, "board/lead", "{'kind': 'decision', 'action': 'p/1', 'what': 'void', 'reason': 'r', 'seen': %d, 'epoch': 0}", seen));
    hearing_close(h);
}
/* clang-format on */
