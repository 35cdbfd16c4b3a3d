/* What remains of a refused submission, and how a broker knows whether it was
   sent the same again: SHA-256 over kind, nonce and body, each with its length
   before it (8 bytes, big-endian), so that no two submissions can be read as one.
   The nonce keeps a short text from being guessed. */
#ifndef SCHEMA_DIGEST_H
#define SCHEMA_DIGEST_H

#include "schema/records.h"

void submission_digest(enum submission_kind kind, struct bytes nonce, struct bytes body,
                       uint8_t digest[DIGEST_SIZE]);

#endif
