/* `make bench-budget`: where an update's instructions go, from the frame as the socket
   gives it to the acknowledgement that leaves. The broker's own code on a real journal
   and state, without sockets and threads, counted by callgrind; tests/bench/budget/stages sums
   up what it saw. ACTIONS and UPDATES in the environment change how many. */
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "broker/service.h"
#include "schema/commands.h"
#include "schema/fold.h"
#include "schema/wire/frame.h"
#include "store/state_lmdb.h"
#include "store/state_memory.h"
#include "tests/bench/updates.h"
#include "tests/scratch.h"
#include "tests/small_board.h"
#include "tests/t.h"

enum { PLANS = 10, BATCH = 256, FOUNDING_BATCH = 500, LINE = 600 };
#define MAP_BYTES ((size_t)16 << 30)

struct budget {
    struct scratch scratch;
    struct small_board board; /* on LMDB */
    struct outgoing out;
    struct run_option options;
    struct service service;
    struct updates updates;
    struct hub_route routes[AGENCIES];
    uint8_t keys[AGENCIES][CURVE_KEY];
    uint8_t frames[BATCH][PRODUCER_FRAME];
    size_t lens[BATCH];
    int64_t n;      /* the last of each producer */
    int64_t others; /* messages to them that are no acknowledgements */
};

static struct moment
now(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_REALTIME, &ts);
    int64_t us = ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
    return (struct moment){us, us};
}

static void
deliver(void *context, struct session *to, struct parcel *frame)
{
    static const uint8_t ack[] = {0x92, 0xa3, 'A', 'C', 'K'};
    struct budget *b = context;

    (void)to;
    b->others += frame->len < sizeof ack || memcmp(frame->at, ack, sizeof ack) != 0;
    parcel_free(frame);
}

/* --- the board ------------------------------------------------------------------------ */

static void
open_board(struct budget *b)
{
    const struct journal_owner owner = {"bench", NULL};
    struct small_board *board = &b->board;
    struct state_mark mark;
    struct state *state;
    struct why why;

    scratch_make(&b->scratch);
    const char *journal = scratch_file(&b->scratch, "journal");
    CHECK_INT(0, journal_create_lmdb(journal, &owner, 1, &why));
    CHECK_INT(0, journal_open_lmdb(&board->journal, journal, &owner, MAP_BYTES, &why));
    CHECK_INT(0, journal_begin_generation(board->journal, &board->generation));
    CHECK_INT(0, state_lmdb_open(&state, scratch_file(&b->scratch, "state"), "bench", MAP_BYTES,
                                 &mark, &why));
    board->keeping = keeping_in_lmdb(state, 0);
    board->arena = arena_new();
    board->host = now().host;
    CHECK_INT(0, ledger_open(&board->ledger, &board->keeping, board->journal, board->arena, NULL));
}

static void say(struct budget *b, const char *client, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void
say(struct budget *b, const char *client, const char *format, ...)
{
    char line[LINE];
    va_list args;

    va_start(args, format);
    CHECK(vsnprintf(line, sizeof line, format, args) < LINE);
    va_end(args);
    small_board_say(&b->board, client, line);
}

static void
found(struct budget *b)
{
    say(b, "broker",
        "{\"kind\":\"board\",\"what\":\"found\",\"name\":\"bench\",\"title\":\"B\",\"key\":"
        "\"%064d\"}",
        1);
    say(b, "broker",
        "{\"kind\":\"agency\",\"id\":\"board\",\"name\":\"Board\",\"sector\":\"partnership\","
        "\"seen\":0,\"epoch\":0}");
    say(b, "broker",
        "{\"kind\":\"client\",\"id\":\"board/lead\",\"role\":\"lead\",\"key\":\"%064d\",\"seen\":"
        "0,\"epoch\":0}",
        99);
    for (unsigned i = 0; i < AGENCIES; i++) {
        say(b, "broker",
            "{\"kind\":\"agency\",\"id\":\"agency-%u\",\"name\":\"Agency %u\",\"sector\":"
            "\"health\",\"seen\":0,\"epoch\":0}",
            i, i);
        say(b, "broker",
            "{\"kind\":\"client\",\"id\":\"" PRODUCER_NAME
            "\",\"role\":\"agency\",\"key\":\"%062d%02x\",\"seen\":0,\"epoch\":0}",
            i, i, 0, i + 1);
        b->keys[i][CURVE_KEY - 1] = (uint8_t)(i + 1);
        b->routes[i] = (struct hub_route){.len = 5, .bytes = {0, 1, 2, 3, (uint8_t)i}};
    }
}

static void
add_actions(struct budget *b, unsigned actions)
{
    for (unsigned i = 0; i < PLANS; i++)
        say(b, "board/lead",
            "{\"kind\":\"plan\",\"id\":\"plan-%03u\",\"title\":\"Plan %u\",\"type\":"
            "\"action-plan\",\"marking\":\"OFFICIAL\",\"members\":\"all\",\"seen\":0,\"epoch\":0}",
            i, i);
    for (unsigned k = 0; k < actions; k++) {
        char id[ACTION_ID];
        updates_action(&b->updates, k, id);
        say(b, "board/lead",
            "{\"kind\":\"action\",\"id\":\"%s\",\"ref\":\"%s\",\"title\":\"Staff are trained and "
            "cases are looked at\",\"text\":\"Agencies make sure that staff know how and when to "
            "refer, that what was decided is written down on the day, and that managers look at a "
            "sample of cases each quarter\",\"themes\":[\"neglect\"],\"leads\":[\"agency-%u\"],"
            "\"due\":\"2199-01-01\",\"seen\":0,\"epoch\":0}",
            id, strchr(id, '/') + 1, k % AGENCIES);
        if (k % FOUNDING_BATCH == 0)
            small_board_settle(&b->board);
    }
    small_board_settle(&b->board);
}

/* What has been folded so far is read from the file. */
static void
write_state(struct budget *b)
{
    struct keeping *k = &b->board.keeping;
    struct tree_head head;

    journal_head(b->board.journal, &head);
    keeping_freeze(k, b->board.ledger.number);
    keeping_aim(k, &head);
    CHECK_INT(0, keeping_write(k));
    CHECK_INT(0, keeping_written(k));
}

/* --- clients -------------------------------------------------------------------------- */

static void
greet(struct budget *b, unsigned producer)
{
    uint8_t outbox[OUTBOX_SIZE] = {(uint8_t)(producer + 1)};
    uint8_t frame[PRODUCER_FRAME];
    struct hello h = {
        .oldest = 1, .newest = 1, .software = text_of("bench"), .outbox = {outbox, OUTBOX_SIZE}};

    h.has.oldest = h.has.newest = h.has.software = h.has.outbox = 1;
    size_t len = frame_encode(SAY_HELLO, &h, frame, sizeof frame);
    CHECK_INT(
        0, service_take(&b->service, &b->routes[producer], b->keys[producer], frame, len, now()));
}

static void
serve(struct budget *b)
{
    static const struct guard no_mailboxes;
    static const uint8_t signing[CHECKPOINT_KEY] = {1};

    run_option_defaults(&b->options);
    b->options.entries_a_day = INT32_MAX;
    outgoing_init(&b->out, deliver, b);
    service_init(&b->service, &b->board.ledger, &b->out, &no_mailboxes, &b->options, signing);
    for (unsigned i = 0; i < AGENCIES; i++)
        greet(b, i);
}

/* --- what is counted -------------------------------------------------------------------- */

/* As many frames as the loop drains at once, and what the loop and the journal's thread
   then do for them. */
static void
handle_batch(struct budget *b)
{
    struct ledger *l = &b->board.ledger;
    const struct moment at = now();

    for (unsigned i = 0; i < BATCH; i++)
        CHECK_INT(0, service_take(&b->service, &b->routes[i % AGENCIES], b->keys[i % AGENCIES],
                                  b->frames[i], b->lens[i], at));
    small_board_settle(&b->board);
    outgoing_release(&b->out, l->durable);
}

/* Nothing else is: callgrind is told this name. */
__attribute__((noinline)) static void
budget_counted(struct budget *b)
{
    handle_batch(b);
}

static void
make_batch(struct budget *b)
{
    for (unsigned i = 0; i < BATCH; i++)
        b->lens[i] =
            updates_frame(&b->updates, i % AGENCIES, b->n + 1 + i / AGENCIES, b->frames[i]);
    b->n += BATCH / AGENCIES;
}

/* The first ones find rows that nobody has read yet. */
static void
run(struct budget *b, int64_t warm, int64_t counted)
{
    int64_t before = b->board.ledger.number;

    for (int64_t done = 0; done < warm; done += BATCH) {
        make_batch(b);
        handle_batch(b);
    }
    for (int64_t done = 0; done < counted; done += BATCH) {
        make_batch(b);
        budget_counted(b);
    }
    CHECK_INT(warm + counted, b->board.ledger.number - before);
    CHECK_INT(AGENCIES, b->others); /* each its WELCOME */
}

/* --- and what a rebuild does ------------------------------------------------------------ */

struct refold {
    struct arena *read, *arena;
    struct state *state;
    uint64_t counted_from;
};

/* Of two threads of the broker: one decodes what it has read, the other folds it. */
static void
refold(struct refold *r, struct bytes entry)
{
    struct stored stored;

    arena_reset(r->arena);
    CHECK(stored_decode(r->read, entry, &stored));
    CHECK_INT(0, fold_decoded(r->state, r->arena, &stored));
}

__attribute__((noinline)) static void
budget_refolded(struct refold *r, struct bytes entry)
{
    refold(r, entry);
}

static int
take_entry(void *context, const struct journal_entry *entry)
{
    struct refold *r = context;

    arena_reset(r->read);
    const struct bytes bytes = {arena_copy(r->read, entry->bytes, entry->len),
                                (uint32_t)entry->len};
    if (entry->number >= r->counted_from)
        budget_refolded(r, bytes);
    else
        refold(r, bytes);
    return 0;
}

static void
run_refold(struct budget *b, int64_t counted)
{
    struct refold r = {.read = arena_new(), .arena = arena_new(), .state = state_memory_open()};
    uint64_t next = 1;
    int more;

    r.counted_from = (uint64_t)(b->board.ledger.durable - counted + 1);
    do
        more = journal_read(b->board.journal, next, JOURNAL_SLICE_ROWS, take_entry, &r, &next);
    while (more == 1);
    CHECK_INT(0, more);
    CHECK_INT(b->board.ledger.durable + 1, next);
    state_memory_close(&r.state);
    arena_destroy(&r.read);
    arena_destroy(&r.arena);
}

/* What the environment says. */
static int64_t
setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoll(text, NULL, 10) : otherwise;
}

void
test_fail(void)
{
    (void)fflush(stdout);
    _exit(EXIT_MACHINE);
}

void
test_skip(void)
{
    test_fail();
}

int
main(void)
{
    int64_t updates = setting("UPDATES", 20 * BATCH) / BATCH * BATCH;
    unsigned actions = (unsigned)setting("ACTIONS", 1000);
    struct budget *b = calloc(1, sizeof *b);

    CHECK(b && actions >= AGENCIES * PLANS);
    updates_init(&b->updates, actions, PLANS);
    open_board(b);
    found(b);
    add_actions(b, actions);
    write_state(b);
    serve(b);
    run(b, updates, updates);
    run_refold(b, updates);
    printf("updates %" PRId64 "\n", updates);
    service_end(&b->service);
    outgoing_end(&b->out);
    ledger_close(&b->board.ledger);
    state_lmdb_close(&b->board.keeping.state);
    journal_close(&b->board.journal);
    arena_destroy(&b->board.arena);
    scratch_remove(&b->scratch);
    free(b);
    return EXIT_DONE;
}
