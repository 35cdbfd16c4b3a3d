#include "tests/bench/made_journal.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "broker/board.h"
#include "broker/newday.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/guard.h"
#include "store/environment.h"
#include "store/state_lmdb.h"
#include "tests/t.h"

enum { BATCHES = 32, COMMIT_EVERY = 200000 };

/* One of those whose updates these are. */
struct maker {
    char agency[ACTION_ID];
    char client[ACTION_ID];
    struct author author;
    uint8_t outbox[OUTBOX_SIZE];
    int64_t n;
};

struct making {
    struct journal *journal;
    uint64_t generation;
    struct keeping keeping;
    struct arena *arena;
    struct ledger ledger;
    struct newday newday;
    struct updates updates;
    size_t on_at;                  /* where the day stands in the mould */
    int32_t on;                    /* and which it is */
    uint8_t frame[PRODUCER_FRAME]; /* the update at hand, */
    union body body;               /* whose texts point into it */
    struct arena *body_arena;
    struct maker makers[PRODUCERS_MAX];
    struct journal_bytes entries[(BATCHES + 1) * BATCH_ENTRIES];
    int64_t written, committed;
};

/* --- opening and closing ------------------------------------------------------------ */

static void
open_ledger(struct making *m, const char *dir)
{
    struct board_keys keys;
    struct state_mark mark;
    struct state *state;
    struct why why = {""};
    char path[BOARD_PATH];

    CHECK_INT(0, board_keys_load(dir, &keys, &why));
    CHECK_INT(0, board_open_journal(dir, &keys, ENVIRONMENT_MAP, &m->journal, &why));
    CHECK_INT(0, journal_begin_generation(m->journal, &m->generation));
    board_path(dir, "state", path);
    CHECK_INT(0, state_lmdb_open(&state, path, keys.name, ENVIRONMENT_MAP, &mark, &why));
    board_keys_wipe(&keys);
    m->keeping = keeping_in_lmdb(state, mark.applied);
    m->arena = arena_new();
    CHECK_INT(0, ledger_open(&m->ledger, &m->keeping, m->journal, m->arena, NULL));
    m->written = m->committed = m->ledger.number;
    newday_init(&m->newday, &m->ledger);
}

static void
close_ledger(struct making *m)
{
    newday_end(&m->newday);
    ledger_close(&m->ledger);
    arena_destroy(&m->arena);
    state_lmdb_close(&m->keeping.state);
    journal_close(&m->journal);
}

static void
name_makers(struct making *m)
{
    for (unsigned i = 0; i < PRODUCERS_MAX; i++) {
        struct maker *k = &m->makers[i];
        (void)snprintf(k->agency, sizeof k->agency, "agency-%u", i % AGENCIES);
        (void)snprintf(k->client, sizeof k->client, PRODUCER_NAME, i % AGENCIES, i);
        k->author = (struct author){
            .client = text_of(k->client), .agency = text_of(k->agency), .role = ROLE_AGENCY};
        CHECK(getrandom(k->outbox, OUTBOX_SIZE, 0) == OUTBOX_SIZE);
    }
}

/* --- writing what was said ------------------------------------------------------------ */

/* All that waits, with one sync. */
static void
write_entries(struct making *m)
{
    struct pending *p = &m->ledger.pending;
    size_t count = 0;

    pending_seal(p);
    for (const struct batch *b = pending_next(p); b && b->sealed; b = b->next)
        for (uint32_t i = 0; i < b->count; i++)
            m->entries[count++] = b->entries[i];
    CHECK_INT(
        0, journal_append(m->journal, (uint64_t)m->written + 1, m->generation, m->entries, count));
    while (pending_next(p))
        pending_done(p);
    m->written += (int64_t)count;
    ledger_made_durable(&m->ledger, m->written);
}

static void
write_now_and_then(struct making *m, bool end)
{
    if (!end && m->ledger.pending.sealed < BATCHES)
        return;
    write_entries(m);
    if (!end && m->written - m->committed < COMMIT_EVERY)
        return;
    ledger_freeze(&m->ledger);
    CHECK_INT(0, keeping_write(&m->keeping));
    CHECK_INT(0, keeping_written(&m->keeping));
    m->committed = m->written;
}

/* --- saying --------------------------------------------------------------------------- */

/* The day that the updates describe, and the body as all of that day have it. */
static void
set_day(struct making *m, int32_t day)
{
    const struct bytes body = {m->frame + m->updates.body_at, UPDATE_BODY};
    const struct guard guard = {NULL, 0};
    char text[DAY_TEXT];
    struct fault fault;

    day_format(day, text);
    memcpy(m->updates.mould + m->on_at, text, strlen(text));
    (void)updates_frame(&m->updates, 0, 1, m->frame);
    arena_reset(m->body_arena);
    CHECK(submission_decode(m->body_arena, &guard, KIND_PROGRESS, body, &m->body, &fault));
    m->on = day;
}

static void
find_day(struct making *m)
{
    char text[DAY_TEXT];

    day_format(m->updates.today, text);
    const uint8_t *at = memmem(m->updates.mould, m->updates.len, text, strlen(text));
    CHECK(at != NULL);
    m->on_at = (size_t)(at - m->updates.mould);
    set_day(m, m->updates.today);
}

static void
say_days(struct making *m, int64_t host)
{
    while (newday_step(&m->newday, host, NEWDAY_ROWS) == 1)
        write_now_and_then(m, false);
    CHECK(!ledger_is_behind(&m->ledger, host));
    set_day(m, ledger_day(&m->ledger, host));
}

static void
say_update(struct making *m, unsigned producer, int64_t host)
{
    struct ledger *l = &m->ledger;
    struct maker *k = &m->makers[producer];
    const struct present present = ledger_present(l, host);
    struct findings found;
    struct fault fault;

    (void)updates_frame(&m->updates, producer, ++k->n, m->frame);
    struct entry_origin from = {.client = k->author.client,
                                .outbox = {k->outbox, OUTBOX_SIZE},
                                .n = k->n,
                                .kind = KIND_PROGRESS,
                                .nonce = {m->frame + m->updates.nonce_at, NONCE_SIZE},
                                .body = {m->frame + m->updates.body_at, UPDATE_BODY}};
    arena_reset(l->arena);
    CHECK_INT(1, judge(l->state, l->arena, &k->author, KIND_PROGRESS, &m->body, &present, &found,
                       &fault));
    CHECK_INT(0, ledger_accept(l, &from, &m->body, &found, host));
    write_now_and_then(m, false);
}

void
made_journal_add(const char *dir, const struct updates *updates, int64_t entries)
{
    struct making *m = calloc(1, sizeof *m);

    CHECK(m != NULL);
    m->updates = *updates;
    m->body_arena = arena_new();
    open_ledger(m, dir);
    name_makers(m);
    find_day(m);
    int64_t begin = m->ledger.clock.last;
    int64_t span = (int64_t)time(NULL) * 1000000 - begin;
    for (int64_t i = 0; i < entries; i++) {
        int64_t host = begin + (int64_t)((double)span * (double)i / (double)entries);
        if (m->on != ledger_day(&m->ledger, host) || ledger_is_behind(&m->ledger, host))
            say_days(m, host);
        say_update(m, (unsigned)(i % PRODUCERS_MAX), host);
    }
    write_now_and_then(m, true);
    close_ledger(m);
    arena_destroy(&m->body_arena);
    free(m);
}
