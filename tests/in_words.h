/* A message as a line that a test can compare. */
#ifndef TESTS_IN_WORDS_H
#define TESTS_IN_WORDS_H

#include "schema/messages.h"

/* "WELCOME last-n", "ACK n" or "ACK first-last", "REFUSED n code field", "REWIND n",
   "RETRY n", "ERROR code", "RESULT id", "PONG". Of a feed: "PLANS id: a b", "STATE id:
   plan..., action rating..., gone action...", "LIVE id: upto", "EVENT id: number kind...,
   the same rows, upto number". Returns its length. */
int in_words(enum message_kind kind, const union message *m, char *to, size_t cap);

#endif
