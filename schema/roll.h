/* Things that are known by an id, in the order of their ids. Each begins with a
   `struct text id`, which lives as long as it is on the roll; the roll owns neither. */
#ifndef SCHEMA_ROLL_H
#define SCHEMA_ROLL_H

#include "schema/record.h"

struct roll {
    void **at;
    size_t count, cap;
};

/* Forgets all, and frees none. */
void roll_end(struct roll *r);

/* NULL: not there. */
void *roll_find(const struct roll *r, struct text id);

/* Its id must not be on the roll yet. */
void roll_add(struct roll *r, void *thing);

/* The thing must be on the roll. */
void roll_remove(struct roll *r, const void *thing);

/* As memcmp does, byte for byte; the shorter first. */
int roll_compare(struct text a, struct text b);

#endif
