/* Queries of a client that means no good, or has bad luck: what it may not see it
   does not learn of, and nothing that it asks stops the broker. */
#include <stdarg.h>
#include <stdlib.h>

#include "broker/answers.h"
#include "broker/queries.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/wire/frame.h"
#include "tests/line.h"
#include "tests/small_board.h"
#include "tests/t.h"

struct room {
    struct small_board board;
    struct arena *arena; /* of the answer */
    uint8_t *frame;
    union message answer;
};

static void
begin(struct room *r)
{
    small_board_open(&r->board);
    r->arena = arena_new();
    r->frame = malloc(FRAME_OUT_MAX);
    CHECK(r->frame != NULL);
}

static void
end(struct room *r)
{
    free(r->frame);
    arena_destroy(&r->arena);
    small_board_close(&r->board);
}

static void __attribute__((format(printf, 3, 4)))
say(struct room *r, const char *client, const char *line, ...)
{
    va_list args;

    va_start(args, line);
    small_board_say(&r->board, client, line_fill(line, args));
    va_end(args);
}

static void __attribute__((format(printf, 4, 5)))
ask(struct room *r, const char *client, enum message_kind want, const char *query, ...)
{
    struct ledger *l = &r->board.ledger;
    struct author who = {.client = text_of(client), .agency = path_first(text_of(client))};
    struct heads heads = {0};
    const struct querying q = {l, &heads, &who, ledger_day(l, r->board.host), NULL};
    enum message_kind kind;
    struct client_row row;
    struct query asked;
    struct fault fault;
    va_list args;

    va_start(args, query);
    const char *line = line_fill(query, args);
    va_end(args);
    arena_reset(l->arena);
    arena_reset(r->arena);
    CHECK_INT(1, state_get_client(l->state, l->arena, who.client, &row));
    who.role = row.role;
    CHECK(record_from_json(r->arena, &query_record, &asked, line, strlen(line), &fault));
    int len = queries_answer(&q, &asked, r->frame);
    CHECK(len > 0);
    CHECK(frame_decode(r->arena, r->frame, (size_t)len, &kind, &r->answer, &fault));
    CHECK_INT(want, kind);
}

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
    struct room r;

    begin(&r);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        for (size_t k = 0; k < sizeof places / sizeof *places; k++)
            ask(&r, "police/crm", SAY_RESULT, "{'id': 1, %s, 'after': '%s'}", asked[i], places[k]);
    ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'log', 'after': '1000'}");
    CHECK_INT(r.board.ledger.number, ((const struct entry *)r.answer.result.entries.at)->number);
    end(&r);
}

/* --- proofs -------------------------------------------------------------------------------- */

static struct tree_proof
proof_heard(const struct room *r)
{
    const struct bytes bytes = r->answer.result.proof;
    struct tree_proof proof = {.count = bytes.len / DIGEST_SIZE};

    CHECK_INT(0, bytes.len % DIGEST_SIZE);
    CHECK(bytes.len <= sizeof proof.hash);
    if (bytes.len)
        memcpy(proof.hash, bytes.at, bytes.len);
    return proof;
}

static struct tree_head
head_at(struct room *r, int64_t size)
{
    struct tree_head head = {.size = (uint64_t)size};

    CHECK_INT(0, journal_root_at(r->board.journal, head.size, &head.root));
    return head;
}

TEST(proofs_of_all_that_there_is_hold)
{
    struct room r;

    begin(&r);
    int64_t newest = r.board.ledger.number;
    for (int64_t size = 1; size <= newest; size++)
        for (int64_t from = 1; from <= size; from++) {
            struct tree_head head = head_at(&r, size);
            struct tree_head old = head_at(&r, from);
            struct tree_hash leaf;
            ask(&r, "police/crm", SAY_RESULT,
                "{'id': 1, 'what': 'consistency', 'from': %d, 'size': %d}", (int)from, (int)size);
            struct tree_proof proof = proof_heard(&r);
            CHECK(tree_verify_consistency(&old, &head, &proof));
            ask(&r, "police/crm", SAY_RESULT,
                "{'id': 1, 'what': 'inclusion', 'from': %d, 'size': %d}", (int)from, (int)size);
            proof = proof_heard(&r);
            CHECK_INT(DIGEST_SIZE, r.answer.result.leaf.len);
            memcpy(leaf.bytes, r.answer.result.leaf.at, DIGEST_SIZE);
            CHECK(tree_verify_inclusion(&head, (uint64_t)from - 1, &leaf, &proof));
        }
    end(&r);
}

/* Of what is to come, of nothing, or of a part larger than the whole. */
TEST(proofs_of_numbers_that_there_are_not_are_refused)
{
    static const char *const none[] = {
        "'from': 0, 'size': 1",
        "'from': 0, 'size': 0",
        "'from': 2, 'size': 1",
        "'size': 1",
        "'from': 1",
        "'from': 1, 'size': 1000",
        "'from': 1000, 'size': 1000",
        "'from': 1, 'size': 9223372036854775807",
        "'from': 9223372036854775807, 'size': 9223372036854775807",
        "'from': 9223372036854775807, 'size': 1",
        "'plan': 'p'",
    };
    struct room r;
    char reason[120];

    begin(&r);
    snprintf(reason, sizeof reason,
             "there is no such proof: `size` is 1 to %d, and `from` 1 to `size`",
             (int)r.board.ledger.durable);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        for (int k = 0; k < 2; k++) {
            ask(&r, "police/crm", SAY_ERROR, "{'id': 1, 'what': '%s', %s}",
                k ? "inclusion" : "consistency", none[i]);
            CHECK_INT(ERROR_NOT_FOUND, r.answer.error.code);
            CHECK(text_is(r.answer.error.reason, reason));
        }
    end(&r);
}

/* What is not durable is in no tree that anybody was told of. */
TEST(proofs_of_what_is_not_durable_are_refused)
{
    struct room r;

    begin(&r);
    int durable = (int)r.board.ledger.durable;
    say(&r, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n'}");
    ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'inclusion', 'from': 1, 'size': %d}",
        durable);
    ask(&r, "police/crm", SAY_ERROR, "{'id': 1, 'what': 'inclusion', 'from': 1, 'size': %d}",
        durable + 1);
    ask(&r, "police/crm", SAY_ERROR, "{'id': 1, 'what': 'consistency', 'from': 1, 'size': %d}",
        durable + 1);
    small_board_settle(&r.board);
    ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'inclusion', 'from': 1, 'size': %d}",
        durable + 1);
    end(&r);
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
    struct room r;

    begin(&r);
    say(&r, "board/operator",
        "{'kind': 'agency', 'id': 'health', 'name': 'H', 'sector': 'health', 'seen': 0, 'epoch': "
        "0}");
    for (int i = 0; i < 2; i++)
        say(&r, "board/operator",
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
        ask(&r, rows[i].client, SAY_RESULT, "{'id': 1, 'what': 'log', 'from': %d}",
            (int)r.board.ledger.number);
        if (r.answer.result.entries.count != rows[i].entries)
            FAIL_WITH("%s hears of %u", rows[i].client, r.answer.result.entries.count);
    }
    end(&r);
}

/* --- what is not seen ---------------------------------------------------------------------- */

/* A plan of the leads alone, on both sides of which there are plans of all; and one
   with more actions than a page looks at. */
static void
seal_plans(struct room *r, int actions)
{
    for (const char *id = "oqs"; *id; id++)
        say(r, "board/lead",
            "{'kind': 'plan', 'id': '%c', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', "
            "'members': %s, 'seen': 0, 'epoch': 0}",
            *id, *id == 's' ? "'all'" : "[]");
    for (int i = 1; i <= actions; i++)
        say(r, "board/lead",
            "{'kind': 'action', 'id': 'q/%d', 'ref': '%d', 'title': 'T', 'leads': [], 'seen': 0, "
            "'epoch': 0}",
            i, i);
    small_board_settle(&r->board);
}

TEST(page_does_not_tell_of_actions_that_are_not_seen)
{
    struct room r;

    begin(&r);
    seal_plans(&r, PAGE_ROWS + 10);
    ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'status'}");
    CHECK_INT(1, r.answer.result.actions.count);
    CHECK(!r.answer.result.has.next);
    ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'status', 'after': 'q/5'}");
    CHECK_INT(0, r.answer.result.actions.count);
    CHECK(!r.answer.result.has.next);
    ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'status', 'limit': 1000}");
    CHECK(r.answer.result.actions.count > 100);
    CHECK(r.answer.result.has.next);
    end(&r);
}

TEST(page_of_plans_ends_at_one_that_is_seen)
{
    struct room r;

    begin(&r);
    seal_plans(&r, 0);
    for (int i = 0; i < PAGE_ROWS; i++)
        say(&r, "board/lead",
            "{'kind': 'plan', 'id': 'q%d', 'title': 'T', 'type': 'review', 'marking': 'OFFICIAL', "
            "'members': [], 'seen': 0, 'epoch': 0}",
            i);
    small_board_settle(&r.board);
    ask(&r, "police/crm", SAY_RESULT, "{'id': 1, 'what': 'plans'}");
    CHECK_INT(2, r.answer.result.plans.count);
    CHECK(!r.answer.result.has.next);
    end(&r);
}

/* All of its actions are rated for a plan's line. */
TEST(page_of_plans_ends_after_many_actions)
{
    struct room r;

    begin(&r);
    seal_plans(&r, PAGE_ROWS);
    ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'plans'}");
    CHECK_INT(3, r.answer.result.plans.count);
    CHECK(text_is(r.answer.result.next, "q"));
    ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'plans', 'after': 'q'}");
    CHECK_INT(1, r.answer.result.plans.count);
    CHECK(!r.answer.result.has.next);
    ask(&r, "board/lead", SAY_RESULT, "{'id': 1, 'what': 'plans', 'plan': 'q'}");
    CHECK_INT(1, r.answer.result.plans.count);
    CHECK(!r.answer.result.has.next);
    end(&r);
}

/* --- page after page ------------------------------------------------------------------------ */

/* All pages of a question, newest first: how many entries they hold. */
static int64_t
count_pages(struct room *r, const char *asked)
{
    char after[24] = "1000000";
    int64_t count = 0;
    int64_t newest = INT64_MAX;

    for (;;) {
        ask(r, "police/crm", SAY_RESULT, "{'id': 1, %s, 'limit': 90, 'after': '%s'}", asked, after);
        const struct result *page = &r->answer.result;
        const struct entry *entries = page->entries.at;
        for (uint32_t i = 0; i < page->entries.count; i++, count++) {
            CHECK(entries[i].number < newest);
            newest = entries[i].number;
        }
        if (!page->has.next)
            return count;
        (void)snprintf(after, sizeof after, "%.*s", (int)page->next.len, page->next.at);
    }
}

TEST(pages_of_a_long_chain_hold_each_entry_once)
{
    enum { NOTES = 3 * MARK_EVERY };
    struct room r;

    begin(&r);
    for (int i = 0; i < NOTES; i++) {
        say(&r, "police/crm",
            "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n%d'}", i);
        if (i % 3 == 0)
            say(&r, "board/lead",
                "{'kind': 'decision', 'what': 'note', 'action': 'p/1', 'reason': 'r%d', 'seen': 0, "
                "'epoch': 0}",
                i);
    }
    small_board_settle(&r.board);
    int64_t said = NOTES + NOTES / 3;
    CHECK_INT(said + 2, count_pages(&r, "'what': 'history', 'action': 'p/1'"));
    CHECK_INT(said + 3, count_pages(&r, "'what': 'log', 'plan': 'p'"));
    end(&r);
}
