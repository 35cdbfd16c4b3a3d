/* What is said on the wire: one list of messages, each a record. A frame is a
   MessagePack array of the command word and a map; unknown fields of the map
   are ignored, so that either end may be newer. DESIGN, "The wire".          */
#ifndef SCHEMA_MESSAGES_H
#define SCHEMA_MESSAGES_H

#include "schema/records.h"

/* clang-format off */

enum {
    PROTOCOL_VERSION = 1,
    FRAME_IN_MAX = 65 * 1024 + 1024, /* to the broker: a body of 64 KiB and its envelope */
    FRAME_OUT_MAX = 256 * 1024,      /* to a client */
    RUN_MAX = 1024,                  /* acknowledgements in one ACK */
    PAGE_MAX = 1000,                 /* rows in one RESULT */
    EVERY_MAX = 3660, EVERY_WEEK = 7, /* days from one rating count to the next; unless said */
    FEED_ROWS_MAX = 4096,                 /* rows, entries or plans in one message of a feed */
    SHARER_ADDRESS = 64,             /* bytes of a network address */
    PLANS_HELD_MAX = 1000,                 /* plans held, in one SUBSCRIBE */
    CREDIT_LEAST = FRAME_OUT_MAX,    /* so any message fits what was granted at once */
    PROOF_MAX = 64 * 32,             /* a proof has at most a hash per level, twice */
    FEED_CREDIT_MAX = 4 << 20,       /* what a subscription may have left; more is cut to it */
    FEED_COST_LEAST = 16 * 1024,     /* of a message, so that credit bounds their number too */
    SUBSCRIPTIONS_MAX = 16,          /* of one session */
    FEED_MESSAGES_MAX = SUBSCRIPTIONS_MAX * (FEED_CREDIT_MAX / FEED_COST_LEAST), /* on the way to it */
};

#define QUERIES(X)                                                                                 \
    X(QUERY_STATUS, "status", "plans' actions, with their ratings")                                \
    X(QUERY_SHOW, "show", "one action: its row, parts and rating")                                 \
    X(QUERY_HISTORY, "history", "one action's entries, newest first")                              \
    X(QUERY_LOG, "log", "entries, newest first, or from a number on")                              \
    X(QUERY_PLANS, "plans", "the plans that this client may see")                                  \
    X(QUERY_OVER_TIME, "counts", "a plan's rating counts at the ends of days")                     \
    X(QUERY_AGENCIES, "agencies", "the registry's agencies")                                       \
    X(QUERY_CLIENTS, "clients", "the registry's clients; operators and leads")                     \
    X(QUERY_HEAD, "head", "a tree head, signed now")                                               \
    X(QUERY_INCLUSION, "inclusion", "proof that an entry is in the tree of a size")                \
    X(QUERY_CONSISTENCY, "consistency", "proof that a tree contains an earlier one")

#define FEED_WANTS(X)                                                                              \
    X(WANT_BOTH, "both", "entries, and the newest state of each row that they touch")              \
    X(WANT_ENTRIES, "entries", "entries alone: no STATE, no rows in an EVENT")                     \
    X(WANT_ROWS, "rows", "the rows alone")

#define WIRE_ERRORS(X)                                                                             \
    X(ERROR_HELLO, "hello-first", "say HELLO first: the broker was restarted, or the session ended") \
    X(ERROR_VERSION, "version", "no protocol version in common")                                   \
    X(ERROR_FORKED, "forked", "this n was given to something else before: two holders of one outbox, or one restored from a copy") \
    X(ERROR_OTHER_JOURNAL, "other-journal", "the tree head that was seen does not fit this journal") \
    X(ERROR_NOT_FOUND, "not-found", "absent, or not to be seen by this client")                    \
    X(ERROR_MALFORMED, "malformed", "the frame can't be read")                                     \
    X(ERROR_BUSY, "busy", "one query at a time; or the id is a subscription's already")            \
    X(ERROR_REVOKED, "revoked", "the key is no longer valid")                                      \
    X(ERROR_LIMIT, "limit", "too many outboxes, too much that can't be read, or an answer longer than its credit")                   \
    X(ERROR_DAY, "day", "the day asked for is still to come, or before the board began")           \
    X(ERROR_AGAIN, "again", "the subscription is over, since the broker could not write: subscribe again, from the last `upto`") \
    X(ERROR_LOST, "lost", "an n that the broker has had is lost: see the operator's accept-gap")

#define AS_ENUM(symbol, text, doc) symbol,
enum query_kind { QUERIES(AS_ENUM) QUERY_COUNT };
enum feed_want { FEED_WANTS(AS_ENUM) FEED_WANT_COUNT };
enum wire_error { WIRE_ERRORS(AS_ENUM) WIRE_ERROR_COUNT };
#undef AS_ENUM
extern const struct vocabulary queries, wire_errors, feed_wants;

/* --- from clients ---------------------------------------------------------- */

#define HELLO_FIELDS(F, S)                                                                         \
    F(S, oldest,    REQUIRED, INT(1, 65535),       "oldest protocol version spoken")               \
    F(S, newest,    REQUIRED, INT(1, 65535),       "newest protocol version spoken")               \
    F(S, software,  REQUIRED, TEXT(1, 100),        "program and version")                          \
    F(S, outbox,    OPTIONAL, BIN(16, 16),         "its outbox; none where nothing will be submitted") \
    F(S, number,    OPTIONAL, NUMBER,              "size of the last tree head that it saw")       \
    F(S, root,      OPTIONAL, BIN(32, 32),         "and its root")                                 \
    F(S, epoch,     OPTIONAL, NUMBER,              "and how often its journal had been restored")     \
    F(S, alone,     OPTIONAL, FLAG,                "it means to be the only program that works by its key, and wants to be told of another")

#define SUBMIT_FIELDS(F, S)                                                                        \
    F(S, n,         REQUIRED, INT(1, INT64_MAX),   "1, 2, 3, ... in its outbox")                   \
    F(S, kind,      REQUIRED, WORD(submission_kind, submission_kinds), "kind of submission")       \
    F(S, nonce,     REQUIRED, BIN(16, 16),         "random bytes, the same whenever it is sent again") \
    F(S, body,      REQUIRED, BIN(1, BODY_MAX),    "one MessagePack map, as the kind's record says")

#define QUERY_FIELDS(F, S)                                                                         \
    F(S, id,        REQUIRED, NUMBER,              "the client's own number for it, given back")   \
    F(S, what,      REQUIRED, WORD(query_kind, queries), "what is asked")                               \
    F(S, credit,    OPTIONAL, INT(1, INT64_MAX),   "bytes that the RESULT's frame may have, 256 KiB unless said; a page ends where it would be longer; where not even a row fits, ERROR `limit`") \
    F(S, plan,      OPTIONAL, ID,                  "of this plan; counts: needed")                 \
    F(S, action,    OPTIONAL, PATH,                "of this action; show, history: needed")        \
    F(S, agency,    OPTIONAL, ID,                  "with a part of this agency; log: by this agency's clients") \
    F(S, theme,     OPTIONAL, ID,                  "with this theme")                              \
    F(S, rating,    OPTIONAL, WORD(rating, ratings), "rated so")                                   \
    F(S, silent_since, OPTIONAL, DAY,              "with a lead unheard since")                    \
    F(S, as_at,     OPTIONAL, DAY,                 "as the journal held it at this day's end")     \
    F(S, since,     OPTIONAL, DAY,                 "log: of this day or later; counts: from this day on, the plan's first unless said") \
    F(S, until,     OPTIONAL, DAY,                 "log: of this day or earlier; counts: up to this day, today unless said") \
    F(S, every,     OPTIONAL, INT(1, EVERY_MAX),   "counts: so many days from one to the next, and the last day in any case; 7 unless said") \
    F(S, from,      OPTIONAL, NUMBER,              "log: from this number on, oldest first; inclusion: the entry; consistency: the earlier size; of either 1 to `size`") \
    F(S, size,      OPTIONAL, NUMBER,              "inclusion, consistency: the tree's size, no larger than the journal; else ERROR `not-found`") \
    F(S, limit,     OPTIONAL, INT(1, PAGE_MAX),    "rows wanted at most")                          \
    F(S, after,     OPTIONAL, TEXT(1, 200),        "go on after this `next` of an earlier RESULT; any other text begins somewhere, and is no error")

/* An entry or a row must match one of each list that is given. An action's own
   plan, id, themes, and agencies with a part in it; entries of a plan, and its row,
   by the plan alone; entries of the registry and refusals by who sent them, and
   where no plan, theme or action is given. */
#define SUBSCRIBE_FIELDS(F, S)                                                                     \
    F(S, id,        REQUIRED, NUMBER,              "the client's own number for it, in all that is said of it") \
    F(S, plans,     OPTIONAL, TEXTS(LIST_MAX),     "of these plans")                               \
    F(S, actions,   OPTIONAL, TEXTS(LIST_MAX),     "of these actions")                             \
    F(S, themes,    OPTIONAL, TEXTS(LIST_MAX),     "with one of these themes")                     \
    F(S, agencies,  OPTIONAL, TEXTS(LIST_MAX),     "with a part of one of these agencies")         \
    F(S, want,      OPTIONAL, WORD(feed_want, feed_wants), "entries, rows or both; both unless said") \
    F(S, from,      OPTIONAL, NUMBER,              "entries after this number, an `upto` of before; 0: all there are; none: current rows first") \
    F(S, held,      OPTIONAL, TEXTS(PLANS_HELD_MAX),     "with `from`: plans whose rows it holds as of then; STATE comes for the others") \
    F(S, number,    OPTIONAL, NUMBER,              "size of the last tree head that it saw")       \
    F(S, root,      OPTIONAL, BIN(32, 32),         "and its root")                                 \
    F(S, credit,    OPTIONAL, INT(CREDIT_LEAST, INT64_MAX), "bytes that may be sent at once; none unless said")

#define CREDIT_FIELDS(F, S)                                                                        \
    F(S, id,        REQUIRED, NUMBER,              "the subscription's")                           \
    F(S, credit,    REQUIRED, INT(CREDIT_LEAST, INT64_MAX), "so many bytes more")

#define UNSUBSCRIBE_FIELDS(F, S)                                                                   \
    F(S, id,        REQUIRED, NUMBER,              "the subscription's")

#define EMPTY_FIELDS(F, S)                                                                         \
    F(S, id,        OPTIONAL, NUMBER,              "given back in the answer")

/* --- from the broker -------------------------------------------------------- */

/* Another program by the same key. */
#define SHARER_FIELDS(F, S)                                                                        \
    F(S, since,     REQUIRED, NUMBER,              "when it said HELLO: UTC, microseconds")        \
    F(S, address,   OPTIONAL, TEXT(1, SHARER_ADDRESS), "the network address that it came from, as the broker sees it")

#define WELCOME_FIELDS(F, S)                                                                       \
    F(S, version,   REQUIRED, INT(1, 65535),       "the protocol version that will be spoken")     \
    F(S, software,  REQUIRED, TEXT(1, 100),        "program and version")                          \
    F(S, board,     REQUIRED, ID,                  "the board's id")                               \
    F(S, title,     REQUIRED, TEXT(1, TITLE_MAX),  "its name as printed")                          \
    F(S, client,    REQUIRED, PATH,                "who the client is, by its key")                \
    F(S, role,      REQUIRED, WORD(role, roles),   "its role")                                     \
    F(S, n,         REQUIRED, NUMBER,              "the outbox's last n; it acknowledges nothing") \
    F(S, number,    REQUIRED, NUMBER,              "newest durable journal number")                \
    F(S, epoch,     REQUIRED, NUMBER,              "how often the journal was restored")           \
    F(S, head,      REQUIRED, TEXT(1, 1000),       "a tree head: a C2SP checkpoint")               \
    F(S, today,     REQUIRED, DAY,                 "the broker's day")                             \
    F(S, window,    REQUIRED, INT(1, 65535),       "submissions that may be in flight")            \
    F(S, body_max,  REQUIRED, INT(1, BODY_MAX),    "bytes of a body")                              \
    F(S, ping_ms,   REQUIRED, INT(1, 3600000),     "say PING at least this often, in milliseconds") \
    F(S, mailboxes, REQUIRED, TEXTS(LIST_MAX),     "e-mail addresses that are posts, not persons") \
    F(S, clock,     OPTIONAL, NUMBER,              "the broker's clock: UTC, microseconds")        \
    F(S, restored,  OPTIONAL, BIN(1, 1024),        "the entry that ended HELLO's epoch")           \
    F(S, proof,     OPTIONAL, BIN(0, 1824),        "that it is in the tree of the head, as RESULT's") \
    F(S, shared,    OPTIONAL, ONE(sharer),         "where HELLO said `alone`: another program works by this key")

#define PONG_FIELDS(F, S)                                                                          \
    EMPTY_FIELDS(F, S)                                                                             \
    F(S, shared,    OPTIONAL, ONE(sharer),         "as in WELCOME; left out when there is none any more")

#define ACK_FIELDS(F, S)                                                                           \
    F(S, outbox,    REQUIRED, BIN(16, 16),         "the outbox")                                   \
    F(S, n,         REQUIRED, INT(1, INT64_MAX),   "the first n of a run")                         \
    F(S, numbers,   REQUIRED, NUMBERS(RUN_MAX),    "their journal numbers: accepted, and durable") \

#define REFUSED_FIELDS(F, S)                                                                       \
    F(S, outbox,    REQUIRED, BIN(16, 16),         "the outbox")                                   \
    F(S, n,         REQUIRED, INT(1, INT64_MAX),   "its n")                                        \
    F(S, number,    REQUIRED, NUMBER,              "the journal's number of the refusal")          \
    F(S, code,      REQUIRED, WORD(fault_code, fault_codes), "why")                                \
    F(S, field,     REQUIRED, TEXT(0, 64),         "which field; empty for the whole")             \
    F(S, reason,    REQUIRED, TEXT(0, 300),        "a sentence; when repeated, the code's")

#define REWIND_FIELDS(F, S)                                                                        \
    F(S, outbox,    REQUIRED, BIN(16, 16),         "the outbox")                                   \
    F(S, n,         REQUIRED, INT(1, INT64_MAX),   "go on from this n")

#define RETRY_FIELDS(F, S)                                                                         \
    F(S, outbox,    REQUIRED, BIN(16, 16),         "the outbox")                                   \
    F(S, n,         REQUIRED, INT(1, INT64_MAX),   "this n, and those after it, were not taken")   \
    F(S, after_ms,  REQUIRED, INT(1, 3600000),     "come back after so many milliseconds")         \
    F(S, reason,    REQUIRED, TEXT(0, 300),        "why not now")

#define ERROR_FIELDS(F, S)                                                                         \
    F(S, code,      REQUIRED, WORD(wire_error, wire_errors), "what is wrong")                      \
    F(S, reason,    REQUIRED, TEXT(0, 300),        "a sentence")                                   \
    F(S, id,        OPTIONAL, NUMBER,              "the query's, or the subscription's")           \
    F(S, n,         OPTIONAL, INT(1, INT64_MAX),   "forked, lost: the n")

/* An action in a list. */
#define LISTED_FIELDS(F, S)                                                                        \
    F(S, id,        REQUIRED, PATH,                "plan and ref")                                 \
    F(S, ref,       REQUIRED, TEXT(1, ID_MAX),     "its reference as printed")                     \
    F(S, title,     REQUIRED, TEXT(1, TITLE_MAX),  "its title")                                    \
    F(S, leads,     REQUIRED, WHO,                 "its leads")                                    \
    F(S, themes,    OPTIONAL, IDS(LIST_MAX),       "its themes")                                   \
    F(S, due,       OPTIONAL, DAY,                 "its due date")                                 \
    F(S, due_was,   OPTIONAL, DAY,                 "what that was moved from")                     \
    F(S, due_printed, OPTIONAL, TEXT(1, TITLE_MAX), "as written")                                  \
    F(S, marking,   REQUIRED, WORD(marking, markings), "its plan's marking")                       \
    F(S, standing,  REQUIRED, WORD(standing, standings), "what the board has decided")             \
    F(S, rating,    REQUIRED, WORD(rating, ratings), "its rating on the day asked")                \
    F(S, reasons,   REQUIRED, SET(reasons),        "and why")                                      \
    F(S, least,     OPTIONAL, WORD(claim, claims), "the least advanced lead's claim")              \
    F(S, lead_count, REQUIRED, NUMBER,             "how many lead it")                             \
    F(S, claimed,   REQUIRED, NUMBER,              "how many of them claim completion")            \
    F(S, measured,  OPTIONAL, AMOUNT,              "the measure's value over all agencies")        \
    F(S, heard,     OPTIONAL, DAY,                 "the day on which a lead was heard last")       \
    F(S, unheard,   OPTIONAL, DAY,                 "the day since which the lead that was silent longest has been") \
    F(S, changed,   REQUIRED, NUMBER,              "newest entry that changed it")

/* An action whole. */
#define SHOWN_FIELDS(F, S)                                                                         \
    F(S, plan,      REQUIRED, ONE(plan_row),       "its plan")                                     \
    F(S, action,    REQUIRED, ONE(action_row),     "its row")                                      \
    F(S, listed,    REQUIRED, ONE(listed),         "its line in a list, with the rating")          \
    F(S, parts,     REQUIRED, MANY(part, AGENCIES_MAX), "what was said of each share, leads first")

/* How a plan's actions are rated. */
#define TALLY_FIELDS(F, S)                                                                         \
    F(S, actions,   REQUIRED, NUMBER,              "how many actions it has")                      \
    F(S, blue,      REQUIRED, NUMBER,              "rated blue")                                   \
    F(S, grey,      REQUIRED, NUMBER,              "rated grey")                                   \
    F(S, green,     REQUIRED, NUMBER,              "rated green")                                  \
    F(S, amber,     REQUIRED, NUMBER,              "rated amber")                                  \
    F(S, red,       REQUIRED, NUMBER,              "rated red")

/* A plan in a list. */
#define PLAN_LINE_FIELDS(F, S)                                                                     \
    F(S, plan,      REQUIRED, ONE(plan_row),       "its row")                                      \
    TALLY_FIELDS(F, S)

/* A plan on a day. */
#define COUNTED_FIELDS(F, S)                                                                       \
    F(S, day,       REQUIRED, DAY,                 "at the end of this day, as the journal held it then") \
    TALLY_FIELDS(F, S)

#define RESULT_FIELDS(F, S)                                                                        \
    F(S, id,        REQUIRED, NUMBER,              "the query's")                                  \
    F(S, number,    REQUIRED, NUMBER,              "complete to this journal number: the `seen` of what is made from it") \
    F(S, epoch,     REQUIRED, NUMBER,              "and the `epoch`")                              \
    F(S, day,       REQUIRED, DAY,                 "the day of the ratings")                       \
    F(S, actions,   OPTIONAL, MANY(listed, PAGE_MAX), "status")                                    \
    F(S, shown,     OPTIONAL, ONE(shown),          "show")                                         \
    F(S, entries,   OPTIONAL, MANY(entry, PAGE_MAX), "history, log")                               \
    F(S, plans,     OPTIONAL, MANY(plan_line, PAGE_MAX), "plans")                                  \
    F(S, counts,    OPTIONAL, MANY(counted, PAGE_MAX), "counts: none of days before the plan began") \
    F(S, agencies,  OPTIONAL, MANY(agency_row, PAGE_MAX), "agencies")                              \
    F(S, clients,   OPTIONAL, MANY(client_row, PAGE_MAX), "clients")                               \
    F(S, head,      OPTIONAL, TEXT(1, 1000),       "head: a C2SP checkpoint")                      \
    F(S, proof,     OPTIONAL, BIN(0, PROOF_MAX),   "inclusion, consistency: hashes of 32 bytes each") \
    F(S, leaf,      OPTIONAL, BIN(32, 32),         "inclusion: the entry's leaf hash")             \
    F(S, next,      OPTIONAL, TEXT(1, 200),        "there is more: ask again `after` this")

/* `count` is 1, 2, 3 ... over all that is said of one subscription: a gap is a loss.
   Each message of a feed counts against the credit with the bytes of its frame, and
   FEED_COST_LEAST at least. */
#define SEEN_PLANS_FIELDS(F, S)                                                                    \
    F(S, id,        REQUIRED, NUMBER,              "the subscription's")                           \
    F(S, count,     REQUIRED, INT(1, INT64_MAX),   "1, 2, 3, ... in it")                           \
    F(S, plans,     REQUIRED, TEXTS(FEED_ROWS_MAX),     "the plans that may be seen, of those asked for") \
    F(S, more,      OPTIONAL, FLAG,                "the next message goes on with them")

#define ROWS_FIELDS(F, S)                                                                          \
    F(S, id,        REQUIRED, NUMBER,              "the subscription's")                           \
    F(S, count,     REQUIRED, INT(1, INT64_MAX),   "1, 2, 3, ... in it")                           \
    F(S, number,    REQUIRED, NUMBER,              "the rows' journal number: of two, a client keeps the newer") \
    F(S, day,       REQUIRED, DAY,                 "the day of the ratings")                       \
    F(S, plans,     OPTIONAL, MANY(plan_row, FEED_ROWS_MAX), "plans")                                   \
    F(S, actions,   OPTIONAL, MANY(listed, FEED_ROWS_MAX), "actions, with their ratings")               \
    F(S, gone,      OPTIONAL, TEXTS(FEED_ROWS_MAX),     "actions that the filter does not, or no longer, let through")

#define LIVE_FIELDS(F, S)                                                                          \
    F(S, id,        REQUIRED, NUMBER,              "the subscription's")                           \
    F(S, count,     REQUIRED, INT(1, INT64_MAX),   "1, 2, 3, ... in it")                           \
    F(S, upto,      REQUIRED, NUMBER,              "that was the snapshot: complete to this journal number")

#define EVENT_FIELDS(F, S)                                                                         \
    ROWS_FIELDS(F, S)                                                                              \
    F(S, entries,   OPTIONAL, MANY(entry, FEED_ROWS_MAX), "entries, in their order")                    \
    F(S, upto,      REQUIRED, NUMBER,              "complete to this number, also past what is not seen: go on `from` here")

/* clang-format on */

#define MESSAGE_RECORDS(X)                                                                        \
    X(hello, HELLO_FIELDS, OPEN, "Client: opens a session; the key says who it is.")              \
    X(submit, SUBMIT_FIELDS, OPEN, "Client: a submission.")                                       \
    X(query, QUERY_FIELDS, OPEN, "Client: a question; one at a time.")                            \
    X(subscribe, SUBSCRIBE_FIELDS, OPEN, "Client: follows what it may see.")                      \
    X(credit, CREDIT_FIELDS, OPEN, "Client: grants a subscription more bytes.")                   \
    X(unsubscribe, UNSUBSCRIBE_FIELDS, OPEN, "Client: ends a subscription.")                      \
    X(ping, EMPTY_FIELDS, OPEN, "Client: alive.")                                                 \
    X(bye, EMPTY_FIELDS, OPEN, "Client: ends the session.")                                       \
    X(sharer, SHARER_FIELDS, OPEN, "Another program that works by the client's key.")             \
    X(welcome, WELCOME_FIELDS, OPEN, "Broker: answers HELLO.")                                    \
    X(ack, ACK_FIELDS, OPEN, "Broker: a run of n was accepted, and is durable.")                  \
    X(refused, REFUSED_FIELDS, OPEN, "Broker: judged, recorded; sending it again will not help.") \
    X(rewind, REWIND_FIELDS, OPEN,                                                                \
      "Broker: n was beyond the next one; later n are ignored until it comes.")                   \
    X(retry, RETRY_FIELDS, OPEN, "Broker: not now; keep it, come back.")                          \
    X(listed, LISTED_FIELDS, OPEN, "An action in a list.")                                        \
    X(shown, SHOWN_FIELDS, OPEN, "An action whole.")                                              \
    X(plan_line, PLAN_LINE_FIELDS, OPEN, "A plan in a list, and how its actions are rated.")      \
    X(counted, COUNTED_FIELDS, OPEN, "How a plan's actions were rated at the end of a day.")      \
    X(result, RESULT_FIELDS, OPEN, "Broker: answers QUERY.")                                      \
    X(seen_plans, SEEN_PLANS_FIELDS, OPEN,                                                        \
      "Broker: the plans that a subscription may see, first and whenever they change.")           \
    X(current, ROWS_FIELDS, OPEN, "Broker: rows as they are now.")                                \
    X(live, LIVE_FIELDS, OPEN, "Broker: the snapshot is complete; events follow.")                \
    X(event, EVENT_FIELDS, OPEN, "Broker: what happened, and the rows that it touched.")          \
    X(pong, PONG_FIELDS, OPEN, "Broker: alive.")                                                  \
    X(error, ERROR_FIELDS, OPEN, "Broker: something that no other answer says.")

/* X(symbol, command word, record) */
#define MESSAGES(X)                                \
    X(SAY_HELLO, "HELLO", hello)                   \
    X(SAY_SUBMIT, "SUBMIT", submit)                \
    X(SAY_QUERY, "QUERY", query)                   \
    X(SAY_SUBSCRIBE, "SUBSCRIBE", subscribe)       \
    X(SAY_CREDIT, "CREDIT", credit)                \
    X(SAY_UNSUBSCRIBE, "UNSUBSCRIBE", unsubscribe) \
    X(SAY_PING, "PING", ping)                      \
    X(SAY_BYE, "BYE", bye)                         \
    X(SAY_WELCOME, "WELCOME", welcome)             \
    X(SAY_ACK, "ACK", ack)                         \
    X(SAY_REFUSED, "REFUSED", refused)             \
    X(SAY_REWIND, "REWIND", rewind)                \
    X(SAY_RETRY, "RETRY", retry)                   \
    X(SAY_RESULT, "RESULT", result)                \
    X(SAY_PLANS, "PLANS", seen_plans)              \
    X(SAY_STATE, "STATE", current)                 \
    X(SAY_LIVE, "LIVE", live)                      \
    X(SAY_EVENT, "EVENT", event)                   \
    X(SAY_PONG, "PONG", pong)                      \
    X(SAY_ERROR, "ERROR", error)

#define AS_ENUM(symbol, word, tag) symbol,
enum message_kind { MESSAGES(AS_ENUM) MESSAGE_COUNT };
#undef AS_ENUM

MESSAGE_RECORDS(RECORD_STRUCT)
MESSAGE_RECORDS(RECORD_EXTERN)

#define AS_MEMBER(symbol, word, tag) struct tag tag;
union message {
    MESSAGES(AS_MEMBER)
};
#undef AS_MEMBER

extern const char *const message_words[MESSAGE_COUNT];
extern const struct record *const message_records[MESSAGE_COUNT];

#endif
