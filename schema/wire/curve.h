/* CURVE keys: 32 bytes each, printed as 40 characters of Z85. A key pair is
   who a client is; a public key alone is all that anyone else needs.         */
#ifndef SCHEMA_WIRE_CURVE_H
#define SCHEMA_WIRE_CURVE_H

#include <stdbool.h>
#include <stdint.h>

enum { CURVE_KEY = 32, CURVE_TEXT = 40 };

/* A new pair from the system's randomness. 0, or -ENOTSUP where libzmq was
   built without CURVE. */
int curve_generate(uint8_t public[CURVE_KEY], uint8_t secret[CURVE_KEY]);

/* The public key that belongs to a secret one. */
int curve_public_of(const uint8_t secret[CURVE_KEY], uint8_t public[CURVE_KEY]);

void curve_print(const uint8_t key[CURVE_KEY], char text[CURVE_TEXT + 1]);

/* False if `text` is not the Z85 of 32 bytes; then `key` is untouched. */
bool curve_parse(const char *text, uint8_t key[CURVE_KEY]);

#endif
