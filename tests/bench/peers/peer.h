/* A peer: what a user would build from a well-known store to do MAAT's work. Each is a
   row of functions, given to the same loops:

       start -> open lanes -> update ... send, hear -> close -> snapshot

   A lane is a connection, of a producer or of a follower; it never waits: what can't be
   written now is written by a later `send`. Where one of them fails it calls
   server_trouble, which returns false, and the peer's turn is over.                   */
#ifndef TESTS_BENCH_PEERS_PEER_H
#define TESTS_BENCH_PEERS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/peers/server.h"

enum { PEER_KEYS = 100000, PEER_UPDATE = 256, PEER_KEY = 16 };

/* One update. Its body is to come back as it is: to followers, and as a last value. */
struct peer_update {
    int64_t n; /* of its producer, from 1 on */
    unsigned key;
    uint8_t body[PEER_UPDATE];
};

/* Whom a lane tells what it hears. */
struct peer_ear {
    void *context;
    void (*acknowledged)(void *context, int64_t n);                   /* a producer's */
    void (*followed)(void *context, const uint8_t body[PEER_UPDATE]); /* a follower's */
};

struct peer_lane; /* each peer has its own */

enum { PEER_SETTINGS = 6, PEER_SNAPSHOTS = 3 };

/* A way to use the same running server, and a row of the table. */
struct peer_setting {
    const char *name;  /* "redis-tls", of all rows the only one; NULL: no more settings */
    const char *words; /* "XADD + HSET" */
    const char *means; /* what its acknowledgement means */
    bool tls;
    int variant; /* the peer's own */
};

struct peer_snapshot {
    const char *how;                               /* "HGETALL"; NULL: no more */
    bool (*take)(struct server *s, int64_t *rows); /* over a new connection: how many came */
};

struct peer {
    const char *name;      /* of the product, "redis" */
    const char *package;   /* Debian's, whose version is told */
    int ends_by;           /* a signal; 0: SIGTERM */
    bool each_write_syncs; /* its files are such that the kernel syncs each write to them */
    struct peer_setting settings[PEER_SETTINGS];
    struct peer_snapshot snapshots[PEER_SNAPSHOTS];

    /* Writes its files into the server's folder and runs it (server_run); returns once
       connections are taken and what updates need is there. */
    bool (*start)(struct server *s);

    /* By the server's setting of the moment. NULL: trouble. A follower's lane is told of
       all updates from now on. */
    struct peer_lane *(*open)(struct server *s, bool follows, const struct peer_ear *ear);
    void (*close)(struct peer_lane **lane);

    /* To poll. */
    int (*socket)(const struct peer_lane *lane);

    /* Puts one more update, of a random key, into what is to be sent. */
    bool (*update)(struct peer_lane *lane, const struct peer_update *u);

    /* Sends what was put, as one thing where that is the setting; called also when the
       socket takes bytes again. `more`: some is left. */
    bool (*send)(struct peer_lane *lane, bool *more);

    /* Takes all that the socket has, and tells the ear. */
    bool (*hear)(struct peer_lane *lane);

    /* The history is cut and the last values stay; NULL: nothing of the kind. Called
       between works, so that memory does not grow with the benchmark. */
    bool (*forget)(struct server *s);
};

/* All that take part, NULL at the end. */
extern const struct peer *const peers[];

/* The key in words, "plan-007/00042" as MAAT's; terminated, of the same length for all. */
void peer_key(unsigned key, char text[PEER_KEY]);

#endif
