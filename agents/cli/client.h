/* maat client ...: who may speak with the broker. Kept by operators; a lead's or an
   observer's key is confirmed by another lead. */
#ifndef AGENTS_CLI_CLIENT_H
#define AGENTS_CLI_CLIENT_H

#include "agents/cli/board_line.h"
#include "agents/cli/client_key.h"
#include "agents/cli/given_text.h"
#include "schema/commands.h"
#include "schema/records.h"

/* clang-format off */
#define CLIENT_ENROL_OPTION_FIELDS(F, S)                                                           \
    F(S, role,   OPTIONAL, WORD(role, roles),      "what it may do [agency]")                      \
    CLIENT_KEY_FIELDS(F, S) BOARD_ADDRESS_FIELDS(F, S)                                             \
    F(S, name,   OPTIONAL, TEXT(1, TITLE_MAX),     "what it is: a system or a post, never a person")

#define CLIENT_REVOKE_OPTION_FIELDS(F, S)                                                          \
    F(S, reason, REQUIRED, TEXT(1, TEXT_MAX),      "why" GIVEN_TEXT)

#define CLIENT_AMEND_OPTION_FIELDS(F, S)                                                           \
    F(S, role,   OPTIONAL, WORD(role, roles),      "what it may do from now on")                   \
    F(S, name,   OPTIONAL, TEXT(1, TITLE_MAX),     "what it is: a system or a post, never a person") \
    F(S, reason, OPTIONAL, TEXT(1, TEXT_MAX),      "why" GIVEN_TEXT)

#define CLIENT_RENEW_OPTION_FIELDS(F, S)                                                           \
    CLIENT_KEY_FIELDS(F, S) BOARD_ADDRESS_FIELDS(F, S)                                             \
    F(S, reason, REQUIRED, TEXT(1, TEXT_MAX),      "why" GIVEN_TEXT)

#define CLIENT_OPTIONS(X)                                                                          \
    X(client_enrol_option, CLIENT_ENROL_OPTION_FIELDS, CLOSED, "maat client enrol")                \
    X(client_amend_option, CLIENT_AMEND_OPTION_FIELDS, CLOSED, "maat client amend")                \
    X(client_renew_option, CLIENT_RENEW_OPTION_FIELDS, CLOSED, "maat client renew")                \
    X(client_revoke_option, CLIENT_REVOKE_OPTION_FIELDS, CLOSED, "maat client revoke")
/* clang-format on */

CLIENT_OPTIONS(RECORD_STRUCT)
CLIENT_OPTIONS(RECORD_EXTERN)

int client_enrol(const struct invocation *in, struct arena *arena);
int client_amend(const struct invocation *in, struct arena *arena);
int client_renew(const struct invocation *in, struct arena *arena);
int client_confirm(const struct invocation *in, struct arena *arena);
int client_revoke(const struct invocation *in, struct arena *arena);
int client_list(const struct invocation *in, struct arena *arena);

#endif
