/* A small board in memory, held as the broker holds it, for fuzz targets: what
   goes wrong in making it ends the program. It has the agencies board and police,
   the clients board/operator, board/lead and police/crm, a plan p and its action
   p/1, led by police and in progress. Its days are those of 2016.             */
#ifndef TESTS_SMALL_BOARD_H
#define TESTS_SMALL_BOARD_H

#include "broker/ledger/ledger.h"
#include "schema/wire/curve.h"

enum { SMALL_BOARD_CLIENTS = 3, SMALL_BODY = 1024 };

struct small_board {
    struct arena *arena;
    struct journal *journal;
    struct keeping keeping;
    struct ledger ledger;
    uint64_t generation; /* of the journal */
    int64_t host;        /* what the host's clock says, to be moved by the caller */
};

extern const char *const small_board_clients[SMALL_BOARD_CLIENTS];

/* A client's public key: its place in the list, 32 times, from 1. */
void small_board_key(unsigned client, uint8_t key[CURVE_KEY]);

void small_board_open(struct small_board *b);
void small_board_close(struct small_board *b);

/* A line of JSON by a client (or `broker`), judged and folded. */
void small_board_say(struct small_board *b, const char *client, const char *line);

/* The body of something that a client of it might submit: one of a list, by
   `which`. `number` is put where it speaks of an entry, or as a quantity. Returns
   its length. */
uint32_t small_board_body(unsigned which, int64_t number, enum submission_kind *kind,
                          uint8_t body[SMALL_BODY]);

/* All that was folded becomes durable. */
void small_board_settle(struct small_board *b);

/* NULL, or the table in which the state is not what folding the journal gives. */
const char *small_board_refold(struct small_board *b);

#endif
