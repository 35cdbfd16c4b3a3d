/* DESIGN section 2, "plan" and "action", rule by rule. */
#include "tests/hearing.h"
#include "tests/t.h"

/* clang-format off */

#define PLAN(id, members, more) "{'kind': 'plan', 'id': '" id "', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL-SENSITIVE', 'members': " members more ", 'seen': SEEN}"
#define ACTION(ref, more) "{'kind': 'action', 'id': 'p/" ref "', 'ref': '" ref "', 'title': 'T'" more ", 'seen': SEEN}"

/* What one may see comes before what one may do: absent and unseen are one answer. */
TEST(rules_of_seeing)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", PLAN("r", "['health']", "")},
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'r/1', 'ref': '1', 'title': 'T', 'leads': ['health'], 'seen': SEEN}"},
        {"health/crm", "not-permitted", PLAN("r", "'all'", "")},
        {"police/crm", "not-found id", PLAN("r", "'all'", "")},
        {"police/crm", "not-found id", PLAN("none", "'all'", "")},
        {"board/operator", "not-found id", PLAN("r", "'all'", "")},
        {"health/crm", "not-permitted", "{'kind': 'action', 'id': 'r/1', 'ref': '1', 'title': 'T', 'leads': [], 'seen': SEEN}"},
        {"police/crm", "not-found id", "{'kind': 'action', 'id': 'r/1', 'ref': '1', 'title': 'T', 'leads': [], 'seen': SEEN}"},
        {"police/crm", "not-found action", "{'kind': 'progress', 'action': 'r/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"police/crm", "not-found action", "{'kind': 'progress', 'action': 'r/2', 'on': '2016-04-01', 'note': 'x'}"},
        {"police/crm", "not-found action", "{'kind': 'progress', 'action': 'none/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"board/operator", "not-found action", "{'kind': 'progress', 'action': 'r/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"ofsted/inspector", "not-found action", "{'kind': 'progress', 'action': 'r/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"police/crm", "not-found action", "{'kind': 'decision', 'action': 'r/1', 'what': 'note', 'reason': 'x', 'seen': SEEN}"},
        {"health/crm", "not-permitted", "{'kind': 'decision', 'action': 'r/1', 'what': 'note', 'reason': 'x', 'seen': SEEN}"},
        {"health/crm", "accepted", "{'kind': 'progress', 'action': 'r/1', 'on': '2016-04-01', 'note': 'x'}"},
        /* an empty list is nobody but leads */
        {"board/lead", "missing-field reason", PLAN("s", "['health']", "") },
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_run(h, lines, sizeof lines / sizeof *lines - 1);
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("s", "[]", "")));
    CHECK_STR("not-found id", hearing_say(h, "health/crm", PLAN("s", "'all'", "")));
    CHECK_STR("accepted", hearing_say(h, "board/chair", PLAN("s", "'all'", "")));
    CHECK_STR("not-permitted", hearing_say(h, "ofsted/inspector", "{'kind': 'plan', 'id': 's', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', 'members': [], 'seen': SEEN}"));
    hearing_close(h);
}

/* Word for word the same, so that nobody learns what there is. */
TEST(rules_of_what_is_told_of_the_unseen)
{
    static const struct { const char *client, *unseen, *absent; } rows[] = {
        {"police/crm", "{'kind': 'progress', 'action': 'r/1', 'on': '2016-04-01', 'note': 'x'}", "{'kind': 'progress', 'action': 'none/1', 'on': '2016-04-01', 'note': 'x'}"},
        /* before any other rule: a day to come, another's part, nothing said */
        {"police/crm", "{'kind': 'progress', 'action': 'r/1', 'on': '2099-04-01', 'note': 'x'}", "{'kind': 'progress', 'action': 'none/1', 'on': '2099-04-01', 'note': 'x'}"},
        {"police/crm", "{'kind': 'progress', 'action': 'r/1', 'agency': 'health', 'on': '2016-04-01'}", "{'kind': 'progress', 'action': 'none/1', 'agency': 'health', 'on': '2016-04-01'}"},
        {"ofsted/inspector", "{'kind': 'progress', 'action': 'r/1', 'on': '2016-04-01', 'note': 'x'}", "{'kind': 'progress', 'action': 'none/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"police/crm", "{'kind': 'decision', 'action': 'r/1', 'what': 'assure', 'seen': 0, 'epoch': 7}", "{'kind': 'decision', 'action': 'none/1', 'what': 'assure', 'seen': 0, 'epoch': 7}"},
        {"police/crm", "{'kind': 'plan', 'id': 'r', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', 'members': ['nobody'], 'seen': 0, 'epoch': 7}", "{'kind': 'plan', 'id': 'none', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', 'members': ['nobody'], 'seen': 0, 'epoch': 7}"},
        {"board/operator", "{'kind': 'action', 'id': 'r/1', 'ref': 'x', 'title': 'T', 'leads': [], 'seen': 0, 'epoch': 7}", "{'kind': 'action', 'id': 'none/1', 'ref': 'x', 'title': 'T', 'leads': [], 'seen': 0, 'epoch': 7}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("r", "['health']", "")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'r/1', 'ref': '1', 'title': 'T', 'leads': ['health'], 'seen': SEEN}"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        hearing_say(h, rows[i].client, "%s", rows[i].unseen);
        struct fault unseen = h->fault;
        hearing_say(h, rows[i].client, "%s", rows[i].absent);
        CHECK_INT(FAULT_NOT_FOUND, unseen.code);
        CHECK_INT(FAULT_NOT_FOUND, h->fault.code);
        CHECK_STR(unseen.field, h->fault.field);
        CHECK_STR(unseen.reason, h->fault.reason);
    }
    /* a member of a plan that its agency has succeeded to */
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'succeeded_by': 'police', 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', 'action': 'r/1', 'agency': 'health', 'on': '2016-04-01', 'note': 'x'}"));
    hearing_close(h);
}

/* What is stale is told with what has changed it. */
static void
check_stale(struct hearing *h, const char *said, int changed, int seen)
{
    char want[FAULT_REASON];

    CHECK_STR("stale seen", said);
    if (seen)
        snprintf(want, sizeof want, "entry %d changed it after %d, which was seen: look again", changed, seen);
    else
        snprintf(want, sizeof want, "exists already, last changed by entry %d", changed);
    CHECK_STR(want, h->fault.reason);
}

#define VOID(seen, epoch) "{'kind': 'decision', 'action': 'p/1', 'what': 'void', 'reason': 'r', 'seen': %d, 'epoch': " epoch "}", seen
#define SAYS_X "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': 'in-progress', 'note': 'x'}"

TEST(rules_of_what_is_told_of_the_stale)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    int action = (int)h->number;
    check_stale(h, hearing_say(h, "board/chair", "{'kind': 'plan', 'id': 'p', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}"), action - 1, 0);
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS_X));
    int part = (int)h->number;
    /* a decision is made from a view of the parts too; an amendment of the action's row alone */
    check_stale(h, hearing_say(h, "board/lead", VOID(action, "0")), part, action);
    CHECK_STR("accepted", hearing_say(h, "police/crm", SAYS_X)); /* a repeat changes nothing that was seen */
    CHECK_STR("stale epoch", hearing_say(h, "board/lead", VOID(part, "1")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'B', 'leads': ['police', 'health'], 'due': '2016-09-30', 'seen': %d, 'epoch': 0}", action));
    check_stale(h, hearing_say(h, "board/lead", VOID(part, "0")), (int)h->number, part);
    /* nobody has seen what is not there yet */
    CHECK_STR("invalid-field seen", hearing_say(h, "board/lead", VOID((int)h->number + 1, "0")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", VOID((int)h->number, "0")));
    hearing_close(h);
}

TEST(rules_of_plans)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "rule unpublished", PLAN("p", "'all'", ", 'published': '2016-01-01', 'unpublished': 'why'")},
        {"board/lead", "rule closed", PLAN("p", "'all'", ", 'closed': true")},
        {"board/lead", "not-found members", PLAN("p", "['nobody']", "")},
        {"board/lead", "accepted", PLAN("p", "['police', 'health', 'housing']", "")},
        {"board/lead", "stale seen", "{'kind': 'plan', 'id': 'p', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}"},
        {"board/lead", "accepted", ACTION("1", ", 'leads': ['police'], 'contributors': ['health'], 'due': '2016-09-30'")},
        /* members that go: never one that leads, and not without a reason */
        {"board/lead", "rule members", PLAN("p", "['health', 'housing']", ", 'reason': 'r'")},
        {"board/lead", "missing-field reason", PLAN("p", "['police', 'housing']", "")},
        {"board/lead", "accepted", PLAN("p", "['police', 'housing']", ", 'reason': 'r'")},
        {"health/crm", "not-found action", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"board/lead", "accepted", PLAN("p", "'all'", "")},
        {"board/lead", "missing-field reason", PLAN("p", "['police', 'housing']", "")},
        {"board/lead", "rule members", PLAN("p", "['housing']", ", 'reason': 'r'")},
        /* it closes only with nothing open or embedding */
        {"board/lead", "rule closed", PLAN("p", "'all'", ", 'closed': true")},
        {"board/lead", "accepted", "{'kind': 'decision', 'action': 'p/1', 'what': 'embed', 'override': true, 'reason': 'r', 'check': '2016-06-01', 'seen': SEEN}"},
        {"board/lead", "rule closed", PLAN("p", "'all'", ", 'closed': true")},
        {"board/lead", "accepted", "{'kind': 'decision', 'action': 'p/1', 'what': 'close', 'override': true, 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "accepted", PLAN("p", "'all'", ", 'closed': true")},
        /* and then takes no progress, no new action, no reopening */
        {"police/crm", "rule action", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"board/lead", "rule id", ACTION("2", ", 'leads': []")},
        {"board/lead", "rule action", "{'kind': 'decision', 'action': 'p/1', 'what': 'reopen', 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "rule action", "{'kind': 'decision', 'action': 'p/1', 'what': 'embed', 'override': true, 'reason': 'r', 'check': '2016-06-01', 'seen': SEEN}"},
        {"board/lead", "rule action", "{'kind': 'decision', 'action': 'p/1', 'what': 'rescind', 'rescinds': 1, 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "accepted", "{'kind': 'decision', 'action': 'p/1', 'what': 'note', 'reason': 'r', 'seen': SEEN}"},
        {"board/lead", "accepted", PLAN("p", "'all'", "")},
        {"board/lead", "accepted", "{'kind': 'decision', 'action': 'p/1', 'what': 'reopen', 'reason': 'r', 'seen': SEEN}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

TEST(rules_of_actions)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "not-found id", "{'kind': 'action', 'id': 'none/1', 'ref': '1', 'title': 'T', 'leads': [], 'seen': SEEN}"},
        {"board/lead", "accepted", PLAN("p", "['police', 'health', 'board']", "")},
        {"board/lead", "rule ref", "{'kind': 'action', 'id': 'p/1', 'ref': '1(a)', 'title': 'T', 'leads': [], 'seen': SEEN}"},
        {"board/lead", "not-found leads", ACTION("1", ", 'leads': ['nobody']")},
        {"board/lead", "rule leads", ACTION("1", ", 'leads': ['schools']")},
        {"board/lead", "rule contributors", ACTION("1", ", 'leads': [], 'contributors': ['schools']")},
        {"board/lead", "rule contributors", ACTION("1", ", 'leads': ['police'], 'contributors': ['police']")},
        {"board/lead", "rule except", ACTION("1", ", 'leads': ['police'], 'except': [{'agency': 'health', 'reason': 'r'}]")},
        {"board/lead", "missing-field recommendations.why", ACTION("1", ", 'leads': [], 'recommendations': [{'source': 's', 'number': '1', 'response': 'not'}]")},
        {"board/lead", "rule recommendations", ACTION("1", ", 'leads': [], 'recommendations': [{'source': 's', 'number': '1'}, {'source': 's', 'number': '1'}]")},
        {"board/lead", "invalid-field measure.target", ACTION("1", ", 'leads': [], 'measure': {'counted': 'c', 'unit': 'percent', 'comparator': '>=', 'target': 101}")},
        {"board/lead", "accepted", ACTION("1", ", 'leads': ['police', 'board'], 'due': '2016-09-30', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "stale seen", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'T', 'leads': [], 'seen': 0, 'epoch': 0}"},
        /* nothing moves without a reason */
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['police', 'board'], 'due': '2016-10-01', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['police', 'board'], 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['police'], 'due': '2016-09-30', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['police', 'board'], 'due': '2016-09-30', 'outcome': 'p', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['police', 'board'], 'due': '2016-09-30', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 11}")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['police', 'board'], 'due': '2016-09-30', 'outcome': 'o'")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': 'all', 'except': [{'agency': 'police', 'reason': 'r'}], 'due': '2016-09-30', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "missing-field reason", ACTION("1", ", 'leads': ['board'], 'contributors': ['police'], 'due': '2016-09-30', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "not-found except", ACTION("9", ", 'leads': 'all', 'except': [{'agency': 'nobody', 'reason': 'r'}]")},
        {"board/lead", "missing-field except[0].reason", ACTION("9", ", 'leads': 'all', 'except': [{'agency': 'health'}]")},
        {"board/lead", "accepted", ACTION("9", ", 'leads': 'all', 'except': [{'agency': 'schools', 'reason': 'never a member'}]")},
        /* what comes needs none */
        {"board/lead", "accepted", ACTION("1", ", 'leads': ['police', 'board', 'health'], 'due': '2016-09-30', 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 10}")},
        {"board/lead", "accepted", ACTION("2", ", 'leads': []")},
        {"board/lead", "accepted", ACTION("2", ", 'leads': [], 'due': '2016-09-30', 'outcome': 'o'")},
        {"board/lead", "accepted", ACTION("3", ", 'leads': 'all'")},
        {"board/lead", "missing-field reason", ACTION("3", ", 'leads': ['police']")},
        {"board/lead", "missing-field reason", ACTION("3", ", 'leads': 'all', 'except': [{'agency': 'health', 'reason': 'r'}]")},
        {"board/lead", "accepted", ACTION("3", ", 'leads': 'all', 'except': [{'agency': 'health', 'reason': 'r'}], 'reason': 'r'")},
        {"health/crm", "rule agency", "{'kind': 'progress', 'action': 'p/3', 'on': '2016-04-01', 'note': 'x'}"},
        {"police/crm", "accepted", "{'kind': 'progress', 'action': 'p/3', 'on': '2016-04-01', 'note': 'x'}"},
        /* two leads amend the same action: the second has not seen the first */
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'One', 'leads': [], 'due': '2016-09-30', 'outcome': 'o', 'seen': SEEN}"},
        {"board/chair", "stale seen", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'Two', 'leads': [], 'due': '2016-09-30', 'outcome': 'o', 'seen': 24, 'epoch': 0}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* A moved date stays visible, and colours nothing. */
TEST(rules_of_moved_dates)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-05-31");
    CHECK_STR("accepted", hearing_say(h, "board/lead", ACTION("1", ", 'leads': ['police', 'health'], 'due': '2016-09-30', 'reason': 'late start'")));
    CHECK(strstr(hearing_action(h, "p/1"), "\"due_was\":\"2016-05-31\""));
    CHECK_STR("grey moved", hearing_rating(h, "p/1"));
    hearing_close(h);
}

/* All agencies: one that joins later has a part from that day on. */
TEST(rules_of_all_agencies)
{
    struct hearing *h = hearing_open("2016-04-01");

    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "'all'", "")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", ACTION("1", ", 'leads': 'all'")));
    CHECK_STR("rule agency", hearing_say(h, "board/lead", "{'kind': 'progress', 'action': 'p/1', 'agency': 'ofsted', 'reported': 'by mail', 'on': '2016-04-01', 'note': 'x'}"));
    CHECK_STR("rule agency", hearing_say(h, "board/lead", "{'kind': 'progress', 'action': 'p/1', 'agency': 'fire', 'reported': 'by mail', 'on': '2016-04-01', 'note': 'x'}"));
    hearing_day(h, "2016-06-01");
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'progress', 'action': 'p/1', 'agency': 'fire', 'reported': 'by mail', 'on': '2016-06-01', 'note': 'x'}"));
    hearing_close(h);
}

/* A part ends with its agency's membership, and goes on with it: nothing of it is
   lost. */
TEST(rules_of_parts_that_end)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", PLAN("p", "['police', 'health']", "")},
        {"board/lead", "accepted", ACTION("1", ", 'leads': 'all', 'due': '2016-09-30'")},
        {"board/lead", "accepted", ACTION("2", ", 'leads': ['police'], 'contributors': ['health']")},
        {"police/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': 'in-progress'}"},
        {"health/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': 'declined', 'note': 'n'}"},
        {"board/lead", "accepted", PLAN("p", "['police']", ", 'reason': 'moved away'")},
    };
    struct hearing *h = hearing_open("2016-04-01");

    HEARING_RUN(h, lines);
    CHECK(strstr(hearing_part(h, "p/1", "health"), "\"ended\":"));
    CHECK(!strstr(hearing_part(h, "p/1", "police"), "\"ended\":"));
    CHECK_STR("green", hearing_rating(h, "p/1")); /* who declined is no lead any more */
    CHECK(!strstr(hearing_action(h, "p/2"), "health"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "['police', 'health']", "")));
    CHECK(!strstr(hearing_part(h, "p/1", "health"), "\"ended\":"));
    CHECK_STR("red declined", hearing_rating(h, "p/1"));
    hearing_close(h);
}

/* `all` is who is a member: one that joins later counts from then on, for the gate too. */
TEST(rules_of_later_joiners_and_the_gate)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "accepted", PLAN("p", "['police']", "")},
        {"board/lead", "accepted", ACTION("1", ", 'leads': 'all', 'due': '2016-09-30'")},
        {"police/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': 'claimed-complete', 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}}"},
        {"board/lead", "accepted", PLAN("p", "['police', 'health', 'board', 'ofsted']", "")},
        {"board/lead", "gate override", "{'kind': 'decision', 'action': 'p/1', 'what': 'assure', 'seen': SEEN}"},
        {"health/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': 'claimed-complete', 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}}"},
        /* the partnership and inspectorates are members, and not of all agencies */
        {"board/lead", "rule agency", "{'kind': 'progress', 'action': 'p/1', 'agency': 'board', 'on': '2016-04-01', 'note': 'x'}"},
        {"board/lead", "accepted", "{'kind': 'decision', 'action': 'p/1', 'what': 'assure', 'seen': SEEN}"},
        {"board/lead", "accepted", PLAN("p", "['police', 'health', 'board', 'ofsted', 'schools']", "")},
    };
    struct hearing *h = hearing_open("2016-04-01");

    HEARING_RUN(h, lines);
    CHECK_STR("amber changed", hearing_rating(h, "p/1")); /* a lead joined since */
    hearing_close(h);
}

static int32_t
member_since(struct hearing *h, uint32_t i)
{
    struct plan_row row;

    arena_reset(h->arena);
    CHECK_INT(1, state_get_plan(h->state, h->arena, text_of("p"), &row));
    if (row.has.all)
        return row.all.since - h->day;
    CHECK(i < row.members.count);
    return row.members.at[i].since - h->day;
}

/* Who was a member, or a lead, before keeps its day. */
TEST(rules_of_since_when)
{
    struct hearing *h = hearing_open("2016-04-01");
    char before[4000];

    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "['police', 'health']", "")));
    CHECK_STR("accepted", hearing_say(h, "board/lead", ACTION("1", ", 'leads': ['police']")));
    CHECK_STR("accepted", hearing_say(h, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n'}"));
    snprintf(before, sizeof before, "%s", hearing_part(h, "p/1", "police"));
    hearing_day(h, "2016-04-11");
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "['schools', 'police', 'health']", "")));
    CHECK_INT(0, member_since(h, 0));
    CHECK_INT(-10, member_since(h, 1));
    CHECK_STR("accepted", hearing_say(h, "board/lead", ACTION("1", ", 'leads': ['schools', 'police']")));
    CHECK(strstr(hearing_action(h, "p/1"), "{\"agency\":\"schools\",\"since\":\"2016-04-11\""));
    CHECK(strstr(hearing_action(h, "p/1"), "{\"agency\":\"police\",\"since\":\"2016-04-01\""));
    CHECK_STR(before, hearing_part(h, "p/1", "police")); /* what is said of the action leaves parts alone */
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "'all'", "")));
    hearing_day(h, "2016-04-21");
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "'all'", ", 'review_days': 30")));
    CHECK_INT(-10, member_since(h, 0));
    /* a member that ended stays one, and only may not come anew */
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("q", "['housing']", "")));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'agency', 'id': 'housing', 'name': 'H', 'sector': 'housing', 'closed': true, 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("q", "['housing', 'police']", "")));
    CHECK_STR("rule members", hearing_say(h, "board/lead", PLAN("r", "['housing']", "")));
    hearing_close(h);
}

/* After a decision, what it rested on may not change unseen. */
TEST(rules_of_an_aim_that_changes)
{
    static const char *const changes[] = {", 'outcome': 'p', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>'}",
                                          ", 'outcome': 'o', 'measure': {'counted': 'd', 'unit': 'count', 'comparator': '>'}"};
    for (int i = 0; i < 2; i++) {
        struct hearing *h = hearing_open("2016-04-01");
        CHECK_STR("accepted", hearing_say(h, "board/lead", PLAN("p", "'all'", "")));
        CHECK_STR("accepted", hearing_say(h, "board/lead", ACTION("1", ", 'leads': ['police'], 'outcome': 'o', 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>'}")));
        CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'decision', 'action': 'p/1', 'what': 'assure', 'override': true, 'reason': 'r', 'seen': SEEN}"));
        CHECK_STR("blue", hearing_rating(h, "p/1"));
        CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'T', 'leads': ['police'], 'reason': 'r' %s, 'seen': SEEN}", changes[i]));
        CHECK_STR("amber changed", hearing_rating(h, "p/1"));
        hearing_close(h);
    }
}
/* clang-format on */
