/* A tree head as others can hold it: a C2SP tlog-checkpoint, which is a signed
   note with one Ed25519 signature of the log, and room for those of witnesses.

       example.org/board                      origin, also the name of the key
       1234                                   size of the tree
       CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2...=   root, base64

       — example.org/board Az3grlgtzPICa...=  base64 of key hash and signature

   Reading one is safe on any bytes. */
#ifndef SCHEMA_CHECKPOINT_H
#define SCHEMA_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/fault.h"
#include "schema/record.h"
#include "schema/tree_head.h"

enum {
    CHECKPOINT_ORIGIN = 128, /* bytes of an origin */
    CHECKPOINT_KEY = 32,     /* bytes of an Ed25519 key, public or secret */
    CHECKPOINT_NOTE = 512,   /* a note signed by the log alone, with its NUL, fits */
    CHECKPOINT_ROOT = 44,    /* characters of a root, in base64 */
};

struct checkpoint {
    char origin[CHECKPOINT_ORIGIN + 1]; /* UTF-8 without spaces and "+", not empty */
    struct tree_head head;
};

/* How a board's log is named: its id and the epoch, "northshire.0". After a restore
   there may be two heads of one size; nobody shall take one for the other. */
void checkpoint_origin(struct text board, int64_t epoch, char origin[CHECKPOINT_ORIGIN + 1]);

/* The same read: the part before its last full stop, and the number after it. False where
   it has not that form. */
bool checkpoint_read_origin(const char *origin, struct text *board, int64_t *epoch);

/* A root as the note has it. */
void checkpoint_print_root(const struct tree_hash *root, char text[CHECKPOINT_ROOT + 1]);

/* Writes the signed note and a NUL; `secret` is the seed of RFC 8032. Returns
   its length, or -EINVAL for an origin that is none, -EIO if libcrypto fails. */
int checkpoint_sign(const struct checkpoint *c, const uint8_t secret[CHECKPOINT_KEY],
                    char note[CHECKPOINT_NOTE]);

/* What a note says, with nothing of it proven. */
bool checkpoint_parse(struct checkpoint *out, const void *note, size_t len, struct fault *fault);

/* What a note says, if `origin` signed it with `key`. Signatures of others are
   passed over; a wrong one by this key refuses the note. */
bool checkpoint_verify(struct checkpoint *out, const void *note, size_t len, const char *origin,
                       const uint8_t key[CHECKPOINT_KEY], struct fault *fault);

/* How a signature names its key: the first bytes of SHA-256 over name, newline,
   0x01 (Ed25519) and the public key. */
uint32_t checkpoint_key_hash(const char *name, const uint8_t key[CHECKPOINT_KEY]);

/* -EIO if libcrypto fails. */
int checkpoint_public_key(const uint8_t secret[CHECKPOINT_KEY], uint8_t key[CHECKPOINT_KEY]);

#endif
