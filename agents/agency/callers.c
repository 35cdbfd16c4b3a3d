#include "agents/agency/callers.h"

#include <stdlib.h>
#include <unistd.h>

#include "schema/must.h"

struct callers {
    int listening;
    char path[CALLERS_SOCKET_PATH];
    unsigned most, count;
    unsigned turn; /* who is taken from next */
    struct conversation *at[];
};

int
callers_open(struct callers **out, const struct agent_option *o, struct why *why)
{
    unsigned most = (unsigned)o->callers;
    struct callers *c = must(calloc(1, sizeof *c + most * sizeof(struct conversation *)));

    c->most = most;
    c->listening = callers_listen(o, c->path, why);
    if (c->listening < 0) {
        int rc = c->listening;
        free(c);
        return rc;
    }
    *out = c;
    return 0;
}

void
callers_close(struct callers **c)
{
    if (!*c)
        return;
    for (unsigned i = 0; i < (*c)->count; i++)
        conversation_end(&(*c)->at[i]);
    (void)unlink((*c)->path);
    (void)close((*c)->listening);
    free(*c);
    *c = NULL;
}

/* --- coming and going ------------------------------------------------------------------- */

static void
remove_caller(void *who, unsigned i)
{
    struct callers *c = who;

    conversation_end(&c->at[i]);
    c->at[i] = c->at[--c->count];
}

static int64_t
heard(const void *who, unsigned i)
{
    const struct callers *c = who;

    return c->at[i]->heard;
}

static void
let_in(struct callers *c, int64_t now)
{
    const struct callers_crowd crowd = {&c->count, c->most, heard, remove_caller};
    int fd;

    while ((fd = callers_next(c->listening, &crowd, c)) >= 0)
        c->at[c->count++] = conversation_begin(fd, now);
}

unsigned
callers_count(const struct callers *c)
{
    return c->count + 1;
}

void
callers_items(const struct callers *c, struct pollfd *items)
{
    items[0] = (struct pollfd){.fd = c->listening, .events = POLLIN};
    for (unsigned i = 0; i < c->count; i++) {
        const struct conversation *one = c->at[i];
        short events = conversation_may_read(one) ? POLLIN : 0;
        if (outgoing_left(&one->out))
            events |= POLLOUT;
        items[i + 1] = (struct pollfd){.fd = one->fd, .events = events};
    }
}

void
callers_read(struct callers *c, const struct pollfd *items, int64_t now)
{
    for (unsigned i = 0; i < c->count; i++)
        if (items[i + 1].revents && conversation_may_read(c->at[i]))
            conversation_read(c->at[i], now);
        else if (items[i + 1].revents & (POLLERR | POLLHUP))
            conversation_mute(c->at[i]);
    if (items[0].revents)
        let_in(c, now);
}

/* --- what is said ------------------------------------------------------------------------- */

/* Once around: a share of the batch for each, so that who says a line does not wait
   until those who say thousands have said them. */
static bool
go_around(struct callers *c, struct batch *b, conversation_ask *ask, void *context)
{
    const unsigned share = c->count < BATCH_MAX ? BATCH_MAX / c->count : 1;
    bool left = false;

    for (unsigned i = 0; i < c->count && !batch_is_full(b); i++)
        left |= conversation_take(c->at[c->turn++ % c->count], b, share, ask, context);
    return left || batch_is_full(b);
}

bool
callers_take(struct callers *c, struct batch *b, conversation_ask *ask, void *context)
{
    bool left = c->count > 0;
    unsigned looked;

    do {
        looked = b->looked;
        left = left && go_around(c, b, ask, context);
    } while (left && b->looked > looked && !batch_is_full(b));
    return left;
}

void
callers_queued(struct callers *c, struct arena *arena, const struct maat_outbox_id *outbox,
               int64_t first, const char *later)
{
    for (unsigned i = 0; i < c->count; i++)
        conversation_queued(c->at[i], arena, outbox, first, later);
}

int
callers_settle(struct callers *c, struct arena *arena, struct maat_outbox *outboxes)
{
    int rc = 0;

    for (unsigned i = 0; i < c->count && !rc; i++)
        rc = conversation_settle(c->at[i], arena, outboxes);
    return rc;
}

void
callers_renumber(struct callers *c, const struct maat_outbox_id *from, int64_t n,
                 const struct maat_outbox_id *to, int64_t new_n)
{
    for (unsigned i = 0; i < c->count; i++)
        conversation_renumber(c->at[i], from, n, to, new_n);
}

void
callers_flush(struct callers *c)
{
    for (unsigned i = c->count; i-- > 0;) {
        conversation_flush(c->at[i]);
        if (conversation_is_over(c->at[i]))
            remove_caller(c, i);
    }
}
