#include "agents/cli/stream.h"

#include <assert.h>
#include <limits.h>

int
stream_begin(struct stream *s, struct talk *t, struct feed *f)
{
    *s = (struct stream){.talk = t, .feed = f};
    return feed_begin(f, t);
}

void
stream_end(struct stream *s)
{
    feed_end(s->feed);
}

static void
say_connection(struct stream *s)
{
    enum maat_link link = maat_link(s->talk->broker);
    bool there = link == MAAT_LINK_OPEN || link == MAAT_LINK_WAITING;
    bool lost = link == MAAT_LINK_DOWN || (s->lost && !there);

    if (lost != s->lost && !s->mute)
        (void)talk_complain(EXIT_DONE,
                            lost ? "the connection is lost (%s); it is dialled again"
                                 : "there again (%s)",
                            maat_link_text(s->talk->broker));
    s->lost = lost;
}

/* Why it is of no use to go on, or EXIT_DONE. */
static int
look(const struct stream *s)
{
    enum maat_outcome outcome = maat_hopeless(s->talk->broker);
    enum wire_error code;
    const char *reason;

    if (outcome != MAAT_DONE)
        return talk_ended(s->talk, outcome, "");
    if (feed_is_over(s->feed, &code, &reason))
        return talk_complain(EXIT_UNREACHABLE, "the broker ends the feed: %s: %s",
                             word_text(&wire_errors, (int)code), reason);
    return EXIT_DONE;
}

int
stream_turn(struct stream *s, struct pollfd *items, int count, long ms)
{
    struct pollfd all[STREAM_ITEMS + 1] = {{.fd = maat_fd(s->talk->broker), .events = POLLIN}};

    assert(count <= STREAM_ITEMS);
    for (int i = 0; i < count; i++)
        all[i + 1] = items[i];
    (void)poll(all, (nfds_t)count + 1, ms < 0 ? -1 : ms < INT_MAX ? (int)ms : INT_MAX);
    for (int i = 0; i < count; i++)
        items[i] = all[i + 1];
    if (maat_step(s->talk->broker))
        return talk_complain(EXIT_MACHINE, "the connection can't be kept");
    int rc = look(s);
    if (rc == EXIT_DONE)
        say_connection(s);
    return rc;
}
