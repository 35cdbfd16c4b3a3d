/* Lanes over a stream, of peers whose protocol is spoken here: each such `struct peer_lane`
   begins with a `struct stream_lane base`, and what is the same for all of them is here.

       stream_lane_new -> stream_lane_after ... -> stream_lane_close               */
#ifndef TESTS_BENCH_PEERS_STREAM_LANE_H
#define TESTS_BENCH_PEERS_STREAM_LANE_H

#include "tests/bench/peers/peer.h"
#include "tests/bench/peers/stream.h"

struct stream_lane {
    struct server *server;
    struct stream *stream;
    struct peer_ear ear; /* empty where nobody listens */
    int64_t rows;        /* of a snapshot, that came so far */
};

/* A lane of `size` bytes, all else 0. The stream is taken; NULL, where it is NULL. `ear` may be
   NULL. */
struct peer_lane *stream_lane_new(size_t size, struct server *s, struct stream *stream,
                                  const struct peer_ear *ear);

/* The lane once it has done that; closed, and NULL, where it could not. NULL is passed on. */
struct peer_lane *stream_lane_after(struct peer_lane *lane, bool (*that)(struct peer_lane *));

/* A peer's own `close`, `socket` and `send`. */
void stream_lane_close(struct peer_lane **lane);
int stream_lane_socket(const struct peer_lane *lane);
bool stream_lane_send(struct peer_lane *lane, bool *more);

/* Sends what was put, and takes what comes, until it is that. */
bool stream_lane_until(struct peer_lane *lane, const bool *that,
                       bool (*take_all)(struct peer_lane *));

/* One thing done over a lane of its own, which is closed then, or NULL; and the same for a
   snapshot: the rows that came. */
bool stream_lane_once(struct peer_lane *lane, bool (*that)(struct peer_lane *));
bool stream_lane_snapshot(struct peer_lane *lane, bool (*that)(struct peer_lane *), int64_t *rows);

#endif
