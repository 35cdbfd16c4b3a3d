/* DESIGN section 2, "agency" and "client", rule by rule. */
#include "tests/hearing.h"
#include "tests/t.h"

/* clang-format off */

#define KEY_A "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
#define KEY_B "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'"
#define KEY_E "'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee'"
#define KEY_C "'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'"
#define KEY_D "'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd'"

TEST(rules_of_the_board)
{
    static const struct hearing_line lines[] = {
        {"board/operator", "not-permitted what", "{'kind': 'board', 'what': 'found', 'name': 'x', 'title': 'X', 'key': " KEY_A "}"},
        {"broker", "rule what", "{'kind': 'board', 'what': 'found', 'name': 'x', 'title': 'X', 'key': " KEY_A "}"},
        {"board/operator", "not-permitted what", "{'kind': 'board', 'what': 'restore', 'number': 1, 'root': " KEY_A "}"},
        {"board/lead", "not-permitted", "{'kind': 'board', 'what': 'confirm-clock', 'day': '2016-04-01'}"},
        {"board/operator", "missing-field day", "{'kind': 'board', 'what': 'confirm-clock'}"},
        {"board/operator", "day day", "{'kind': 'board', 'what': 'confirm-clock', 'day': '2016-04-02'}"},
        {"board/operator", "accepted", "{'kind': 'board', 'what': 'confirm-clock', 'day': '2016-04-01'}"},
        {"board/operator", "rule what", "{'kind': 'board', 'what': 'open'}"},
        {"broker", "missing-field number", "{'kind': 'board', 'what': 'restore'}"},
        {"broker", "accepted", "{'kind': 'board', 'what': 'restore', 'number': 5, 'root': " KEY_A "}"},
        {"board/operator", "accepted", "{'kind': 'board', 'what': 'open'}"},
        /* what was seen before it was restored is of another epoch */
        {"board/operator", "stale epoch", "{'kind': 'agency', 'id': 'police', 'name': 'P', 'sector': 'police', 'seen': SEEN}"},
        {"board/operator", "missing-field outbox", "{'kind': 'board', 'what': 'accept-gap'}"},
        {"board/operator", "not-found client", "{'kind': 'board', 'what': 'accept-gap', 'client': 'no/one', 'outbox': '00000000000000000000000000000000', 'from': 1, 'to': 2}"},
        {"board/operator", "rule from", "{'kind': 'board', 'what': 'accept-gap', 'client': 'police/crm', 'outbox': '00000000000000000000000000000000', 'from': 2, 'to': 2}"},
        {"board/operator", "accepted", "{'kind': 'board', 'what': 'accept-gap', 'client': 'police/crm', 'outbox': '00000000000000000000000000000000', 'from': 1, 'to': 7}"},
        {"board/operator", "rule from", "{'kind': 'board', 'what': 'accept-gap', 'client': 'police/crm', 'outbox': '00000000000000000000000000000000', 'from': 7, 'to': 9}"},
        {"board/operator", "rule to", "{'kind': 'board', 'what': 'accept-gap', 'client': 'police/crm', 'outbox': '00000000000000000000000000000000', 'from': 8, 'to': 7}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

TEST(rules_of_agencies)
{
    static const struct hearing_line lines[] = {
        {"board/lead", "not-permitted", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': SEEN}"},
        {"board/operator", "rule id", "{'kind': 'agency', 'id': 'all', 'name': 'All', 'sector': 'other', 'seen': SEEN}"},
        {"board/operator", "rule id", "{'kind': 'agency', 'id': 'broker', 'name': 'B', 'sector': 'other', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': 0, 'epoch': 0}"},
        {"board/operator", "stale seen", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': 0, 'epoch': 0}"},
        {"board/operator", "stale epoch", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': 99, 'epoch': 1}"},
        {"board/operator", "rule succeeded_by", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'fire', 'seen': SEEN}"},
        {"board/operator", "not-found succeeded_by", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'none', 'seen': SEEN}"},
        {"board/operator", "rule closed", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'police', 'closed': true, 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'police', 'seen': SEEN}"},
        /* never in a circle, nor a second successor */
        {"board/operator", "rule succeeded_by", "{'kind': 'agency', 'id': 'police', 'name': 'P', 'sector': 'police', 'succeeded_by': 'fire', 'seen': SEEN}"},
        {"board/operator", "rule succeeded_by", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'health', 'seen': SEEN}"},
        {"board/operator", "missing-field reason", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'reason': 'a mistake', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'housing', 'name': 'H', 'sector': 'housing', 'closed': true, 'seen': SEEN}"},
        {"board/operator", "rule succeeded_by", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'housing', 'seen': SEEN}"},
        /* nor in a circle of three; and a line of mergers is none */
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'succeeded_by': 'police', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'police', 'name': 'P', 'sector': 'police', 'succeeded_by': 'health', 'seen': SEEN}"},
        {"board/operator", "rule succeeded_by", "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'succeeded_by': 'fire', 'seen': SEEN}"},
        /* what was decided stands, though the successor ends; the name may be mended */
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'closed': true, 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'schools', 'name': 'S', 'sector': 'education', 'succeeded_by': 'police', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'police', 'name': 'The Police', 'sector': 'police', 'succeeded_by': 'health', 'seen': SEEN}"},
        {"board/operator", "missing-field reason", "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'reason': 'not closed after all', 'seen': SEEN}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* The successor's clients act for all that it succeeded; the ended get nothing new. */
TEST(rules_of_succession)
{
    static const struct hearing_line lines[] = {
        {"police/crm", "not-permitted agency", "{'kind': 'progress', 'action': 'p/1', 'agency': 'health', 'on': '2016-04-01', 'status': 'in-progress'}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': 'health', 'succeeded_by': 'police', 'seen': SEEN}"},
        {"police/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'agency': 'health', 'on': '2016-04-01', 'status': 'in-progress'}"},
        {"board/lead", "rule leads", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': ['health'], 'seen': SEEN}"},
        {"board/lead", "rule members", "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'audit', 'marking': 'OFFICIAL', 'members': ['health'], 'seen': SEEN}"},
        {"board/operator", "rule id", "{'kind': 'client', 'id': 'health/new', 'key': " KEY_A ", 'role': 'agency', 'seen': SEEN}"},
        /* through any number of successions */
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': 'police', 'succeeded_by': 'schools', 'seen': SEEN}"},
        {"schools/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'agency': 'health', 'on': '2016-04-01', 'note': 'x'}"},
        {"schools/crm", "accepted", "{'kind': 'progress', 'action': 'p/1', 'agency': 'police', 'on': '2016-04-01', 'note': 'x'}"},
        {"schools/crm", "rule agency", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'x'}"},
        {"housing/crm", "not-permitted agency", "{'kind': 'progress', 'action': 'p/1', 'agency': 'health', 'on': '2016-04-01', 'note': 'x'}"},
        /* what it led before goes on, and may be amended */
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'Again', 'leads': ['police', 'health'], 'due': '2016-09-30', 'seen': SEEN}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

/* The ended get no part of what is given to all; a successor has one part, its own. */
TEST(rules_of_the_ended_and_all_agencies)
{
    static const struct hearing_line lines[] = {
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': 'health', 'succeeded_by': 'police', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'agency', 'id': 'housing', 'name': 'Housing', 'sector': 'housing', 'closed': true, 'seen': SEEN}"},
        {"board/lead", "rule leads", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': ['housing'], 'seen': SEEN}"},
        {"board/lead", "rule contributors", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': [], 'contributors': ['housing'], 'seen': SEEN}"},
        {"board/lead", "accepted", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': 'all', 'seen': SEEN}"},
        {"police/crm", "rule agency", "{'kind': 'progress', 'action': 'p/2', 'agency': 'health', 'on': '2016-04-01', 'note': 'x'}"},
        {"housing/crm", "rule agency", "{'kind': 'progress', 'action': 'p/2', 'on': '2016-04-01', 'note': 'x'}"},
        {"police/crm", "accepted", "{'kind': 'progress', 'action': 'p/2', 'on': '2016-04-01', 'note': 'x'}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    hearing_plan(h, "2016-09-30");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

#define ENROLS(id, role, key) "{'kind': 'client', 'id': '" id "', 'role': '" role "', 'key': " key ", 'seen': SEEN}"
#define CONFIRMS(id) "{'kind': 'client', 'id': '" id "', 'confirm': true, 'seen': SEEN}"

/* The first lead comes by the operator alone; from then on leads and observers wait. */
TEST(rules_of_the_first_lead)
{
    static const struct hearing_line lines[] = {
        {"board/operator", "accepted", ENROLS("ofsted/early", "observer", KEY_A)}, /* nobody could confirm it */
        {"board/operator", "accepted", ENROLS("board/first", "lead", KEY_B)},
        {"board/first", "accepted", "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': 'review', 'marking': 'OFFICIAL', 'members': [], 'seen': SEEN}"},
        {"board/operator", "accepted", ENROLS("ofsted/late", "observer", KEY_C)},
        {"board/first", "accepted", CONFIRMS("ofsted/late")},
        {"board/first", "rule confirm", CONFIRMS("ofsted/early")},
        {"board/operator", "accepted", ENROLS("police/crm", "agency", KEY_D)}, /* agencies need none */
        {"board/first", "rule confirm", CONFIRMS("police/crm")},
        /* an agency's client that is to be a lead, and the reverse */
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'police/crm', 'role': 'lead', 'seen': SEEN}"},
        {"police/crm", "not-found id", "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': SEEN}"},
        {"board/first", "accepted", CONFIRMS("police/crm")},
        {"police/crm", "accepted", "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'police/crm', 'role': 'agency', 'seen': SEEN}"},
        {"police/crm", "accepted", "{'kind': 'plan', 'id': 'q', 'title': 'R', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': SEEN}"},
    };
    struct hearing *h = hearing_found("2016-04-01");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

TEST(rules_of_clients)
{
    static const struct hearing_line lines[] = {
        {"police/crm", "not-permitted", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_A ", 'role': 'agency', 'seen': SEEN}"},
        {"board/lead", "not-permitted", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_A ", 'role': 'agency', 'seen': SEEN}"},
        {"board/operator", "not-found id", "{'kind': 'client', 'id': 'nobody/two', 'key': " KEY_A ", 'role': 'agency', 'seen': SEEN}"},
        {"board/operator", "missing-field key", "{'kind': 'client', 'id': 'police/two', 'role': 'agency', 'seen': SEEN}"},
        {"board/operator", "missing-field role", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_A ", 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_A ", 'role': 'agency', 'seen': SEEN}"},
        {"board/operator", "rule key", "{'kind': 'client', 'id': 'police/three', 'key': " KEY_A ", 'role': 'agency', 'seen': SEEN}"},
        {"board/operator", "stale seen", "{'kind': 'client', 'id': 'police/two', 'revoked': true, 'seen': 0, 'epoch': 0}"},
        /* its next key, by itself, and nothing else */
        {"police/two", "missing-field key", "{'kind': 'client', 'id': 'police/two', 'seen': SEEN}"},
        {"police/two", "not-permitted", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_B ", 'role': 'lead', 'seen': SEEN}"},
        {"police/two", "rule key", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_A ", 'seen': SEEN}"},
        {"police/two", "accepted", "{'kind': 'client', 'id': 'police/two', 'key': " KEY_B ", 'seen': SEEN}"},
        {"board/operator", "rule key", "{'kind': 'client', 'id': 'police/three', 'key': " KEY_B ", 'role': 'agency', 'seen': SEEN}"},
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'police/two', 'revoked': true, 'seen': SEEN}"},
        /* a revoked client's keys are nobody's */
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'police/three', 'key': " KEY_B ", 'role': 'agency', 'seen': SEEN}"},
        /* after the first lead another waits for a lead that confirms it */
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'board/new', 'key': " KEY_C ", 'role': 'lead', 'seen': SEEN}"},
        {"board/operator", "not-permitted confirm", "{'kind': 'client', 'id': 'board/new', 'confirm': true, 'seen': SEEN}"},
        {"board/lead", "rule confirm", "{'kind': 'client', 'id': 'board/new', 'confirm': true, 'role': 'lead', 'seen': SEEN}"},
        {"board/lead", "rule confirm", "{'kind': 'client', 'id': 'police/three', 'confirm': true, 'seen': SEEN}"},
        {"board/lead", "not-found id", "{'kind': 'client', 'id': 'police/none', 'confirm': true, 'seen': SEEN}"},
        {"board/lead", "accepted", "{'kind': 'client', 'id': 'board/new', 'confirm': true, 'seen': SEEN}"},
        {"board/lead", "rule confirm", "{'kind': 'client', 'id': 'board/new', 'confirm': true, 'seen': SEEN}"},
        /* and a lead's new key too; not confirmed by itself */
        {"board/operator", "accepted", "{'kind': 'client', 'id': 'board/chair', 'key': " KEY_D ", 'seen': SEEN}"},
        {"board/chair", "not-permitted confirm", "{'kind': 'client', 'id': 'board/chair', 'confirm': true, 'seen': SEEN}"},
        {"board/lead", "accepted", "{'kind': 'client', 'id': 'board/chair', 'confirm': true, 'seen': SEEN}"},
    };
    struct hearing *h = hearing_open("2016-04-01");
    HEARING_RUN(h, lines);
    hearing_close(h);
}

static int
knows_key(struct hearing *h, uint8_t byte, const char *client)
{
    uint8_t key[KEY_SIZE];
    struct client_row row;

    memset(key, byte, sizeof key);
    arena_reset(h->arena);
    int rc = state_find_key(h->state, h->arena, (struct bytes){key, sizeof key}, &row);
    return rc == 1 && text_is(row.id, client);
}

/* A key opens the door exactly while it is valid. */
TEST(rules_of_keys)
{
    struct hearing *h = hearing_open("2016-04-01");

    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'key': " KEY_A ", 'role': 'lead', 'seen': SEEN}"));
    CHECK(!knows_key(h, 0xaa, "board/new")); /* it waits */
    CHECK_STR("accepted", hearing_say(h, "board/lead", "{'kind': 'client', 'id': 'board/new', 'confirm': true, 'seen': SEEN}"));
    CHECK(knows_key(h, 0xaa, "board/new"));
    CHECK_STR("accepted", hearing_say(h, "board/new", "{'kind': 'client', 'id': 'board/new', 'key': " KEY_B ", 'seen': SEEN}"));
    CHECK(knows_key(h, 0xaa, "board/new") && knows_key(h, 0xbb, "board/new")); /* both, until the first use */
    CHECK_STR("accepted", hearing_say(h, "broker", "{'kind': 'client', 'id': 'board/new', 'key': " KEY_B ", 'seen': SEEN}"));
    CHECK(!knows_key(h, 0xaa, "board/new") && knows_key(h, 0xbb, "board/new"));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'revoked': true, 'seen': SEEN}"));
    CHECK(!knows_key(h, 0xbb, "board/new"));
    hearing_close(h);
}

/* A revoked client comes back by a new key, which a lead's waits for a lead; the
   keys it had are valid for nobody, unless another has them by now. */
TEST(rules_of_coming_back)
{
    struct hearing *h = hearing_open("2016-04-01");

    CHECK_STR("accepted", hearing_say(h, "board/operator", ENROLS("police/two", "agency", KEY_A)));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'police/two', 'revoked': true, 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "board/operator", ENROLS("health/two", "agency", KEY_A)));
    CHECK_STR("missing-field key", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'police/two', 'revoked': false, 'seen': SEEN}"));
    CHECK_STR("rule key", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'police/two', 'revoked': false, 'key': " KEY_A ", 'seen': SEEN}"));
    CHECK(knows_key(h, 0xaa, "health/two"));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'police/two', 'revoked': false, 'key': " KEY_B ", 'seen': SEEN}"));
    CHECK(knows_key(h, 0xaa, "health/two") && knows_key(h, 0xbb, "police/two"));

    CHECK_STR("accepted", hearing_say(h, "board/operator", ENROLS("board/new", "lead", KEY_C)));
    CHECK_STR("accepted", hearing_say(h, "board/lead", CONFIRMS("board/new")));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'revoked': true, 'seen': SEEN}"));
    CHECK_STR("rule key", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'revoked': false, 'key': " KEY_C ", 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'revoked': false, 'key': " KEY_E ", 'seen': SEEN}"));
    CHECK(!knows_key(h, 0xee, "board/new")); /* not by an operator alone */
    CHECK_STR("accepted", hearing_say(h, "board/lead", CONFIRMS("board/new")));
    CHECK(knows_key(h, 0xee, "board/new") && !knows_key(h, 0xcc, "board/new"));
    /* `maat-broker lead`, on the host, needs nobody: there may be nobody left */
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'revoked': true, 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "broker", "{'kind': 'client', 'id': 'board/new', 'role': 'lead', 'revoked': false, 'key': " KEY_D ", 'seen': SEEN}"));
    CHECK(knows_key(h, 0xdd, "board/new") && !knows_key(h, 0xcc, "board/new"));
    hearing_close(h);
}

/* What waits may be another's by the time it is confirmed. */
TEST(rules_of_keys_that_wait)
{
    struct hearing *h = hearing_open("2016-04-01");

    CHECK_STR("accepted", hearing_say(h, "board/operator", ENROLS("board/new", "lead", KEY_A)));
    CHECK_STR("accepted", hearing_say(h, "board/operator", ENROLS("police/two", "agency", KEY_A)));
    CHECK_STR("rule confirm", hearing_say(h, "board/lead", CONFIRMS("board/new")));
    CHECK(knows_key(h, 0xaa, "police/two"));
    /* a newer one takes its place */
    CHECK_STR("accepted", hearing_say(h, "board/operator", ENROLS("board/new", "lead", KEY_B)));
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'name': 'Deputy', 'seen': SEEN}")); /* it goes on waiting */
    CHECK_STR("accepted", hearing_say(h, "board/lead", CONFIRMS("board/new")));
    CHECK(knows_key(h, 0xbb, "board/new"));
    /* who asked for it can't confirm it, be it a lead by now */
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'client', 'id': 'board/new', 'role': 'observer', 'seen': SEEN}"));
    CHECK_STR("accepted", hearing_say(h, "broker", "{'kind': 'client', 'id': 'board/operator', 'role': 'lead', 'seen': SEEN}"));
    CHECK_STR("not-permitted confirm", hearing_say(h, "board/operator", CONFIRMS("board/new")));
    CHECK_STR("accepted", hearing_say(h, "board/chair", CONFIRMS("board/new")));
    hearing_close(h);
}

/* An agency ends once: what is said of it later does not end it anew. */
TEST(rules_of_when_an_agency_ended)
{
    struct hearing *h = hearing_open("2016-04-01");
    struct agency_row row;

    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'closed': true, 'seen': SEEN}"));
    int64_t ended = h->number;
    CHECK_STR("accepted", hearing_say(h, "board/operator", "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': 'health', 'closed': true, 'seen': SEEN}"));
    CHECK_INT(1, state_get_agency(h->state, h->arena, text_of("health"), &row));
    CHECK_INT(ended, row.ended);
    hearing_close(h);
}
/* clang-format on */
