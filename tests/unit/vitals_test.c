/* What the broker's loop counts, and when a write would be durable. */
#include "broker/vitals.h"

#include "schema/digest.h"
#include "schema/entry.h"
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

static void
add_refused(struct pending *p, int64_t number, enum fault_code code)
{
    static const uint8_t outbox[OUTBOX_SIZE], nonce[NONCE_SIZE], digest[DIGEST_SIZE];
    const struct entry_origin from = {.number = number,
                                      .client = text_of("police/crm"),
                                      .outbox = {outbox, sizeof outbox},
                                      .n = 1,
                                      .kind = KIND_PROGRESS,
                                      .nonce = {nonce, sizeof nonce}};
    const struct fault fault = {.code = code};
    struct entry e;

    entry_refused(&e, &from, &fault, digest);
    pending_add(p, &e);
}

/* The journal failed under it: its entries never happened. */
TEST(vitals_of_a_batch_that_is_dropped_are_forgotten)
{
    struct pending p = {.now = 7};

    add_refused(&p, 1, FAULT_RULE);
    add_refused(&p, 2, FAULT_RULE);
    CHECK_INT(2, p.newest->refused[FAULT_RULE]);
    CHECK_INT(7, p.newest->since);
    pending_drop(&p);
    p.now = 9;
    add_refused(&p, 1, FAULT_STALE);
    CHECK_INT(0, p.newest->refused[FAULT_RULE]);
    CHECK_INT(1, p.newest->refused[FAULT_STALE]);
    CHECK_INT(9, p.newest->since);
    pending_free(&p);
}
