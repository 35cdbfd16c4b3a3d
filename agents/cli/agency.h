/* maat agency ...: kept by operators, read by all. */
#ifndef AGENTS_CLI_AGENCY_H
#define AGENTS_CLI_AGENCY_H

#include "agents/cli/given_text.h"
#include "schema/commands.h"
#include "schema/records.h"

/* clang-format off */
#define AGENCY_ADD_OPTION_FIELDS(F, S)                                                             \
    F(S, name,         REQUIRED, TEXT(1, TITLE_MAX),       "its name as printed")                  \
    F(S, sector,       REQUIRED, WORD(sector, sectors),    "what kind of organisation it is")

#define AGENCY_AMEND_OPTION_FIELDS(F, S)                                                           \
    F(S, name,         OPTIONAL, TEXT(1, TITLE_MAX),       "its new name")                         \
    F(S, sector,       OPTIONAL, WORD(sector, sectors),    "what kind of organisation it is")      \
    F(S, succeeded_by, OPTIONAL, ID,                       "the agency that acts for it from now on") \
    F(S, closed,       OPTIONAL, FLAG,                     "it is no more, and nobody succeeds it") \
    F(S, reason,       OPTIONAL, TEXT(1, TEXT_MAX),        "why")

#define AGENCY_OPTIONS(X)                                                                          \
    X(agency_add_option, AGENCY_ADD_OPTION_FIELDS, CLOSED, "maat agency add")                      \
    X(agency_amend_option, AGENCY_AMEND_OPTION_FIELDS, CLOSED, "maat agency amend")
/* clang-format on */

AGENCY_OPTIONS(RECORD_STRUCT)
AGENCY_OPTIONS(RECORD_EXTERN)

int agency_add(const struct invocation *in, struct arena *arena);
int agency_amend(const struct invocation *in, struct arena *arena);
int agency_list(const struct invocation *in, struct arena *arena);

#endif
