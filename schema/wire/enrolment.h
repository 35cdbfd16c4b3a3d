/* What an agency and its board hand each other so that the one may speak with the other:
   a line each, made to survive e-mail, or being read out.

       maat1:request:police/crm:2v6n-0qm4- ... -9r30:h7k2-m0xz
       maat1:board:tcp://board.example.org:5570:kb3d- ... :ws41- ... :w2c9-71qe

   The request holds a client's name and public key; the board's line its addresses
   (commas between them), its public key and that by which it signs (or nothing). Neither
   is secret. Keys are letters and digits in fours, without i, l, o and u; the last eight
   are a checksum over all before, so that a character mistyped or a piece cut off is told
   at once, as the 1 tells of what version it is. Capitals, spaces, ends of lines and ">"
   don't matter, nor do the "=" by which a quoted-printable letter breaks lines, and what
   is not of ASCII, as a long dash; o is read as 0, i and l as 1. What is read may be a
   whole letter: the line begins where one does, and ends where its checksum fits, before
   an empty line at the latest.

   A checksum is no proof of whom it is from: that are the words that two people compare
   (check_phrase.h). Those of a request are of name and key, those of the board of its
   two keys, whatever its addresses: so they stay the same as long as the board's keys. */
#ifndef SCHEMA_WIRE_ENROLMENT_H
#define SCHEMA_WIRE_ENROLMENT_H

#include "schema/wire/check_phrase.h"
#include "schema/wire/identity.h"

enum { ENROLMENT_LINE = IDENTITY_ADDRESSES * (IDENTITY_ADDRESS + 1) + 256 };

/* Of a client and its public key, which must be there. */
void enrolment_print_request(const struct identity *client, char line[ENROLMENT_LINE]);
void enrolment_request_phrase(const struct identity *client, char phrase[CHECK_PHRASE]);

/* Fills in client and public key. False with a fault about the whole that says what a
   person should do; never with any of the line. */
bool enrolment_read_request(struct identity *client, const char *line, struct fault *fault);

/* Of the broker's server key, its signing key and its addresses, the first two of
   which must be there; false with a fault where an address can't be said in such a line. */
bool enrolment_print_board(const struct identity *board, char line[ENROLMENT_LINE],
                           struct fault *fault);
void enrolment_board_phrase(const struct identity *board, char phrase[CHECK_PHRASE]);

/* Takes the board's keys into an identity, and those of its addresses that it has not
   yet, behind those that it has, unless these are another board's. */
bool enrolment_read_board(struct identity *client, const char *line, struct fault *fault);

#endif
