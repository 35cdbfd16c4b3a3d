/* maat action ...: an action as a whole, kept by leads. */
#ifndef AGENTS_CLI_ACTION_H
#define AGENTS_CLI_ACTION_H

#include "agents/cli/given_action.h"
#include "schema/commands.h"

/* clang-format off */
#define ACTION_ADD_OPTION_FIELDS(F, S)                                                             \
    F(S, title,       REQUIRED, TEXT(1, TITLE_MAX),     "what is to be done, in a line")           \
    ACTION_SAID_FIELDS(F, S)

#define ACTION_AMEND_OPTION_FIELDS(F, S)                                                           \
    F(S, title,       OPTIONAL, TEXT(1, TITLE_MAX),     "what is to be done, in a line")           \
    ACTION_SAID_FIELDS(F, S)                                                                       \
    ACTION_TAKEN_FIELDS(F, S)                                                                      \
    F(S, reason,      OPTIONAL, TEXT(1, TEXT_MAX),      "why; must be said where a due date moves or goes, a lead goes, outcome or measure changes" GIVEN_TEXT) \
    F(S, seen,        OPTIONAL, NUMBER,                 "the entry to which you have seen it: where somebody changed it since, you are shown what, and nothing is changed [what is there now]")

#define ACTION_OPTIONS(X)                                                                          \
    X(action_add_option, ACTION_ADD_OPTION_FIELDS, CLOSED, "maat action add")                      \
    X(action_amend_option, ACTION_AMEND_OPTION_FIELDS, CLOSED, "maat action amend")
/* clang-format on */

ACTION_OPTIONS(RECORD_STRUCT)
ACTION_OPTIONS(RECORD_EXTERN)

int action_add(const struct invocation *in, struct arena *arena);
int action_amend(const struct invocation *in, struct arena *arena);

#endif
