/* maat key ...: a client's own key, made where it is used; the secret half never
   leaves its file. */
#ifndef AGENTS_CLI_KEY_H
#define AGENTS_CLI_KEY_H

#include "schema/commands.h"
#include "schema/records.h"

/* clang-format off */
#define KEY_NEW_OPTION_FIELDS(F, S)                                                                \
    F(S, client,  OPTIONAL, PATH,         "who it is for: agency/name")                            \
    F(S, broker,  OPTIONAL, TEXT(1, 4000), "take the broker's key and addresses from this key file, or from one that an operator handed out")

/* What is printed as JSON. */
#define KEY_SHOWN_FIELDS(F, S)                                                                     \
    F(S, client,  OPTIONAL, PATH,         "whose it is, where the file says so")                   \
    F(S, key,     REQUIRED, TEXT(40, 40), "its public half")

#define KEY_OPTIONS(X)                                                                             \
    X(key_new_option, KEY_NEW_OPTION_FIELDS, CLOSED, "maat key new")                               \
    X(key_shown, KEY_SHOWN_FIELDS, CLOSED, "The public half of a key file.")
/* clang-format on */

KEY_OPTIONS(RECORD_STRUCT)
KEY_OPTIONS(RECORD_EXTERN)

int key_new(const struct invocation *in, struct arena *arena);
int key_renew(const struct invocation *in, struct arena *arena);
int key_show(const struct invocation *in, struct arena *arena);

#endif
