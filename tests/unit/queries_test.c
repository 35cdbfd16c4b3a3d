/* Queries of a client that means no good, or has bad luck: what it may not see it
   does not learn of, and nothing that it asks stops the broker. */
#include "broker/queries/answers.h"
#include "tests/enquiry.h"
#include "tests/t.h"

/* --- a place to go on from that was never given ------------------------------------------- */

TEST(log_after_a_number_that_is_not_there)
{
    static const char *const asked[] = {
        "'what': 'log'",
        "'what': 'log', 'plan': 'p'",
        "'what': 'log', 'from': 1",
        "'what': 'history', 'action': 'p/1'",
    };
    static const char *const places[] = {
        "10",
        "1000",
        "9223372036854775806",
        "9223372036854775807",
        "99999999999999999999999",
        "0",
        "-1",
        "-9223372036854775808",
        "p/1",
    };
    struct enquiry r;

    enquiry_open(&r);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        for (size_t k = 0; k < sizeof places / sizeof *places; k++)
            enquiry_ask(&r, "police/crm", SAY_RESULT, "{'id': 1, %s, 'after': '%s'}", asked[i],
                        places[k]);
    enquiry_ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'log', 'after': '1000'}");
    CHECK_INT(r.board.ledger.number, ((const struct entry *)r.answer.result.entries.at)->number);
    enquiry_close(&r);
}

/* --- refusals ------------------------------------------------------------------------------ */

/* Told to the sender's agency and to leads, to nobody else. */
TEST(refusals_are_told_to_the_senders_agency_and_to_leads)
{
    static const struct {
        const char *client;
        unsigned entries;
    } rows[] = {{"police/crm", 1},
                {"police/desk", 1},
                {"board/lead", 1},
                {"health/crm", 0},
                {"board/operator", 0}};
    static const struct fault fault = {FAULT_GATE, "what", "no evidence"};
    uint8_t nonce[NONCE_SIZE] = {1};
    struct enquiry r;

    enquiry_open(&r);
    enquiry_say(
        &r, "board/operator",
        "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'seen': 0, 'epoch': "
        "0}");
    for (int i = 0; i < 2; i++)
        enquiry_say(
            &r, "board/operator",
            "{'kind': 'client', 'id': '%s', 'role': 'agency', 'key': '%064d', 'seen': 0, 'epoch': "
            "0}",
            i ? "health/crm" : "police/desk", 4 + i);
    struct entry_origin from = {.client = text_of("police/crm"),
                                .outbox = {nonce, OUTBOX_SIZE},
                                .n = 1,
                                .kind = KIND_PROGRESS,
                                .nonce = {nonce, NONCE_SIZE},
                                .body = {nonce, 1}};
    CHECK_INT(0, ledger_refuse(&r.board.ledger, &from, &fault, r.board.host));
    small_board_settle(&r.board);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enquiry_ask(&r, rows[i].client, SAY_RESULT, "{'id': 1, 'what': 'log', 'from': %d}",
                    (int)r.board.ledger.number);
        if (r.answer.result.entries.count != rows[i].entries)
            FAIL_WITH("%s hears of %u", rows[i].client, r.answer.result.entries.count);
    }
    enquiry_close(&r);
}

/* --- what is not seen ---------------------------------------------------------------------- */

/* A plan of the leads alone, on both sides of which there are plans of all; and one
   with more actions than a page looks at. */
static void
seal_plans(struct enquiry *r, int actions)
{
    for (const char *id = "oqs"; *id; id++)
        enquiry_say(
            r, "board/lead",
            "{'kind': 'plan', 'id': '%c', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', "
            "'members': %s, 'seen': 0, 'epoch': 0}",
            *id, *id == 's' ? "'all'" : "[]");
    for (int i = 1; i <= actions; i++)
        enquiry_say(
            r, "board/lead",
            "{'kind': 'action', 'id': 'q/%d', 'ref': '%d', 'title': 'T', 'leads': [], 'seen': 0, "
            "'epoch': 0}",
            i, i);
    small_board_settle(&r->board);
}

TEST(page_does_not_tell_of_actions_that_are_not_seen)
{
    struct enquiry r;

    enquiry_open(&r);
    seal_plans(&r, PAGE_ROWS + 10);
    enquiry_ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'status'}");
    CHECK_INT(1, r.answer.result.actions.count);
    CHECK(!r.answer.result.has.next);
    enquiry_ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'status', 'after': 'q/5'}");
    CHECK_INT(0, r.answer.result.actions.count);
    CHECK(!r.answer.result.has.next);
    enquiry_ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'status', 'limit': 1000}");
    CHECK(r.answer.result.actions.count > 100);
    CHECK(r.answer.result.has.next);
    enquiry_close(&r);
}

TEST(page_of_plans_ends_at_one_that_is_seen)
{
    struct enquiry r;

    enquiry_open(&r);
    seal_plans(&r, 0);
    for (int i = 0; i < PAGE_ROWS; i++)
        enquiry_say(
            &r, "board/lead",
            "{'kind': 'plan', 'id': 'q%d', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', "
            "'members': [], 'seen': 0, 'epoch': 0}",
            i);
    small_board_settle(&r.board);
    enquiry_ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'plans'}");
    CHECK_INT(2, r.answer.result.plans.count);
    CHECK(!r.answer.result.has.next);
    enquiry_close(&r);
}

/* All of its actions are rated for a plan's line. */
TEST(page_of_plans_ends_after_many_actions)
{
    struct enquiry r;

    enquiry_open(&r);
    seal_plans(&r, PAGE_ROWS);
    enquiry_ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'plans'}");
    CHECK_INT(3, r.answer.result.plans.count);
    CHECK(text_is(r.answer.result.next, "q"));
    enquiry_ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'plans', 'after': 'q'}");
    CHECK_INT(1, r.answer.result.plans.count);
    CHECK(!r.answer.result.has.next);
    enquiry_ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'plans', 'plan': 'q'}");
    CHECK_INT(1, r.answer.result.plans.count);
    CHECK(!r.answer.result.has.next);
    enquiry_close(&r);
}
