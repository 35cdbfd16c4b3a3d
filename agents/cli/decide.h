/* maat decide: what the board decides of one action or of several. */
#ifndef AGENTS_CLI_DECIDE_H
#define AGENTS_CLI_DECIDE_H

#include "agents/cli/given_text.h"
#include "schema/commands.h"
#include "schema/records.h"

/* clang-format off */
#define DECIDE_OPTION_FIELDS(F, S)                                                                 \
    F(S, reason,       OPTIONAL, TEXT(1, TEXT_MAX),   "why; optional for accept, assure and embed only" GIVEN_TEXT) \
    F(S, body,         OPTIONAL, TEXT(1, TITLE_MAX),  "who decided, as written: Scrutiny, Audit and Review Group") \
    F(S, met,          OPTIONAL, DAY,                 "the day of the meeting")                    \
    F(S, check,        OPTIONAL, DAY,                 "assure, embed: when to check that it lasts") \
    F(S, reply_by,     OPTIONAL, DAY,                 "note: when an answer is wanted")            \
    F(S, override,     OPTIONAL, FLAG,                "assure, embed, close although the gate is not met; the reason says why") \
    F(S, agency,       OPTIONAL, IDS(AGENCIES_MAX),   "accept, return, reopen, note: of this one only; may be given several times") \
    F(S, due,          OPTIONAL, DAY,                 "reopen: the new due date")                  \
    F(S, continued_by, OPTIONAL, PATH,                "withdraw: the action that continues it")    \
    F(S, rescinds,     OPTIONAL, INT(1, INT64_MAX),   "rescind: the entry of the decision that is taken back")

#define DECIDE_OPTIONS(X) X(decide_option, DECIDE_OPTION_FIELDS, CLOSED, "maat decide")
/* clang-format on */

DECIDE_OPTIONS(RECORD_STRUCT)
DECIDE_OPTIONS(RECORD_EXTERN)

int decide(const struct invocation *in, struct arena *arena);

#endif
