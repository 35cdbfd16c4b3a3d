/* Whoever follows a few plans reads the same entries along their chains as in the
   whole journal. */
#include "broker/feeds/chains.h"
#include "tests/lived.h"
#include "tests/t.h"

enum { DAYS = 40, SAID_A_DAY = 40, NUMBERS = 4000 };

struct numbers_read {
    int64_t at[NUMBERS];
    size_t count;
};

static bool
is_of(const struct happening *h, const struct plan_list *plans)
{
    return h->plan.len ? plan_list_find(plans, h->plan) != PLAN_LIST_NONE : h->accepted;
}

static void
note(struct numbers_read *n, const struct span *s, const struct plan_list *plans)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (is_of(&s->entries[i], plans)) {
            CHECK(n->count < NUMBERS);
            n->at[n->count++] = s->entries[i].number;
        }
}

/* The whole journal, entry by entry. */
static void
read_all(struct span *s, const struct plan_list *plans, int64_t after, int64_t to,
         struct numbers_read *n)
{
    n->count = 0;
    while (after < to) {
        span_begin(s, 0, after);
        CHECK_INT(0, span_read(s, after + 1, to, 64 * 1024));
        note(n, s, plans);
        CHECK(s->last > after);
        after = s->last;
    }
}

static void
read_chains(struct span *s, const struct plan_list *plans, int64_t after, int64_t to, size_t bytes,
            struct numbers_read *n)
{
    n->count = 0;
    while (after < to) {
        span_begin(s, 0, after);
        CHECK_INT(0, chains_read(s, plans, after, to, bytes));
        for (uint32_t i = 0; i < s->count; i++)
            CHECK(is_of(&s->entries[i], plans));
        note(n, s, plans);
        CHECK(s->last > after && s->last <= to);
        after = s->last;
    }
}

static void
compare(struct span *s, const struct plan_list *plans, int64_t after, int64_t to, size_t bytes)
{
    static struct numbers_read all;
    static struct numbers_read along;

    read_all(s, plans, after, to, &all);
    read_chains(s, plans, after, to, bytes, &along);
    CHECK_INT((int64_t)all.count, (int64_t)along.count);
    for (size_t i = 0; i < all.count; i++)
        CHECK_INT(all.at[i], along.at[i]);
}

static struct plan_list *
some_plans(unsigned random)
{
    struct text ids[LIVED_PLANS];
    uint32_t count = 0;

    for (unsigned i = 0; i < LIVED_PLANS && count < CHAINS_MAX - 1; i++)
        if (random >> i & 1)
            ids[count++] = text_of(lived_plans[i]);
    return plan_list_new(ids, count);
}

TEST(feed_reads_along_chains_what_the_journal_holds_of_them)
{
    struct hearing *h = lived_through(DAYS, SAID_A_DAY);
    struct ledger l;
    struct span s;

    lived_ledger_open(h, h->number - 50, &l);
    span_init(&s, &l);
    for (unsigned plans = 0; plans < 1 << LIVED_PLANS; plans++) {
        struct plan_list *list = some_plans(plans);
        int64_t after = (int64_t)random_below((uint64_t)h->number);
        compare(&s, list, 0, h->number, 64 * 1024);
        compare(&s, list, after, h->number, 2000);
        compare(&s, list, after, after + (h->number - after) / 2, 64 * 1024);
        plan_list_let_go(list);
    }
    span_end(&s);
    lived_ledger_close(&l);
    hearing_close(h);
}
