/* What a client is shown of a board that was restored since it came last: of several
   restores the one that ended the epoch it knows, and its proof. */
#include "broker/restores.h"

#include <errno.h>

#include "schema/fold.h"
#include "tests/small_board.h"
#include "tests/t.h"

/* As `maat-broker restore` has the broker say it: its root is no text of JSON's. Returns
   the entry's number. */
static int64_t
restore(struct small_board *b)
{
    static const uint8_t root[TREE_HASH];
    union body body = {
        .board = {.what = BOARD_RESTORE, .number = b->ledger.number, .root = {root, sizeof root}}};
    struct fault fault;

    body.board.has.what = body.board.has.number = body.board.has.root = 1;
    CHECK_INT(1, ledger_say(&b->ledger, KIND_BOARD, &body, b->host, &fault));
    return b->ledger.number;
}

/* Shown to a client of that epoch: the number of the entry, which is in the tree. */
static int64_t
shown(struct small_board *b, int64_t epoch)
{
    struct welcome w = {.number = 0};
    struct board_row board;
    struct tree_head head;
    struct tree_hash leaf;
    struct tree_proof proof;
    struct stored stored;

    arena_reset(b->arena);
    CHECK_INT(1, state_get_board(b->ledger.state, b->arena, &board));
    journal_head(b->journal, &head);
    CHECK_INT(0, restores_show(&b->ledger, &board, epoch, &head, &w));
    CHECK(w.has.restored && w.has.proof);
    CHECK(stored_decode(b->arena, w.restored, &stored));
    CHECK_INT(BOARD_RESTORE, stored.body.board.what);
    tree_hash_leaf(w.restored.at, w.restored.len, &leaf);
    CHECK(tree_proof_read(&proof, w.proof.at, w.proof.len));
    CHECK(tree_verify_inclusion(&head, (uint64_t)stored.entry.number - 1, &leaf, &proof));
    return stored.entry.number;
}

TEST(restores_show_the_entry_that_ended_the_epoch)
{
    struct small_board b;
    int64_t ended[3];

    small_board_open(&b);
    ended[0] = restore(&b);
    small_board_say(&b, "board/operator", "{\"kind\":\"board\",\"what\":\"open\"}");
    small_board_say(&b, "police/crm",
                    "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\","
                    "\"percent\":10}");
    ended[1] = restore(&b);
    ended[2] = restore(&b);
    small_board_say(&b, "board/operator", "{\"kind\":\"board\",\"what\":\"open\"}");
    small_board_settle(&b);
    for (int epoch = 0; epoch < 3; epoch++)
        CHECK_INT(ended[epoch], shown(&b, epoch));
    small_board_close(&b);
}

/* A journal whose restores are fewer than its epochs is damaged. */
TEST(restores_of_an_epoch_that_nothing_ended_are_an_error)
{
    struct welcome w = {.number = 0};
    struct board_row board;
    struct small_board b;
    struct tree_head head;

    small_board_open(&b);
    (void)restore(&b);
    small_board_settle(&b);
    CHECK_INT(1, state_get_board(b.ledger.state, b.arena, &board));
    journal_head(b.journal, &head);
    board.epoch = 2;
    CHECK_INT(-EBADMSG, restores_show(&b.ledger, &board, 0, &head, &w));
    CHECK(!w.has.restored && !w.has.proof);
    small_board_close(&b);
}
