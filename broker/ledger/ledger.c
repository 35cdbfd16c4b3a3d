#include "broker/ledger/ledger.h"

#include <assert.h>
#include <errno.h>
#include <openssl/rand.h>
#include <string.h>

#include "broker/ledger/catch_up_kept.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/digest.h"
#include "schema/fold.h"

static const struct author the_broker = {.client = {"broker", 6}, .broker = true};

/* --- opening ----------------------------------------------------------------- */

/* The first entry of a journal is the broker's own: it says which outbox. */
static int
find_own_outbox(struct ledger *l)
{
    struct entry first;
    struct chain chain;
    int rc;

    if (l->durable == 0)
        return RAND_bytes(l->outbox, OUTBOX_SIZE) == 1 ? 0 : -EIO;
    if ((rc = ledger_entry(l, 1, &first)) != 1)
        return rc < 0 ? rc : -EBADMSG;
    memcpy(l->outbox, first.outbox.at, OUTBOX_SIZE);
    struct state_key key = state_key_of_outbox(first.outbox);
    if ((rc = state_get_chain(l->state, l->arena, &key, &chain)) < 0)
        return rc;
    l->n = chain.n;
    return 0;
}

static int
find_clock(struct ledger *l)
{
    struct entry newest = {0};
    int rc = l->durable ? ledger_entry(l, l->durable, &newest) : 1;

    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG;
    clock_begin(&l->clock, newest.time);
    return 0;
}

static int
read_board(struct ledger *l)
{
    struct board_row board;
    int rc = state_get_board(l->state, l->arena, &board);

    l->restored = rc == 1 && board.restored;
    l->rated = rc == 1 ? board.rated : DAY_MAX; /* without a board there is nothing to rate */
    return rc < 0 ? rc : 0;
}

struct taking_up {
    struct ledger *ledger;
    void (*progress)(int64_t done, int64_t size);
};

static int
tell(void *context, int64_t number)
{
    const struct taking_up *t = context;
    struct tree_head head;

    journal_head(t->ledger->journal, &head);
    t->progress(number, (int64_t)head.size);
    return 0;
}

static void
begin_as_kept(struct ledger *l)
{
    l->state = l->keeping->state;
    l->number = l->keeping->applied;
    l->registry++;
    l->rights++;
}

/* What is held in memory beside the state, as the journal has it. */
static int
take_up(struct ledger *l)
{
    l->durable = l->number;
    int rc = find_own_outbox(l);
    return rc ? rc : read_board(l);
}

int
ledger_open(struct ledger *l, struct keeping *keeping, struct journal *journal, struct arena *arena,
            void (*progress)(int64_t done, int64_t size))
{
    struct taking_up t = {l, progress};
    int rc;

    *l = (struct ledger){.keeping = keeping, .journal = journal, .arena = arena};
    begin_as_kept(l);
    if ((rc = catch_up_kept(journal, keeping, arena, &l->number, progress ? tell : NULL, &t))
        || (rc = take_up(l)))
        return rc;
    return find_clock(l);
}

void
ledger_close(struct ledger *l)
{
    pending_free(&l->pending);
}

/* What the state lacks was in memory until now and finds room there again. Nothing of it is
   written on the way: the disk may be full, and the loop knows how to wait for that. */
int
ledger_roll_back(struct ledger *l)
{
    pending_drop(&l->pending);
    int rc = keeping_roll_back(l->keeping);
    if (rc)
        return rc;
    begin_as_kept(l);
    rc = catch_up(l->journal, l->state, l->arena, &l->number, NULL, NULL);
    return rc ? rc : take_up(l);
}

/* --- going on ------------------------------------------------------------------ */

static void
aim(struct ledger *l)
{
    struct tree_head head;

    if (!l->keeping->frozen || keeping_is_aimed(l->keeping))
        return;
    assert(l->durable <= l->keeping->frozen && "a batch ends where the state was frozen");
    if (l->durable < l->keeping->frozen)
        return;
    journal_head(l->journal, &head);
    keeping_aim(l->keeping, &head);
}

void
ledger_made_durable(struct ledger *l, int64_t number)
{
    assert(number >= l->durable && number <= l->number);
    l->durable = number;
    aim(l);
}

void
ledger_freeze(struct ledger *l)
{
    pending_seal(&l->pending);
    keeping_freeze(l->keeping, l->number);
    aim(l);
}

int32_t
ledger_day(struct ledger *l, int64_t host)
{
    return clock_day(&l->clock, host);
}

bool
ledger_is_behind(struct ledger *l, int64_t host)
{
    return l->rated < ledger_day(l, host);
}

struct present
ledger_present(struct ledger *l, int64_t host)
{
    return (struct present){ledger_day(l, host), l->number};
}

static void
place(struct ledger *l, struct entry_origin *from, int64_t host)
{
    from->number = l->number + 1;
    from->time = clock_time(&l->clock, host);
    from->day = clock_day(&l->clock, host);
}

/* `body` is NULL for a refusal. */
static int
record(struct ledger *l, struct entry *e, const union body *body)
{
    int rc = fold(l->state, l->arena, e, body);

    if (rc)
        return rc;
    l->number = e->number;
    l->clock.last = e->time;
    pending_add(&l->pending, e);
    return 0;
}

int
ledger_refuse(struct ledger *l, struct entry_origin *from, const struct fault *fault, int64_t host)
{
    uint8_t digest[DIGEST_SIZE];
    struct entry e;

    place(l, from, host);
    submission_digest(from->kind, from->nonce, from->body, digest);
    entry_refused(&e, from, fault, digest);
    return record(l, &e, NULL);
}

int
ledger_accept(struct ledger *l, struct entry_origin *from, const union body *body,
              const struct findings *found, int64_t host)
{
    struct entry e;

    place(l, from, host);
    entry_accepted(&e, from, found);
    int rc = record(l, &e, body);
    if (rc)
        return rc;
    if (e.kind == KIND_CLIENT)
        l->registry++;
    if (e.kind == KIND_AGENCY || e.kind == KIND_PLAN)
        l->rights++;
    if (e.kind == KIND_RATING && !body->rating.has.plan)
        l->rated = body->rating.day;
    if (e.kind != KIND_BOARD)
        return 0;
    if (body->board.what == BOARD_CONFIRM_CLOCK)
        clock_confirm(&l->clock, host);
    return read_board(l);
}

int
ledger_say(struct ledger *l, enum submission_kind kind, const union body *body, int64_t host,
           struct fault *fault)
{
    struct findings found;
    uint8_t nonce[NONCE_SIZE];
    uint8_t *bytes = arena_take(l->arena, BODY_MAX);
    size_t len = record_encode(body_records[kind], body, bytes, BODY_MAX);
    const struct present present = ledger_present(l, host);
    int rc = judge(l->state, l->arena, &the_broker, kind, body, &present, &found, fault);

    assert(len > 0);
    if (rc != 1)
        return rc;
    if (RAND_bytes(nonce, sizeof nonce) != 1)
        return -EIO;
    struct entry_origin from = {.client = the_broker.client,
                                .outbox = {l->outbox, OUTBOX_SIZE},
                                .n = ++l->n,
                                .kind = kind,
                                .nonce = {nonce, sizeof nonce},
                                .body = {bytes, (uint32_t)len}};
    rc = ledger_accept(l, &from, body, &found, host);
    return rc ? rc : 1;
}

/* --- looking back ---------------------------------------------------------------- */

struct copying {
    struct arena *arena;
    int64_t number;
    struct bytes *out;
    bool found;
};

static int
copy_entry(void *context, const struct journal_entry *entry)
{
    struct copying *c = context;

    c->found = (int64_t)entry->number == c->number;
    *c->out = (struct bytes){arena_copy(c->arena, entry->bytes, entry->len), (uint32_t)entry->len};
    return 1;
}

int
ledger_get(struct ledger *l, int64_t number, struct bytes *out)
{
    struct copying c = {l->arena, number, out, false};
    struct bytes waiting;
    uint64_t next;

    if (pending_find(&l->pending, number, &waiting)) {
        *out = (struct bytes){arena_copy(l->arena, waiting.at, waiting.len), waiting.len};
        return 1;
    }
    if (number < 1)
        return 0;
    int rc = journal_read(l->journal, (uint64_t)number, 1, copy_entry, &c, &next);
    return rc < 0 ? rc : c.found;
}

int
ledger_entry(struct ledger *l, int64_t number, struct entry *out)
{
    struct fault fault;
    struct bytes bytes;
    int rc = ledger_get(l, number, &bytes);

    if (rc != 1)
        return rc;
    return record_decode(l->arena, &entry_record, out, bytes.at, bytes.len, &fault) ? 1 : -EBADMSG;
}
