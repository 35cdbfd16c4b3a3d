/* The PGP word list (check_phrase.h): a word for each byte, at even places one of two
   syllables, at odd ones one of three. */
#ifndef SCHEMA_WIRE_CHECK_WORDS_H
#define SCHEMA_WIRE_CHECK_WORDS_H

extern const char *const check_words[2][256];

#endif
