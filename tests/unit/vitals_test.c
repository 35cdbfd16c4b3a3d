/* What the broker's loop counts, and when a write would be durable. */
#include "broker/watched/vitals.h"

#include "broker/watched/metrics.h"
#include "schema/digest.h"
#include "schema/entry.h"
#include "tests/scraped.h"
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

TEST(vitals_are_told_each_by_its_own_name)
{
    enum { SECOND = 1000000 };
    struct vitals v = healthy();
    const struct scraped_row rows[] = {
        {"maat_broker_start_time_seconds", &v.started, SECOND},
        {"maat_broker_clock_seconds", &v.host, SECOND},
        {"maat_broker_accepted_total", &v.accepted, 1},
        {"maat_broker_refused_total{code=\"malformed\"}", &v.refused[FAULT_MALFORMED], 1},
        {"maat_broker_refused_total{code=\"limit\"}", &v.refused[FAULT_LIMIT], 1},
        {"maat_broker_acknowledgement_seconds_sum", &v.acknowledged.sum, SECOND},
        {"maat_broker_sync_seconds_sum", &v.synced.sum, SECOND},
        {"maat_broker_batch_entries_sum", &v.batches.sum, 1},
        {"maat_broker_write_failures_total", &v.failures, 1},
        {"maat_broker_intake_state{state=\"open\"}", &v.closed[OPEN_TO_ALL], 1},
        {"maat_broker_intake_state{state=\"restored\"}", &v.closed[CLOSED_RESTORED], 1},
        {"maat_broker_last_number", &v.durable, 1},
        {"maat_broker_waiting_entries", &v.waiting, 1},
        {"maat_broker_unwritten_entries", &v.unwritten, 1},
        {"maat_broker_syncing_seconds", &v.syncing, SECOND},
        {"maat_broker_clients", &v.clients, 1},
        {"maat_broker_sessions_sharing_key", &v.sharing, 1},
        {"maat_broker_unknown_keys_total", &v.strangers, 1},
        {"maat_broker_followers", &v.followers, 1},
        {"maat_broker_followers_without_credit", &v.starved, 1},
        {"maat_broker_follower_lag_entries", &v.lag, 1},
        {"maat_broker_credit_waits_total", &v.credit_waits, 1},
        {"maat_broker_journal_bytes", &v.journal_bytes, 1},
        {"maat_broker_state_bytes", &v.state_bytes, 1},
        {"maat_broker_disk_free_bytes", &v.disk_free, 1},
        {"maat_broker_disk_reserve_bytes", &v.disk_reserve, 1},
    };

    v.version = "1";
    scraped_check_table(&broker_metrics, &v, rows, sizeof rows / sizeof *rows);
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
