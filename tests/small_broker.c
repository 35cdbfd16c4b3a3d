#include "tests/small_broker.h"

#include <stdlib.h>

#include "schema/wire/frame.h"
#include "tests/t.h"

static void
deliver(void *context, struct session *to, struct parcel *frame)
{
    struct small_broker *b = context;

    b->deliver(b->context, &to->route, frame->at, frame->len, b->made[b->out.first]);
    parcel_free(frame);
}

/* Of what was queued since the last time. */
static void
note_made(struct small_broker *b)
{
    while (b->made_cap < b->out.next) {
        b->made_cap = 2 * b->made_cap + 1024;
        b->made = realloc(b->made, b->made_cap * sizeof *b->made);
    }
    while (b->made_count < b->out.next)
        b->made[b->made_count++] = b->board.ledger.number;
}

void
small_broker_open(struct small_broker *b, small_broker_deliver *to, void *context)
{
    static const struct guard no_mailboxes;
    static const uint8_t signing[CHECKPOINT_KEY] = {1};

    *b = (struct small_broker){.deliver = to, .context = context};
    small_board_open(&b->board);
    run_option_defaults(&b->options);
    outgoing_init(&b->out, deliver, b);
    service_init(&b->service, &b->board.ledger, &b->out, &no_mailboxes, &b->options, signing);
    b->service.feeds.slice = 0; /* one a turn, whatever the time */
    newday_init(&b->newday, &b->board.ledger);
    b->now = (struct moment){.host = b->board.host, .steady = 1};
    note_made(b);
}

void
small_broker_close(struct small_broker *b)
{
    newday_end(&b->newday);
    service_end(&b->service);
    outgoing_end(&b->out);
    small_board_close(&b->board);
    free(b->made);
}

void
small_broker_take(struct small_broker *b, const struct hub_route *route,
                  const uint8_t key[CURVE_KEY], enum message_kind kind, const void *record)
{
    static uint8_t frame[FRAME_IN_MAX];
    size_t len = frame_encode(kind, record, frame, sizeof frame);

    CHECK(len > 0);
    CHECK_INT(0, service_take(&b->service, route, key, frame, len, b->now));
    note_made(b);
}

/* As the loop does it. */
static bool
hand_over(struct small_broker *b)
{
    struct pending *p = &b->board.ledger.pending;

    if (b->syncing)
        return false;
    if (!pending_next(p))
        pending_seal(p);
    b->syncing = pending_next(p) != NULL;
    return b->syncing;
}

void
small_broker_turn(struct small_broker *b)
{
    CHECK_INT(0, feeds_step(&b->service.feeds, hand_over(b), b->now));
    note_made(b);
}

void
small_broker_release(struct small_broker *b)
{
    outgoing_release(&b->out, b->board.ledger.durable);
}

void
small_broker_sync(struct small_broker *b)
{
    struct ledger *l = &b->board.ledger;

    if (b->syncing) {
        const struct batch *batch = pending_next(&l->pending);
        CHECK_INT(0, journal_append(l->journal, (uint64_t)batch->first, b->board.generation,
                                    batch->entries, batch->count));
        ledger_made_durable(l, batch->first + batch->count - 1);
        pending_done(&l->pending);
        b->syncing = false;
    }
    small_broker_release(b);
}

void
small_broker_fail(struct small_broker *b)
{
    struct ledger *l = &b->board.ledger;

    outgoing_release(&b->out, l->durable);
    outgoing_drop(&b->out);
    sessions_roll_back(b->service.sessions, l->durable);
    feeds_roll_back(&b->service.feeds, l->durable);
    newday_forget(&b->newday);
    CHECK_INT(0, ledger_roll_back(l));
    CHECK_INT(0, journal_begin_generation(l->journal, &b->board.generation));
    b->syncing = false;
    note_made(b);
}

void
small_broker_day(struct small_broker *b)
{
    int rc;

    while ((rc = newday_step(&b->newday, b->now.host, NEWDAY_ROWS)) == 1)
        continue;
    CHECK_INT(0, rc);
}

const struct follower *
small_broker_follower(const struct small_broker *b, const struct hub_route *route, int64_t id)
{
    for (const struct follower *at = b->service.feeds.first; at; at = at->next)
        if (at->id == id && hub_same_route(&at->to->route, route) && !at->over && !at->to->ended
            && at->to->open && at->to->greeting == at->greeting)
            return at;
    return NULL;
}
