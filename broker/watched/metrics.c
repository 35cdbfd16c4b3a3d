#include "broker/watched/metrics.h"

#include "schema/words.h"

/* clang-format off */
#define AT(member) .offset = offsetof(struct vitals, member)
#define COUNTER .type = METRIC_COUNTER
#define GAUGE .type = METRIC_GAUGE
#define HISTOGRAM .type = METRIC_HISTOGRAM
#define SECONDS .unit = IN_MICROSECONDS

#define AS_WORD(symbol, text, doc) text,
static const char *const codes[] = {FAULT_CODES(AS_WORD)};
#define AS_CLOSING(symbol, word, ms, reason) word,
static const char *const closings[] = {CLOSINGS(AS_CLOSING)};

static const struct metric list[] = {
    {"maat_broker_build_info", "Which program this is.",
     .type = METRIC_INFO, AT(version), .label = "version"},
    {"maat_broker_start_time_seconds", "When it was started, as a UNIX time.", GAUGE, SECONDS, AT(started)},
    {"maat_broker_clock_seconds", "The time by the clock of its host, as a UNIX time.", GAUGE, SECONDS, AT(host)},

    {"maat_broker_accepted_total", "Entries that accept a submission, durable since the start.", COUNTER, AT(accepted)},
    {"maat_broker_refused_total", "Entries that refuse one, by the reason.", COUNTER, AT(refused),
     .label = "code", .words = codes, .word_count = FAULT_CODE_COUNT},
    {"maat_broker_acknowledgement_seconds", "From a batch's first entry until the batch could be acknowledged, for each entry.",
     HISTOGRAM, SECONDS, AT(acknowledged)},
    {"maat_broker_sync_seconds", "How long the journal took to append a batch and sync it.", HISTOGRAM, SECONDS, AT(synced)},
    {"maat_broker_batch_entries", "Entries of a batch, which share one sync.", HISTOGRAM, AT(batches)},
    {"maat_broker_write_failures_total", "How often the journal could not be written, and the broker went back to what is durable.",
     COUNTER, AT(failures)},
    {"maat_broker_intake_state", "1 for the state that intake is in: open, or why it is closed.", GAUGE, AT(closed),
     .label = "state", .words = closings, .word_count = CLOSING_COUNT},

    {"maat_broker_last_number", "The newest durable entry of the journal.", GAUGE, AT(durable)},
    {"maat_broker_waiting_entries", "Entries that were judged and are not durable yet.", GAUGE, AT(waiting)},
    {"maat_broker_unwritten_entries", "Entries that a start now would fold again: the state on disk lacks them.", GAUGE, AT(unwritten)},
    {"maat_broker_syncing_seconds", "For how long the journal has been at the batch that it has; 0 if it has none.", GAUGE, SECONDS, AT(syncing)},

    {"maat_broker_clients", "Sessions that were welcomed, and neither took their leave nor were silent for three times ping-ms.", GAUGE, AT(clients)},
    {"maat_broker_sessions_sharing_key", "Those of them whose client meant to be alone with its key, and was not, as of its last sign of life.", GAUGE, AT(sharing)},
    {"maat_broker_unknown_keys_total", "Connections that were turned away, since no client has their key.", COUNTER, AT(strangers)},
    {"maat_broker_followers", "Subscriptions.", GAUGE, AT(followers)},
    {"maat_broker_followers_without_credit", "Those of them that wait until their client grants credit.", GAUGE, AT(starved)},
    {"maat_broker_follower_lag_entries", "Entries that the follower furthest behind was not told of yet.", GAUGE, AT(lag)},
    {"maat_broker_credit_waits_total", "How often a follower had to wait for credit, and then was granted it.", COUNTER, AT(credit_waits)},

    {"maat_broker_journal_bytes", "Size of the journal's file.", GAUGE, AT(journal_bytes)},
    {"maat_broker_state_bytes", "Size of the state's file.", GAUGE, AT(state_bytes)},
    {"maat_broker_disk_free_bytes", "Free space on the disk that both are on.", GAUGE, AT(disk_free)},
    {"maat_broker_disk_reserve_bytes", "Free space below which nothing is accepted.", GAUGE, AT(disk_reserve)},
};
/* clang-format on */

const struct metrics broker_metrics = {list, sizeof list / sizeof *list};
