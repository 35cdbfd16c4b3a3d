#include "agents/cli/stream.h"

#include <assert.h>
#include <string.h>

void
stream_begin(struct stream *s, struct talk *t, struct follow *f)
{
    *s = (struct stream){.talk = t, .follow = f};
    (void)client_follow(t->client, f);
}

void
stream_end(struct stream *s)
{
    client_unfollow(s->talk->client, s->follow);
}

static void
say_connection(struct stream *s)
{
    enum link_state state = client_link(s->talk->client)->state;
    bool lost = state == LINK_DOWN || (s->lost && state == LINK_GREETING);

    if (lost != s->lost && !s->mute)
        (void)talk_complain(EXIT_DONE,
                            lost ? "the connection is lost (%s); it is dialled again"
                                 : "there again (%s)",
                            client_state(s->talk->client));
    s->lost = lost;
}

/* Why it is of no use to go on, or EXIT_DONE. */
static int
look(const struct stream *s)
{
    struct client_session *client = s->talk->client;
    enum client_outcome outcome = client_hopeless(client);

    if (outcome != CLIENT_DONE)
        return talk_ended(s->talk, outcome, "");
    if (s->follow->state == FOLLOW_OVER)
        return talk_complain(EXIT_UNREACHABLE, "the broker ends the feed: %s: %s",
                             word_text(&wire_errors, (int)s->follow->code), s->follow->reason);
    return EXIT_DONE;
}

int
stream_turn(struct stream *s, zmq_pollitem_t *items, int count, long ms)
{
    struct client_session *client = s->talk->client;
    zmq_pollitem_t all[STREAM_ITEMS + PEER_POLL_ITEMS];
    long patience = client_timeout(client);

    assert(count <= STREAM_ITEMS);
    if (count)
        memcpy(all, items, (size_t)count * sizeof *all);
    int total = count + client_items(client, all + count);
    (void)zmq_poll(all, total, ms >= 0 && ms < patience ? ms : patience);
    if (count)
        memcpy(items, all, (size_t)count * sizeof *all);
    if (client_step(client))
        return talk_complain(EXIT_MACHINE, "the connection can't be kept");
    int rc = look(s);
    if (rc == EXIT_DONE)
        say_connection(s);
    return rc;
}
