/* A message as one frame: a MessagePack array of the command word and a map,
   `["SUBMIT", {"n": 7, ...}]`. */
#ifndef SCHEMA_WIRE_FRAME_H
#define SCHEMA_WIRE_FRAME_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/messages.h"

/* What a frame says. Everything points into `buf` or `arena`. On false `fault`
   says why: the shape, an unknown command word, or a field of its map. */
bool frame_decode(struct arena *arena, const void *buf, size_t len, enum message_kind *kind,
                  union message *message, struct fault *fault);

/* `record` is the struct of `kind`'s record. Returns the number of bytes, or 0 if
   `cap` is too small. */
size_t frame_encode(enum message_kind kind, const void *record, void *buf, size_t cap);

#endif
