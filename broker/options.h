/* What an operator may set: flags of `maat-broker`, and the lines of its settings:
   DIR/broker.zpl or, where that is not there, BROKER_CONFIG. */
#ifndef BROKER_OPTIONS_H
#define BROKER_OPTIONS_H

#include "schema/records.h"

#define BROKER_CONFIG "/etc/maat/broker.zpl"

/* clang-format off */

#define INIT_OPTION_FIELDS(F, S)                                                                   \
    F(S, board,       REQUIRED, TEXT(1, TITLE_MAX),   "the board's name as printed; its id follows from it")

#define RUN_OPTION_FIELDS(F, S)                                                                    \
    F(S, listen,      OPTIONAL, TEXTS(8),             "where clients connect: tcp://HOST:PORT (* as port: any that is free) or ipc://PATH; may be given several times [tcp://127.0.0.1:5570]") \
    F(S, announce,    OPTIONAL, TEXTS(8),             "the addresses as clients reach them, where they differ: written into operator.zpl and lead.zpl") \
    F(S, mailboxes,   OPTIONAL, TEXTS(LIST_MAX),      "e-mail addresses of posts, not persons, that texts may hold; may be given several times") \
    F(S, window,      OPTIONAL, INT(1, 65535),        "submissions that a client may have in flight [256]") \
    F(S, ping_ms,     OPTIONAL, INT(100, 3600000),    "how often a client must be heard, in milliseconds [10000]") \
    F(S, reserve_mib, OPTIONAL, INT(0, 1000000),      "disk space to be left free, in MiB: below it nothing is accepted [64]") \
    F(S, journal_gib, OPTIONAL, INT(1, 65536),        "the most that the journal may grow to, in GiB [1024]") \
    F(S, state_gib,   OPTIONAL, INT(1, 65536),        "the most that the state may grow to, in GiB [1024]") \
    F(S, metrics,     OPTIONAL, TEXT(1, 255),         "a port at which Prometheus reads /metrics, and anyone of this host /health: tcp://127.0.0.1:PORT (* as port: any that is free); in any case DIR/status.sock answers [none]") \
    F(S, metrics_open, OPTIONAL, FLAG,                "its address may be one that other hosts reach, though it asks for no key") \
    F(S, outboxes_a_day, OPTIONAL, INT(1, 1000000),   "new outboxes that a client may make in a day [1000]") \
    F(S, entries_a_day, OPTIONAL, INT(1, 1000000000), "entries that a client may write in a day [10000000]")

#define VERIFY_OPTION_FIELDS(F, S)                                                                 \
    F(S, journal_gib, OPTIONAL, INT(1, 65536),        "as for run [1024]")                         \
    F(S, state_gib,   OPTIONAL, INT(1, 65536),        "as for run [1024]")

/* Of a key that is made on the host. */
enum { HOST_KEY_REASON = 2000 };

#define LEAD_OPTION_FIELDS(F, S)                                                                   \
    F(S, id,          OPTIONAL, PATH,                 "the client that becomes a lead, or lost its key [board/lead]") \
    F(S, reason,      REQUIRED, TEXT(1, HOST_KEY_REASON), "why, for the journal: no person's name")

#define OPERATOR_OPTION_FIELDS(F, S)                                                               \
    F(S, id,          OPTIONAL, PATH,                 "the client that becomes an operator, or lost its key [board/operator]") \
    F(S, reason,      REQUIRED, TEXT(1, HOST_KEY_REASON), "why, for the journal: no person's name")

#define BACKUP_OPTION_FIELDS(F, S)                                                                 \
    F(S, keep,        OPTIONAL, INT(1, 10000),        "TO is a folder of backups: make one in it, named by the time, and keep the newest so many") \
    F(S, without_keys, OPTIONAL, FLAG,                "leave out board.zpl, operator.zpl and lead.zpl: to be kept elsewhere")

enum { RESTORE_EPOCHS = 1000000 };

#define RESTORE_OPTION_FIELDS(F, S)                                                                \
    F(S, keys,        OPTIONAL, TEXT(1, 4000),        "the folder that has board.zpl, where the backup has no keys") \
    F(S, epoch,       OPTIONAL, INT(1, RESTORE_EPOCHS), "the epoch to begin, where clients have seen the next one: this backup was restored before, from another copy [the one after the last that is known]")

#define DRILL_OPTION_FIELDS(F, S)                                                                  \
    F(S, keys,        OPTIONAL, TEXT(1, 4000),        "as for restore")                            \
    F(S, scratch,     OPTIONAL, TEXT(1, 4000),        "folder to restore in, for as long as it takes; nothing else there is touched [FROM.drill; in a folder of backups FROM/drill]")

#define LOOK_OPTION_FIELDS(F, S)                                                                 \
    F(S, json,        OPTIONAL, FLAG,                 "say it as JSON")

#define OPTION_RECORDS(X)                                                                          \
    X(init_option, INIT_OPTION_FIELDS, CLOSED, "maat-broker init DIR")                             \
    X(run_option, RUN_OPTION_FIELDS, CLOSED, "maat-broker run DIR, and its settings")               \
    X(verify_option, VERIFY_OPTION_FIELDS, CLOSED, "maat-broker verify DIR")                       \
    X(lead_option, LEAD_OPTION_FIELDS, CLOSED, "maat-broker lead DIR FILE")                        \
    X(operator_option, OPERATOR_OPTION_FIELDS, CLOSED, "maat-broker operator DIR FILE")            \
    X(backup_option, BACKUP_OPTION_FIELDS, CLOSED, "maat-broker backup DIR TO")                    \
    X(restore_option, RESTORE_OPTION_FIELDS, CLOSED, "maat-broker restore FROM DIR")               \
    X(drill_option, DRILL_OPTION_FIELDS, CLOSED, "maat-broker drill FROM")                         \
    X(look_option, LOOK_OPTION_FIELDS, CLOSED, "maat-broker status DIR")

/* clang-format on */

OPTION_RECORDS(RECORD_STRUCT)
OPTION_RECORDS(RECORD_EXTERN)

/* Fills what was not given. */
void run_option_defaults(struct run_option *o);

#endif
