/* Where a record is spoilt while it is packed; for gen_spoilt.c and gen_wrong.c
   alone. Every place where something can be wrong counts down; the one that finds
   0 is wrong.                                                                 */
#ifndef TESTS_GEN_SPOILING_H
#define TESTS_GEN_SPOILING_H

#include <msgpack.h>

#include "schema/fault.h"
#include "schema/record.h"

enum { GEN_PATH = 400 };

struct spoiling {
    unsigned left;
    bool spoilt;
    struct fault *want;
    char path[GEN_PATH]; /* of the record that is being packed */
};

/* Is it the turn of this weakness? `name` may be empty: of the record itself. */
bool spoiling_turn(struct spoiling *s, enum fault_code code, const char *name);

/* Packs a value that the field may not have, if it is the turn of one. */
bool spoiling_value(struct spoiling *s, msgpack_packer *pk, const struct field *f);

void gen_pack_text(msgpack_packer *pk, struct text text);
void gen_pack_word(msgpack_packer *pk, const char *word);

#endif
