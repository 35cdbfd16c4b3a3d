#include "broker/outgoing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "broker/feeds/page.h"
#include "schema/must.h"
#include "schema/wire/frame.h"

enum { CAP_FIRST = 1024 };

/* A frame, or an acknowledgement; those of a run are linked from its first one,
   in whose place all of it leaves. */
struct outgoing_item {
    struct session *to;
    int64_t number;
    struct parcel *frame; /* NULL: a page, or an acknowledgement */
    struct page *page;    /* or this, as `n` of the subscription `entry`, */
    int64_t len;          /* so long as a frame */
    bool joined;          /* to the run of an earlier one */
    int64_t n, entry;
    uint64_t next_in_run; /* 0: the last */
    uint8_t outbox[OUTBOX_SIZE];
};

void
outgoing_init(struct outgoing *o, outgoing_deliver *deliver, void *context)
{
    *o = (struct outgoing){.deliver = deliver, .context = context, .first = 1, .next = 1};
    o->flight = flight_new(NULL, FLIGHT_MOST);
    o->cap = CAP_FIRST;
    o->items = must(calloc(o->cap, sizeof *o->items));
    o->buf = must(malloc(FRAME_OUT_MAX));
    o->numbers = must(calloc(RUN_MAX, sizeof *o->numbers));
}

void
outgoing_end(struct outgoing *o)
{
    outgoing_drop(o);
    flight_let_go(o->flight);
    free(o->items);
    free(o->buf);
    free(o->numbers);
}

/* A key that is nobody's has no client to share with. */
static struct flight *
flight_of(struct outgoing *o, struct session *to)
{
    struct flight *client = o->flight;

    if (to->flight)
        return to->flight;
    if (to->limits) {
        if (!to->limits->flight)
            to->limits->flight = flight_new(o->flight, o->flight->most / 2);
        client = to->limits->flight;
    }
    return to->flight = flight_new(client, 0);
}

bool
outgoing_has_room(const struct session *to)
{
    return !to->flight || flight_has_room(to->flight);
}

bool
outgoing_has_answer(const struct session *to)
{
    return to->flight && flight_has_answer(to->flight);
}

static struct parcel *
wrap(struct outgoing *o, struct session *to, const void *frame, size_t len)
{
    struct parcel *p = parcel_new(flight_of(o, to), len);

    memcpy(p->at, frame, len);
    return p;
}

static struct outgoing_item *
item_at(struct outgoing *o, uint64_t at)
{
    return &o->items[at % o->cap];
}

static void
grow(struct outgoing *o)
{
    struct outgoing_item *wider = must(calloc(2 * o->cap, sizeof *wider));

    for (uint64_t at = o->first; at < o->next; at++)
        wider[at % (2 * o->cap)] = *item_at(o, at);
    free(o->items);
    o->items = wider;
    o->cap *= 2;
}

static struct outgoing_item *
push(struct outgoing *o, struct session *to, int64_t number)
{
    if (o->next - o->first == o->cap)
        grow(o);
    struct outgoing_item *item = item_at(o, o->next++);
    *item = (struct outgoing_item){.to = to, .number = number};
    session_hold(to);
    return item;
}

static struct outgoing_item *
push_frame(struct outgoing *o, struct session *to, int64_t number, const void *frame, size_t len)
{
    struct outgoing_item *item = push(o, to, number);

    item->frame = wrap(o, to, frame, len);
    to->run = 0;
    return item;
}

void
outgoing_say(struct outgoing *o, struct session *to, int64_t number, enum message_kind kind,
             const void *record)
{
    size_t len = frame_encode(kind, record, o->buf, FRAME_OUT_MAX);

    assert(len > 0);
    (void)push_frame(o, to, number, o->buf, len);
}

void
outgoing_answer(struct outgoing *o, struct session *to, int64_t number, const void *frame,
                size_t len)
{
    parcel_mark_answer(push_frame(o, to, number, frame, len)->frame);
    o->newest_content = number;
}

void
outgoing_page(struct outgoing *o, struct session *to, int64_t number, struct page *page, int64_t id,
              int64_t count)
{
    struct outgoing_item *item = push(o, to, number);

    page_hold(page);
    item->page = page;
    item->len = (int64_t)page_len(page, id, count);
    flight_take(flight_of(o, to), item->len);
    item->n = count;
    item->entry = id;
    to->run = 0;
    o->newest_content = number;
}

static bool
joins_run(struct outgoing *o, const struct session *to, uint64_t sealed, int64_t n)
{
    if (to->run < o->first || to->run_sealed != sealed || to->run_count >= RUN_MAX)
        return false;
    const struct outgoing_item *last = item_at(o, to->run);
    return last->n + 1 == n && memcmp(last->outbox, to->outbox, OUTBOX_SIZE) == 0;
}

void
outgoing_ack(struct outgoing *o, struct session *to, int64_t number, uint64_t sealed, int64_t n,
             int64_t entry)
{
    uint64_t at = o->next;
    bool joins = joins_run(o, to, sealed, n);
    struct outgoing_item *item = push(o, to, number);

    item->n = n;
    item->entry = entry;
    memcpy(item->outbox, to->outbox, OUTBOX_SIZE);
    if (joins) {
        item->joined = true;
        item_at(o, to->run)->next_in_run = at;
        item_at(o, to->run_first)->number = number; /* all of it waits for the newest */
        to->run_count++;
    } else {
        to->run_first = at;
        to->run_count = 1;
        to->run_sealed = sealed;
    }
    to->run = at;
}

void
outgoing_part_from(const struct outgoing *o, struct pending *p)
{
    if (pending_filling(p) && o->newest_content >= pending_filling(p))
        pending_seal(p);
}

void
outgoing_now(struct outgoing *o, struct session *to, enum message_kind kind, const void *record)
{
    size_t len = frame_encode(kind, record, o->buf, FRAME_OUT_MAX);

    assert(len > 0);
    o->deliver(o->context, to, wrap(o, to, o->buf, len));
}

/* --- leaving ---------------------------------------------------------------------- */

static void
deliver_run(struct outgoing *o, const struct outgoing_item *first)
{
    struct ack ack = {.outbox = {first->outbox, OUTBOX_SIZE}, .n = first->n};

    ack.numbers.at = o->numbers;
    ack.has.outbox = ack.has.n = ack.has.numbers = 1;
    for (const struct outgoing_item *item = first;; item = item_at(o, item->next_in_run)) {
        o->numbers[ack.numbers.count++] = item->entry;
        if (!item->next_in_run)
            break;
    }
    outgoing_now(o, first->to, SAY_ACK, &ack);
}

static struct parcel *
wrap_page(struct outgoing *o, const struct outgoing_item *item)
{
    struct parcel *p = parcel_new(flight_of(o, item->to), (size_t)item->len);

    page_frame(item->page, item->entry, item->n, p->at);
    return p;
}

static struct parcel *
take_frame(struct outgoing_item *item)
{
    struct parcel *p = item->frame;

    item->frame = NULL;
    return p;
}

static void
deliver_item(struct outgoing *o, struct outgoing_item *item)
{
    if (item->to->ended || item->joined)
        return;
    if (item->frame)
        o->deliver(o->context, item->to, take_frame(item));
    else if (item->page)
        o->deliver(o->context, item->to, wrap_page(o, item));
    else
        deliver_run(o, item);
}

static void
pop(struct outgoing *o)
{
    struct outgoing_item *item = item_at(o, o->first++);

    if (item->frame)
        parcel_free(item->frame);
    if (item->page) {
        flight_give_back(item->to->flight, item->len);
        page_let_go(item->page);
    }
    session_let_go(item->to);
}

void
outgoing_release(struct outgoing *o, int64_t durable)
{
    while (!outgoing_is_empty(o) && item_at(o, o->first)->number <= durable) {
        deliver_item(o, item_at(o, o->first));
        pop(o);
    }
}

void
outgoing_drop(struct outgoing *o)
{
    while (!outgoing_is_empty(o))
        pop(o);
}
