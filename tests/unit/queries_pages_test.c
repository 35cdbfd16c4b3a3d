/* Entries page after page: each once, and none costs more for lying far back. */
#include "tests/enquiry.h"
#include "tests/read_journal.h"
#include "tests/t.h"

/* All pages of a question, newest first: how many entries they hold. */
static int64_t
count_pages(struct enquiry *r, const char *asked)
{
    char after[24] = "1000000";
    int64_t count = 0;
    int64_t newest = INT64_MAX;

    for (;;) {
        enquiry_ask(r, "police/crm", SAY_RESULT, "{'id': 1, %s, 'limit': 90, 'after': '%s'}", asked,
                    after);
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

/* So long that a page far back is not found by passing all of it by; beside it an
   action whose id begins alike. */
enum { NOTES = 20 * MARK_EVERY, DECISIONS = NOTES / 3 + 1, OTHERS = NOTES / 5 };

static void
say_much(struct enquiry *r)
{
    enquiry_say(
        r, "board/lead",
        "{'kind': 'action', 'id': 'p/11', 'ref': '11', 'title': 'T', 'leads': [], 'seen': 0, "
        "'epoch': 0}");
    for (int i = 0; i < NOTES; i++) {
        enquiry_say(r, "police/crm",
                    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'note': 'n%d'}", i);
        if (i % 3 == 0)
            enquiry_say(
                r, "board/lead",
                "{'kind': 'decision', 'what': 'note', 'action': 'p/1', 'reason': 'r%d', 'seen': 0, "
                "'epoch': 0}",
                i);
        if (i % 5 == 0)
            enquiry_say(
                r, "board/lead",
                "{'kind': 'decision', 'what': 'note', 'action': 'p/11', 'reason': 'r%d', 'seen': "
                "0, 'epoch': 0}",
                i);
    }
    small_board_settle(&r->board);
}

TEST(pages_of_a_long_chain_hold_each_entry_once)
{
    struct enquiry r;

    enquiry_open(&r);
    say_much(&r);
    CHECK_INT(NOTES + DECISIONS + 2, count_pages(&r, "'what': 'history', 'action': 'p/1'"));
    CHECK_INT(OTHERS + 1, count_pages(&r, "'what': 'history', 'action': 'p/11'"));
    CHECK_INT(NOTES + DECISIONS + OTHERS + 4, count_pages(&r, "'what': 'log', 'plan': 'p'"));
    enquiry_close(&r);
}

/* What the loop reads for one page is bounded, however far back it lies. */
TEST(pages_far_back_cost_no_more_than_a_bound)
{
    enum { BOUND = 3500 };
    struct read_journal counting;
    struct enquiry r;

    enquiry_open(&r);
    say_much(&r);
    struct journal *real = r.board.ledger.journal;
    r.board.ledger.journal = read_journal_of(real, &counting);
    for (int after = (int)r.board.ledger.number; after > 0; after -= 500) {
        counting.reads = 0;
        enquiry_ask(&r, "police/crm", SAY_RESULT,
                    "{'id': 1, 'what': 'history', 'action': 'p/1', 'after': '%d'}", after);
        CHECK(counting.reads > 0);
        CHECK(counting.reads < BOUND);
    }
    r.board.ledger.journal = real;
    enquiry_close(&r);
}
