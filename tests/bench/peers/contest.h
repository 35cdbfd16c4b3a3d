/* All who take part and all that they do, in turn: in each round every step, in each step
   everybody, so that what the machine does meanwhile meets all alike.

       contest_open -> contest_check, contest_run -> contest_close                      */
#ifndef TESTS_BENCH_PEERS_CONTEST_H
#define TESTS_BENCH_PEERS_CONTEST_H

#include "tests/bench/peers/contender.h"

enum { CONTENDERS = 32, SERVERS = 8 };

struct contest {
    struct bench_board board;
    struct server servers[SERVERS];
    struct contender at[CONTENDERS]; /* MAAT is the first */
    size_t count, servers_count;
    const volatile bool *interrupted;
};

/* The board is founded; of peers those that `wanted` names ("redis,nats"; "" is all) run
   and have a last value for each key. One that can't is among those who take part, with
   its trouble. Once `interrupted` is true, what goes on ends soon. */
void contest_open(struct contest *c, const char *wanted, const volatile bool *interrupted);

void contest_check(struct contest *c, struct figures *out);

/* Works are as run_is_wanted has them. */
void contest_run(struct contest *c, const char *works, const struct scale *scale,
                 struct figures *out);

/* Ends all and removes what they left. */
void contest_close(struct contest *c);

/* Are there all that it names? */
bool contest_names_peers(const char *wanted);

#endif
