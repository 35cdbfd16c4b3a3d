/* The public key of a client, as an operator is handed it. */
#ifndef AGENTS_CLI_CLIENT_KEY_H
#define AGENTS_CLI_CLIENT_KEY_H

#include "agents/cli/given_text.h"
#include "agents/files/confirm.h"
#include "agents/libmaat/maat.h"
#include "schema/arena.h"

/* Either of the two. */
#define CLIENT_KEY_FIELDS(F, S)                                                               \
    F(S, key, OPTIONAL, TEXT(1, 4095),                                                        \
      "its key file, of which only the public half is used; or - for a public key (maat key " \
      "show) on standard input")                                                              \
    F(S, request, OPTIONAL, TEXT(1, LETTER_MAX),                                              \
      "the line by which it asks (maat-agent init), instead of --key (the line itself, "      \
      "@FILE, or - for standard input)")                                                      \
    CONFIRM_FIELDS(F, S)

/* What was given of these options. */
struct client_key_given {
    struct text key, request, phrase;
    bool yes;
};
#define CLIENT_KEY_GIVEN(o)     \
    ((struct client_key_given){ \
        .key = (o)->key, .request = (o)->request, .phrase = (o)->phrase, .yes = (o)->yes})

/* From the key file, which must be of nobody but `client`, or, where that is "-", from
   standard input; or from the request, once a person has compared its words. EXIT_DONE, or
   what is wrong was said. */
int client_key_load(struct arena *arena, const struct client_key_given *given, const char *client,
                    uint8_t key[MAAT_KEY_SIZE]);

#endif
