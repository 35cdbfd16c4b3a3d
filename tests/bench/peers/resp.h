/* What Redis answers, piece by piece as it comes, so that a reply of 100,000 fields is read
   once however often it was cut on its way.                                            */
#ifndef TESTS_BENCH_PEERS_RESP_H
#define TESTS_BENCH_PEERS_RESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number, a text, an error, or the head of an array whose tokens follow. */
struct resp_token {
    char kind; /* as on the wire: : $ - * and + for a word */
    int64_t number;
    const char *text;  /* of len bytes; points into what was read */
    size_t len, whole; /* whole: all its bytes */
};

/* The first of what came; false: it has not come yet. */
bool resp_read(const char *at, size_t len, struct resp_token *t);

/* How much is missing of a reply. Zeroed, none has begun. */
struct resp {
    int64_t left; /* tokens */
};

/* The next token: is it the last of its reply? */
bool resp_ends(struct resp *reply, const struct resp_token *t);

#endif
