#include "tests/bench/peers/stream_lane.h"

#include <stdlib.h>

#include "tests/t.h"

static struct stream_lane *
base_of(struct peer_lane *lane)
{
    return (struct stream_lane *)lane;
}

struct peer_lane *
stream_lane_new(size_t size, struct server *s, struct stream *stream, const struct peer_ear *ear)
{
    if (!stream)
        return NULL;
    struct stream_lane *base = calloc(1, size);
    CHECK(base != NULL);
    *base = (struct stream_lane){.server = s, .stream = stream};
    if (ear)
        base->ear = *ear;
    return (struct peer_lane *)base;
}

void
stream_lane_close(struct peer_lane **lane)
{
    stream_close(&base_of(*lane)->stream);
    free(*lane);
    *lane = NULL;
}

struct peer_lane *
stream_lane_after(struct peer_lane *lane, bool (*that)(struct peer_lane *))
{
    if (lane && !that(lane))
        base_of(lane)->server->peer->close(&lane);
    return lane;
}

int
stream_lane_socket(const struct peer_lane *lane)
{
    return stream_socket(((const struct stream_lane *)lane)->stream);
}

bool
stream_lane_send(struct peer_lane *lane, bool *more)
{
    return stream_send(base_of(lane)->stream, more);
}

bool
stream_lane_until(struct peer_lane *lane, const bool *that, bool (*take_all)(struct peer_lane *))
{
    struct stream *stream = base_of(lane)->stream;
    size_t len = 0;
    bool more;

    while (!*that) {
        if (!stream_send(stream, &more) || !stream_wait(stream, len) || !take_all(lane))
            return false;
        (void)stream_bytes(stream, &len);
    }
    return true;
}

bool
stream_lane_snapshot(struct peer_lane *lane, bool (*that)(struct peer_lane *), int64_t *rows)
{
    bool done = lane && that(lane);

    if (!lane)
        return false;
    *rows = base_of(lane)->rows;
    base_of(lane)->server->peer->close(&lane);
    return done;
}

bool
stream_lane_once(struct peer_lane *lane, bool (*that)(struct peer_lane *))
{
    int64_t rows;

    return stream_lane_snapshot(lane, that, &rows);
}
