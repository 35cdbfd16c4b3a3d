/* Bytes as letters and digits that can be read out: 5 bits a character, in fours,
   "2v6n-0qm4-...". Digits and small letters without i, l, o and u, as D. Crockford's
   Base 32 has it. */
#ifndef SCHEMA_WIRE_SPOKEN_H
#define SCHEMA_WIRE_SPOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With the hyphens, and a NUL. */
#define SPOKEN_ROOM(bytes) (((bytes)*8 + 4) / 5 + ((bytes)*8 + 19) / 20 + 1)

void spoken_print(const uint8_t *bytes, size_t len, char *text);

/* Exactly `len` bytes. Capitals and hyphens don't matter, o is 0, i and l are 1. False
   where it is none; then *count is how many characters it has, and *wrong the one that
   can't be, or '\0'. */
bool spoken_parse(const char *text, size_t text_len, uint8_t *bytes, size_t len, size_t *count,
                  char *wrong);

#endif
