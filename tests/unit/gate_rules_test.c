/* DESIGN section 2, "The gate", and what an assurance rests on. */
#include "tests/hearing.h"
#include "tests/t.h"

/* clang-format off */

#define SAYS(more) "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01'" more "}"
#define DECIDES(what, more) "{'kind': 'decision', 'action': 'p/1', 'what': '" what "'" more ", 'seen': SEEN}"
#define EVIDENCE ", 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}"
#define COMPLETE ", 'status': 'claimed-complete'" EVIDENCE
#define BY_OVERRIDE ", 'override': true, 'reason': 'r'"
#define WHY ", 'reason': 'r'"

TEST(rules_of_the_gate)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "gate override", DECIDES("assure", "")},
        {"police/crm", "accepted", SAYS(COMPLETE)},
        {"board/lead", "gate override", DECIDES("assure", "")}, /* a joint action is as far as its least advanced lead */
        {"health/crm", "accepted", SAYS(", 'status': 'claimed-complete'")},
        {"board/lead", "gate override", DECIDES("assure", "")}, /* with nothing to show */
        {"board/lead", "accepted", SAYS(", 'agency': 'health', 'reported': 'by mail'" EVIDENCE)},
        {"board/lead", "gate override", DECIDES("assure", "")}, /* not its own */
        {"health/crm", "accepted", SAYS(EVIDENCE)},
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'due': '2016-09-30', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>=', 'target': 3}, 'seen': SEEN}"},
        {"board/lead", "gate override", DECIDES("assure", "")}, /* no value yet is below target */
        {"health/crm", "accepted", SAYS(", 'value': {'amount': 3, 'date': '2016-04-01'}")},
        {"board/lead", "accepted", DECIDES("assure", "")},
        {"board/lead", "accepted", DECIDES("embed", ", 'check': '2016-06-01'")},
        {"board/lead", "accepted", DECIDES("close", WHY)},
        {"board/lead", "accepted", DECIDES("close", WHY)}, /* repeatable */
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    CHECK_STR("blue", hearing_rating(h, "p/1"));
    hearing_close(h);
}

/* A claim entered on an agency's behalf does not open the gate; its own does. */
TEST(rules_of_the_gate_and_claims_on_behalf)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police'], 'due': '2016-09-30', 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "accepted", SAYS(", 'agency': 'police', 'reported': 'by mail'" COMPLETE)},
        {"police/crm", "accepted", SAYS(EVIDENCE)},
        {"board/lead", "gate override", DECIDES("assure", "")},
        {"police/crm", "accepted", SAYS(", 'status': 'claimed-complete', 'note': 'we say so too'")},
        {"board/lead", "accepted", DECIDES("assure", "")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* What the partnership's own lead says of its own part is its word; but then
   another client decides. No lead at all opens no gate. */
TEST(rules_of_the_gate_and_the_partnership)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': [], 'due': '2016-09-30', 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "gate override", DECIDES("assure", "")},
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['board'], 'due': '2016-09-30', 'seen': SEEN}"},
        {"board/lead", "rule reported", SAYS(", 'agency': 'board', 'reported': 'x'" COMPLETE)},
        {"board/lead", "accepted", SAYS(", 'agency': 'board'" COMPLETE)},
        {"board/lead", "not-permitted", DECIDES("assure", "")},
        {"board/lead", "not-permitted", DECIDES("assure", BY_OVERRIDE)},
        {"board/chair", "accepted", DECIDES("assure", "")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* Contributors are not waited for, and a target that is not known is no gate. */
TEST(rules_of_what_the_gate_does_not_need)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'contributors': ['schools'], 'due': '2016-09-30', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>'}, 'seen': SEEN}"},
        {"police/crm", "accepted", SAYS(COMPLETE)},
        {"health/crm", "accepted", SAYS(COMPLETE)},
        {"schools/crm", "accepted", SAYS(COMPLETE)},
        {"board/lead", "rule agencies", DECIDES("accept", ", 'agencies': ['schools']")}, /* only contributes */
        {"schools/crm", "accepted", SAYS(", 'status': 'declined', 'note': 'n'")},
        {"board/lead", "rule agencies", DECIDES("return", WHY ", 'agencies': ['schools']")},
        {"board/lead", "accepted", DECIDES("note", WHY ", 'agencies': ['schools']")},
        {"board/lead", "accepted", DECIDES("assure", "")},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* Since an assurance: evidence it rested on withdrawn, a lead joined, outcome changed. */
TEST(rules_of_what_shakes_an_assurance)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(COMPLETE)));
    int64_t evidence = h->number;
    CHECK_STR("accepted", hearing_say(h, "health/crm", SAYS(COMPLETE)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", DECIDES("assure", "")));
    CHECK_STR("blue", hearing_rating(h, "p/1"));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(EVIDENCE)));
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(", 'withdraw_evidence': %d, 'epoch': 0"), (int)h->number));
    CHECK_STR("blue", hearing_rating(h, "p/1")); /* that came after */
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS(", 'withdraw_evidence': %d, 'epoch': 0"), (int)evidence));
    CHECK_STR("amber changed", hearing_rating(h, "p/1"));
    hearing_close(h);
}
/* clang-format on */
