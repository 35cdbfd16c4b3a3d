/* How long a client is put off: by a clock that is an argument. */
#include "broker/limits.h"

#include "tests/t.h"

#define SECOND INT64_C(1000000)

TEST(limits_patience_ends_at_its_burst_and_each_wait_is_twice_the_last)
{
    const struct patience_rule rule = {3, 10 * SECOND, SECOND, 5 * SECOND};
    static const int64_t waits[] = {1, 2, 4, 5, 5};
    struct patience p = {0};
    int64_t now = 1000 * SECOND;

    for (int i = 0; i < 2; i++) {
        patience_spend(&p, &rule, now);
        CHECK_INT(0, patience_left(&p, now));
    }
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        patience_spend(&p, &rule, now);
        CHECK_INT(waits[i] * SECOND, patience_left(&p, now));
        CHECK_INT(1, patience_left(&p, now + waits[i] * SECOND - 1));
        now += waits[i] * SECOND;
        CHECK_INT(0, patience_left(&p, now));
    }
    now += 1000 * SECOND; /* all of it has come back */
    patience_spend(&p, &rule, now);
    CHECK_INT(0, patience_left(&p, now));
}

TEST(limits_count_a_clients_entries_and_outboxes_by_the_day)
{
    const struct allowance allowance = {.outboxes = 1, .entries = 3};
    struct limits l = {0};
    const char *why = "";

    CHECK_INT(0, limits_ask(&l, &allowance, true, 10, SECOND, &why));
    limits_count(&l, true, false, SECOND);
    CHECK(limits_ask(&l, &allowance, true, 10, SECOND, &why) > 0);
    CHECK_STR("more new outboxes than a client may begin in a day", why);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(0, limits_ask(&l, &allowance, false, 10, SECOND, &why));
        limits_count(&l, false, false, SECOND);
    }
    CHECK(limits_ask(&l, &allowance, false, 10, SECOND, &why) > 0);
    CHECK_STR("more submissions than a client may send in a day", why);
    CHECK_INT(0, limits_ask(&l, &allowance, true, 11, SECOND, &why));
}
