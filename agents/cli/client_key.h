/* The public key of a client, as an operator is handed it. */
#ifndef AGENTS_CLI_CLIENT_KEY_H
#define AGENTS_CLI_CLIENT_KEY_H

#include "agents/libmaat/maat.h"
#include "schema/record.h"

#define CLIENT_KEY_FILE                                                                           \
    "its key file, of which only the public half is used; or - for a public key (maat key show) " \
    "on standard input"

/* From the key file `from`, which must be of nobody but `client`, or, where that is
   "-", from standard input. EXIT_DONE, or what is wrong was said. */
int client_key_load(struct text from, const char *client, uint8_t key[MAAT_KEY_SIZE]);

#endif
