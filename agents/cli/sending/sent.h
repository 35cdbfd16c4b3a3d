/* One submission of a command, and what became of it. */
#ifndef AGENTS_CLI_SENDING_SENT_H
#define AGENTS_CLI_SENDING_SENT_H

#include "schema/fault.h"
#include "schema/records.h"

/* clang-format off */

enum { SENT_LABEL = 400 };

#define SENT_STATES(X)                                                                             \
    X(SENT_QUEUED, "queued", "no verdict yet")                                                     \
    X(SENT_ACKNOWLEDGED, "acknowledged", "accepted, and durable at the broker")                    \
    X(SENT_REFUSED, "refused", "refused by the broker, for good")

#define AS_ENUM(symbol, text, doc) symbol,
enum sent_state { SENT_STATES(AS_ENUM) SENT_STATE_COUNT };
#undef AS_ENUM
extern const struct vocabulary sent_states;

#define SENT_FIELDS(F, S)                                                                          \
    F(S, label,     REQUIRED, TEXT(1, SENT_LABEL), "which it is, said to a person")                \
    F(S, line,      OPTIONAL, NUMBER,              "the file's line that said it")                 \
    F(S, kind,      REQUIRED, WORD(submission_kind, submission_kinds), "kind of submission")       \
    F(S, state,     REQUIRED, WORD(sent_state, sent_states), "what became of it") \
    F(S, n,         OPTIONAL, NUMBER,              "through an agent: its number in the agent's outbox") \
    F(S, number,    OPTIONAL, NUMBER,              "its journal number")                           \
    F(S, code,      OPTIONAL, WORD(fault_code, fault_codes), "refused: why")                       \
    F(S, field,     OPTIONAL, TEXT(0, 64),         "refused: which field; empty for the whole")    \
    F(S, reason,    OPTIONAL, TEXT(0, 300),        "refused: a sentence")

#define SENT_RECORDS(X) X(sent, SENT_FIELDS, CLOSED, "A submission of a command, and what became of it.")
/* clang-format on */

SENT_RECORDS(RECORD_STRUCT)
SENT_RECORDS(RECORD_EXTERN)

/* "da-2016/1.1 assure: accepted as entry 17" on stdout, or the record as JSON. */
void sent_say(const struct sent *sent, bool json);

/* A refusal before anything was sent, on stderr: EXIT_REFUSED. */
int sent_complain(const char *label, const struct fault *fault);

#endif
