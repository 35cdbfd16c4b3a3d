/* Who takes part: MAAT, and each peer in each of its settings. They do the same works,
   each as one step of a round; a peer that fails at one says why and takes no further
   part, and figures that it has stay.                                                  */
#ifndef TESTS_BENCH_PEERS_CONTENDER_H
#define TESTS_BENCH_PEERS_CONTENDER_H

#include "tests/bench/bench_board.h"
#include "tests/bench/peers/peer.h"
#include "tests/bench/peers/step.h"
#include "tests/bench/works.h"

enum { CONTENDER_VERSION = 64 };

struct contender {
    const char *name, *words, *means; /* for tables */
    char version[CONTENDER_VERSION];  /* of a peer's product; "" if it is not known */
    bool tls;
    struct bench_board *board; /* MAAT's, or NULL: */
    struct server *server;
    const struct peer_setting *setting;
    char trouble[SERVER_TEXT]; /* "": it takes part */

    /* Of a run in which each sync took SYNC_DELAY ms longer. */
    bool checked, durable;
    double syncs; /* for each acknowledgement */
};

void contender_do(struct contender *c, const struct step *step, const struct scale *scale,
                  struct figures *out);

/* Is its acknowledgement durable? */
void contender_check(struct contender *c, struct figures *out);

#endif
