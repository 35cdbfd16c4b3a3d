/* Records to and from JSON, with the field names of the table: spool files, the
   agent's socket, `--json`. Days and words are strings, amounts numbers with up
   to three places (strings beyond 15 digits, which not every reader keeps), bins
   hexadecimal, WHO "all" or a list.                                          */
#ifndef SCHEMA_JSON_H
#define SCHEMA_JSON_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* The record as one JSON object, as record_decode would read it: the same
   limits and the same faults. Everything points into the arena. */
bool record_from_json(struct arena *arena, const struct record *r, void *out, const char *text,
                      size_t len, struct fault *fault);

/* One compact object, fields in the table's order; in the arena. */
struct text record_to_json(struct arena *arena, const struct record *r, const void *rec);

#endif
