/* Proofs: those of all that is durable hold, and of anything else there is none. */
#include <string.h>

#include "tests/enquiry.h"
#include "tests/t.h"

static struct tree_proof
proof_heard(const struct enquiry *r)
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
head_at(struct enquiry *r, int64_t size)
{
    struct tree_head head = {.size = (uint64_t)size};

    CHECK_INT(0, journal_root_at(r->board.journal, head.size, &head.root));
    return head;
}

TEST(proofs_of_all_that_there_is_hold)
{
    struct enquiry r;

    enquiry_open(&r);
    int64_t newest = r.board.ledger.number;
    for (int64_t size = 1; size <= newest; size++)
        for (int64_t from = 1; from <= size; from++) {
            struct tree_head head = head_at(&r, size);
            struct tree_head old = head_at(&r, from);
            struct tree_hash leaf;
            enquiry_ask(&r, "police/crm", SAY_RESULT,
                        "{'id': 1, 'what': 'consistency', 'from': %d, 'size': %d}", (int)from,
                        (int)size);
            struct tree_proof proof = proof_heard(&r);
            CHECK(tree_verify_consistency(&old, &head, &proof));
            enquiry_ask(&r, "police/crm", SAY_RESULT,
                        "{'id': 1, 'what': 'inclusion', 'from': %d, 'size': %d}", (int)from,
                        (int)size);
            proof = proof_heard(&r);
            CHECK_INT(DIGEST_SIZE, r.answer.result.leaf.len);
            memcpy(leaf.bytes, r.answer.result.leaf.at, DIGEST_SIZE);
            CHECK(tree_verify_inclusion(&head, (uint64_t)from - 1, &leaf, &proof));
        }
    enquiry_close(&r);
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
    struct enquiry r;
    char reason[120];

    enquiry_open(&r);
    snprintf(reason, sizeof reason,
             "there is no such proof: `size` is 1 to %d, and `from` 1 to `size`",
             (int)r.board.ledger.durable);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        for (int k = 0; k < 2; k++) {
            enquiry_ask(&r, "police/crm", SAY_ERROR, "{'id': 1, 'what': '%s', %s}",
                        k ? "inclusion" : "consistency", none[i]);
            CHECK_INT(ERROR_NOT_FOUND, r.answer.error.code);
            CHECK(text_is(r.answer.error.reason, reason));
        }
    enquiry_close(&r);
}

/* What is not durable is in no tree that anybody was told of. */
TEST(proofs_of_what_is_not_durable_are_refused)
{
    struct enquiry r;

    enquiry_open(&r);
    int durable = (int)r.board.ledger.durable;
    enquiry_say(&r, "police/crm",
                "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n'}");
    enquiry_ask(&r, "police/crm", SAY_RESULT,
                "{'id': 1, 'what': 'inclusion', 'from': 1, 'size': %d}", durable);
    enquiry_ask(&r, "police/crm", SAY_ERROR,
                "{'id': 1, 'what': 'inclusion', 'from': 1, 'size': %d}", durable + 1);
    enquiry_ask(&r, "police/crm", SAY_ERROR,
                "{'id': 1, 'what': 'consistency', 'from': 1, 'size': %d}", durable + 1);
    small_board_settle(&r.board);
    enquiry_ask(&r, "police/crm", SAY_RESULT,
                "{'id': 1, 'what': 'inclusion', 'from': 1, 'size': %d}", durable + 1);
    enquiry_close(&r);
}
