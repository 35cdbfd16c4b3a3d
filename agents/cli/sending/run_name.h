/* The name of a run, by which the same command finds it again: a digest of who sends it
   and of all that it says, whatever was seen.

       run_name_begin -> { run_name_add ... } -> run_name_print                     */
#ifndef AGENTS_CLI_SENDING_RUN_NAME_H
#define AGENTS_CLI_SENDING_RUN_NAME_H

#include "schema/digest.h"
#include "schema/records.h"

enum { RUN_NAME = 80 };

struct run_name {
    uint8_t digest[DIGEST_SIZE];
};

/* By the public key. */
void run_name_begin(struct run_name *name, const uint8_t *key);

/* `same` is of the next submission, in their order. */
void run_name_add(struct run_name *name, enum submission_kind kind,
                  const uint8_t same[DIGEST_SIZE]);

void run_name_print(const struct run_name *name, char text[RUN_NAME]);

/* Of what a body says: as if nothing had been seen, which is so of the body afterwards. */
void run_name_same(enum submission_kind kind, union body *body, uint8_t same[DIGEST_SIZE]);

#endif
