/* What the broker's loop counts, and when a write would be durable. */
#include "broker/vitals.h"

#include "tests/t.h"

static struct vitals
healthy(void)
{
    struct vitals v;

    vitals_begin(&v, 1);
    v.closed[OPEN_TO_ALL] = 1;
    v.disk_free = v.disk_reserve = 1000;
    return v;
}

TEST(vitals_a_batch_counts_once_it_is_durable)
{
    static struct batch b = {.count = 10};
    struct vitals v = healthy();

    b.refused[FAULT_RULE] = 2;
    b.refused[FAULT_STALE] = 1;
    vitals_count_batch(&v, &b, 900, 400);
    vitals_count_batch(&v, &b, 1100, 6000000);
    CHECK_INT(14, v.accepted);
    CHECK_INT(4, v.refused[FAULT_RULE]);
    CHECK_INT(2, v.refused[FAULT_STALE]);
    CHECK_INT(20000, v.acknowledged.sum);
    CHECK_INT(10, v.acknowledged.count[3]); /* to 1 ms */
    CHECK_INT(10, v.acknowledged.count[4]);
    CHECK_INT(1, v.synced.count[v.synced.bound_count]);
    CHECK_INT(20, v.batches.sum);
}

TEST(vitals_are_well_only_if_a_write_would_be_durable)
{
    struct vitals v = healthy();

    CHECK(!vitals_trouble(&v));
    for (int closing = OPEN_TO_ALL + 1; closing < CLOSING_COUNT; closing++) {
        v = healthy();
        v.closed[OPEN_TO_ALL] = 0;
        v.closed[closing] = 1;
        CHECK_STR(closing_reason[closing], vitals_trouble(&v));
    }
    v = healthy();
    v.syncing = 5000000;
    CHECK(!vitals_trouble(&v));
    v.syncing++;
    CHECK(strstr(vitals_trouble(&v), "disk"));
    v = healthy();
    v.disk_free--;
    CHECK(strstr(vitals_trouble(&v), "no room"));
    v = healthy();
    v.read_only = true;
    CHECK(strstr(vitals_trouble(&v), "read-only"));
}
