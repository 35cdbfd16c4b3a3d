/* Test data made by walking the same tables that the codec walks: random valid
   records, often at their limits; and records that are just invalid, each with
   the fault that must come back.                                             */
#ifndef TESTS_GEN_H
#define TESTS_GEN_H

#include <msgpack.h>

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* About how much a record may hold: texts and items cost as their size. */
enum { GEN_SMALL = 1000, GEN_LARGE = 100000 };

/* A valid record; its texts and lists are in the arena. Optional fields are
   there or not; each length and number is often the least or the greatest that
   may be, as far as `size` reaches. */
void gen_record(struct arena *arena, const struct record *r, int64_t size, void *out);

/* The record in MessagePack with its weakness number `k` (0, 1, 2, ...): one
   field, of it or of a record within it, one step past what is allowed, missing,
   unknown or of another type. `want` is the fault: its code and field. `out` must
   be initialised and empty. False if the record has no such weakness. */
bool gen_spoilt(const struct record *r, const void *rec, unsigned k, msgpack_sbuffer *out,
                struct fault *want);

/* Every record of records.h and messages.h. */
extern const struct record *const gen_records[];
extern const unsigned gen_record_count;

#endif
