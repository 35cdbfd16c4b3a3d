/* Words by which two people make sure, over the telephone, that both look at the same
   thing: a public key, and whose it is said to be. Each machine shows eight; one person
   reads them out, the other compares.

   The words are the PGP word list (P. Juola and P. Zimmermann, "Whole-Word Phonetic
   Distances and the PGPfone Alphabet", 1996), made for that: 256 of two syllables and
   256 of three, in turn, as far apart in sound as English has them. A word that is left
   out, said twice or exchanged with its neighbour is noticed by its syllables.

   Eight words are 64 bits. Who sits between the two and wants to put another key in
   place of the right one needs one with the same eight words, and there is no quicker
   way than to try. Each try is one scrypt with 16 MiB (N = 2^14, r = 8, p = 1), some
   50 ms here; the memory of a large graphics card does about 30,000 a second, and 2^64
   of them take twenty million years. Without scrypt the same card would need 60 years,
   and a thousand of them three weeks. A table made beforehand helps nobody: what is
   compared holds the client's name, so each client has its own.                     */
#ifndef SCHEMA_WIRE_CHECK_PHRASE_H
#define SCHEMA_WIRE_CHECK_PHRASE_H

#include <stddef.h>
#include <stdint.h>

enum { CHECK_WORDS = 8, CHECK_PHRASE = CHECK_WORDS * 12 };

/* Of these bytes, of that sort: the same bytes of another sort have other words. */
void check_phrase(const char *sort, const void *bytes, size_t len, char phrase[CHECK_PHRASE]);

/* The same, as typed by a person who heard it: 0; else the place of the first word that
   differs, 1 to CHECK_WORDS, or one more where there are too many. Capitals, and what
   stands between words, do not matter. */
unsigned check_phrase_differs(const char *phrase, const char *typed);

/* The words that stand for bytes, the first with two syllables. */
void check_phrase_words(const uint8_t *bytes, size_t len, char *words, size_t cap);

#endif
