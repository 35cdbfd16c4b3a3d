/* What is said on the agent's UNIX socket: lines of JSON. A submission (schema/json.h) or a
   request of this file in, an answer out for each, in order. The specification for other
   languages is agents/agency/SOCKET.md. */
#ifndef SCHEMA_LOCAL_H
#define SCHEMA_LOCAL_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/records.h"

/* clang-format off */

enum { LOCAL_REFUSED_MAX = 100, LOCAL_WHICH = 64, LOCAL_PLANS_MAX = 1000, LOCAL_BOARDS_MAX = 8 };

#define LOCAL_ASKS(X)                                                                              \
    X(ASK_STATUS, "status", "how long the queue is, whether the broker is reached")                \
    X(ASK_REFUSED, "refused", "what the broker refused and no person has dealt with")              \
    X(ASK_RETRY, "retry", "queue refused submissions again: the cause was mended")                 \
    X(ASK_SEEN, "seen", "refusals that a person has seen, and that will not be sent again")        \
    X(ASK_FORGET_HEAD, "forget-head", "take the broker's journal as it is now: it was restored")   \
    X(ASK_PLANS, "plans", "the plans that the broker has shown this agent, which asks it again")

/* An agent's connection to its broker. */
#define LINK_STATES(X)                                                                   \
    X(LINK_DOWN, "down", "not connected")                                                \
    X(LINK_GREETING, "greeting", "connected; HELLO is said, WELCOME not heard")          \
    X(LINK_PROVING, "proving", "welcomed; the journal is yet to be proven what it was")  \
    X(LINK_OPEN, "open", "submissions may be sent")                                      \
    X(LINK_WAITING, "waiting", "the broker said RETRY: nothing is sent before its time") \
    X(LINK_STOPPED, "stopped", "a person must look: nothing more is sent")

/* An object in that is no submission. */
#define REQUEST_FIELDS(F, S)                                                                       \
    F(S, ask,       REQUIRED, WORD(local_ask, local_asks), "what is asked")                        \
    F(S, which,     OPTIONAL, TEXTS(LIST_MAX),     "retry, seen: refusals as `refused` names them; all where none is named") \
    F(S, after,     OPTIONAL, TEXT(1, LOCAL_WHICH), "refused, plans: go on after this one")

#define REFUSAL_FIELDS(F, S)                                                                       \
    F(S, code,      REQUIRED, WORD(fault_code, fault_codes), "why")                                \
    F(S, field,     REQUIRED, TEXT(0, 64),         "which field; empty for the whole")             \
    F(S, reason,    REQUIRED, TEXT(0, 300),        "a sentence")                                   \
    F(S, number,    OPTIONAL, NUMBER,              "by the broker: its journal number")

#define AGENT_STATUS_FIELDS(F, S)                                                                  \
    F(S, software,  REQUIRED, TEXT(1, 100),        "program and version")                          \
    F(S, client,    OPTIONAL, TEXT(1, PATH_MAX_LEN), "who the broker says that this is; absent until it has") \
    F(S, board,     OPTIONAL, TEXT(1, TITLE_MAX),  "the board's name, likewise")                   \
    F(S, link,      REQUIRED, WORD(link_state, link_states), "the connection's state")             \
    F(S, connection, REQUIRED, TEXT(1, 1000),      "the same for a person: where to, or why not")  \
    F(S, outbox,    REQUIRED, BIN(16, 16),         "the outbox in use")                            \
    F(S, key,       OPTIONAL, BIN(32, 32),         "the public half of the key in use")            \
    F(S, last,      REQUIRED, NUMBER,              "the last n given out in it")                   \
    F(S, queued,    REQUIRED, NUMBER,              "how many wait for the broker's verdict")       \
    F(S, started,   OPTIONAL, NUMBER,              "when the agent was started: UTC, microseconds") \
    F(S, accepted,  OPTIONAL, NUMBER,              "how many the broker has accepted since then") \
    F(S, disk_free, OPTIONAL, NUMBER,              "free bytes on the outbox's disk")             \
    F(S, clock_ahead, OPTIONAL, INT(INT64_MIN, INT64_MAX), "how far this host's clock was ahead of the broker's when it was let in, in microseconds; behind where less than 0") \
    F(S, oldest,    OPTIONAL, NUMBER,              "when the oldest of them was taken: UTC, microseconds") \
    F(S, refused,   REQUIRED, NUMBER,              "refusals that no person has dealt with")       \
    F(S, room,      REQUIRED, FLAG,                "false: the outbox's disk is full, nothing is taken") \
    F(S, spool,     REQUIRED, NUMBER,              "files that wait in the spool")                 \
    F(S, taking,    OPTIONAL, TEXT(1, 300),        "the spool's file that is being taken")         \
    F(S, line,      OPTIONAL, NUMBER,              "and how far: its last line that was taken")    \
    F(S, shared,    OPTIONAL, FLAG,                "another program works by the agent's key, with an outbox of its own; false: one did") \
    F(S, shared_since, OPTIONAL, NUMBER,           "when that came: UTC, microseconds, by the broker's clock") \
    F(S, shared_from, OPTIONAL, TEXT(1, 64),       "and from which network address, as the broker sees it")

#define REFUSED_ITEM_FIELDS(F, S)                                                                  \
    F(S, which,     REQUIRED, TEXT(1, LOCAL_WHICH), "its name for retry and seen: its n; in an earlier outbox, OUTBOX/n") \
    F(S, kind,      REQUIRED, WORD(submission_kind, submission_kinds), "kind of submission")       \
    F(S, taken,     REQUIRED, NUMBER,              "when it was queued: UTC, microseconds")        \
    F(S, refused,   REQUIRED, NUMBER,              "when it was refused")                          \
    F(S, source,    REQUIRED, TEXT(0, 400),        "where it came from")                           \
    F(S, number,    REQUIRED, NUMBER,              "its journal number")                           \
    F(S, code,      REQUIRED, WORD(fault_code, fault_codes), "why")                                \
    F(S, field,     REQUIRED, TEXT(0, 64),         "which field; empty for the whole")             \
    F(S, reason,    REQUIRED, TEXT(0, 300),        "a sentence")                                  \
    F(S, board,     OPTIONAL, ID,                  "in what maat-agent refused prints: at which of several boards")

/* Of one of an agency's several boards. */
#define BOARD_ANSWER_FIELDS(F, S)                                                                  \
    F(S, board,     REQUIRED, ID,                  "its name in the agent's configuration")        \
    F(S, queued,    OPTIONAL, NUMBER,              "as below, for this board")                     \
    F(S, accepted,  OPTIONAL, NUMBER,              "likewise")                                     \
    F(S, refused,   OPTIONAL, ONE(refusal),        "likewise")                                     \
    F(S, later,     OPTIONAL, TEXT(1, 300),        "likewise")                                     \
    F(S, status,    OPTIONAL, ONE(agent_status),   "likewise")

/* One of `queued` and `refused`, both (with "wait": true), `later`, or what was
   asked. */
#define ANSWER_FIELDS(F, S)                                                                        \
    F(S, queued,    OPTIONAL, NUMBER,              "it is safe in the outbox, under this n")       \
    F(S, accepted,  OPTIONAL, NUMBER,              "with \"wait\": the broker accepted it, under this journal number") \
    F(S, refused,   OPTIONAL, ONE(refusal),        "refused: here, or where `queued` is there too, by the broker") \
    F(S, later,     OPTIONAL, TEXT(1, 300),        "not taken, for this reason: say it again later") \
    F(S, status,    OPTIONAL, ONE(agent_status),   "status")                                       \
    F(S, list,      OPTIONAL, MANY(refused_item, LOCAL_REFUSED_MAX), "refused; after retry and seen, none") \
    F(S, more,      OPTIONAL, FLAG,                "refused: there are more after the last")       \
    F(S, done,      OPTIONAL, NUMBER,              "retry, seen: so many; forget-head: 1")        \
    F(S, plans,     OPTIONAL, TEXTS(LOCAL_PLANS_MAX), "plans: in order; absent: it was never shown any list") \
    F(S, boards,    OPTIONAL, MANY(board_answer, LOCAL_BOARDS_MAX), "where the agent has several boards: what each says that had a part in it")

#define LOCAL_RECORDS(X)                                                                           \
    X(request, REQUEST_FIELDS, CLOSED, "A request on the agent's socket.")                         \
    X(refusal, REFUSAL_FIELDS, CLOSED, "Why something was refused.")                               \
    X(agent_status, AGENT_STATUS_FIELDS, OPEN, "How an agent is.")                                 \
    X(refused_item, REFUSED_ITEM_FIELDS, OPEN, "A refusal in a list.")                             \
    X(board_answer, BOARD_ANSWER_FIELDS, OPEN, "One board's part in an answer.")                   \
    X(answer, ANSWER_FIELDS, OPEN, "An answer on the agent's socket.")

#define AS_ENUM(symbol, text, doc) symbol,
enum local_ask { LOCAL_ASKS(AS_ENUM) LOCAL_ASK_COUNT };
enum link_state { LINK_STATES(AS_ENUM) LINK_STATE_COUNT };
#undef AS_ENUM
extern const struct vocabulary local_asks, link_states;

/* clang-format on */

LOCAL_RECORDS(RECORD_STRUCT)
LOCAL_RECORDS(RECORD_EXTERN)

/* Makes the answer a refusal; texts are copied into the arena. */
void local_refuse(struct arena *arena, struct answer *out, const struct fault *fault);

#endif
