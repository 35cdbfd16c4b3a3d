/* A record of its own: with all that it points to. Pure.

       void *block = malloc(r->size + record_room(r, rec));
       record_copy(r, block, rec, (char *)block + r->size);                   */
#ifndef SCHEMA_COPY_H
#define SCHEMA_COPY_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/record.h"

/* How many bytes the texts, bins and lists of a record take, each on its own. */
size_t record_room(const struct record *r, const void *rec);

/* Copies the fields that are present, as decoding what was encoded would: all else
   is zero. `room` is record_room bytes, aligned for any type. */
void record_copy(const struct record *r, void *to, const void *from, void *room);

/* The same where there are `cap` bytes, mostly enough: *used says how many it took. False:
   they are too few, and `to` holds nothing. Saves looking for how much room it needs. */
bool record_copy_within(const struct record *r, void *to, const void *from, void *room, size_t cap,
                        size_t *used);

#endif
