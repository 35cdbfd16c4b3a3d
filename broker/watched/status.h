/* How a broker is, as `maat-broker status` is told and tells it. */
#ifndef BROKER_WATCHED_STATUS_H
#define BROKER_WATCHED_STATUS_H

#include "broker/watched/vitals.h"
#include "schema/records_of.h"

/* In a board's directory: where its broker is asked how it is. */
#define STATUS_SOCKET "status.sock"

/* clang-format off */
#define BROKER_STATUS_FIELDS(F, S)                                                                 \
    F(S, software,  REQUIRED, TEXT(1, 100),        "program and version")                          \
    F(S, board,     REQUIRED, ID,                  "the board's id")                               \
    F(S, addresses, REQUIRED, TEXTS(8),            "where it listens for clients")                 \
    F(S, well,      REQUIRED, FLAG,                "a write would now be durable")                 \
    F(S, trouble,   OPTIONAL, TEXT(1, 300),        "why it would not")                             \
    F(S, started,   REQUIRED, NUMBER,              "when the broker was started: UTC, microseconds") \
    F(S, clock,     REQUIRED, NUMBER,              "the time by its host's clock, likewise") \
    F(S, number,    REQUIRED, NUMBER,              "the newest durable entry")                     \
    F(S, unwritten, REQUIRED, NUMBER,              "entries that the state on disk lacks")         \
    F(S, accepted,  REQUIRED, NUMBER,              "entries since the start that accept a submission") \
    F(S, refused,   REQUIRED, NUMBER,              "and those that refuse one")                    \
    F(S, clients,   REQUIRED, NUMBER,              "sessions that were welcomed and are not over") \
    F(S, sharing,   OPTIONAL, NUMBER,              "those of them that share a key which was meant for one: see key-shared in the log") \
    F(S, followers, REQUIRED, NUMBER,              "subscriptions")                                \
    F(S, lag,       REQUIRED, NUMBER,              "entries that the follower furthest behind lacks") \
    F(S, journal_bytes, REQUIRED, NUMBER,          "size of the journal")                          \
    F(S, state_bytes, REQUIRED, NUMBER,            "size of the state")                            \
    F(S, disk_free, REQUIRED, NUMBER,              "free bytes on their disk")                     \
    F(S, disk_reserve, REQUIRED, NUMBER,           "free bytes below which nothing is accepted")

#define BROKER_STATUS_RECORDS(X)                                                                   \
    X(broker_status, BROKER_STATUS_FIELDS, OPEN, "How a broker is: maat-broker status --json.")
/* clang-format on */

BROKER_STATUS_RECORDS(RECORD_STRUCT)
BROKER_STATUS_RECORDS(RECORD_EXTERN)

/* Texts are borrowed. */
struct broker_status broker_status_of(const char *software, const char *board,
                                      struct texts addresses, const struct vitals *v);

/* Asks the broker that serves this directory. 0, in the arena; or a negative errno with
   `why`: that nobody answers, and what to do. */
int broker_status_ask(struct arena *arena, const char *dir, struct broker_status *out,
                      struct why *why);

/* For a person, on stdout. */
void broker_status_print(const struct broker_status *s);

#endif
