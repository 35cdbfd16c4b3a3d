/* A text in plain ASCII, as a reader understands it however it was typed: full
   width, bold or superscript digits as digits, every kind of space and dash as
   one, accents and characters of no width left out, "%20" of a web address as
   the space that it stands for.

   For looking, not for keeping: the result has lost what ASCII cannot say. */
#ifndef SCHEMA_PLAIN_H
#define SCHEMA_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

/* What stands for characters that have no form in ASCII. */
enum {
    PLAIN_LETTER = 1, /* letters and digits of other scripts */
    PLAIN_OTHER = 2,
};

/* How many times as long as the text the result is at most. */
enum { PLAIN_GROWTH = 3 };

/* True if the text is plain as it is, so that the rest need not be called. */
bool plain_is(const char *text, size_t len);

/* Writes the plain form to `out`, which has room for PLAIN_GROWTH times `len`,
   and returns its length. Takes any bytes: what is not UTF-8 becomes
   PLAIN_OTHER. */
size_t plain_from(const char *text, size_t len, char *out);

/* Where in `text` the character begins that gave byte `index` of the plain
   form; `index` must be less than the length of that. */
size_t plain_origin(const char *text, size_t len, size_t index);

#endif
