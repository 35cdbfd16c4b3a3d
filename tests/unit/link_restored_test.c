/* A board that was restored from a backup, to a client that has seen it before: what it
   must be shown to go on, and that it goes on with nothing less. */
#include <unistd.h>

#include "agents/libmaat/link.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/entry.h"
#include "schema/wire/frame.h"
#include "store/journal.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { NOW = 1, SEEN = 20, ENTRY = 1000, MAP = 64 << 20 };

static const uint8_t seed[CHECKPOINT_KEY] = {7};

/* `before` is the journal as it was; `after` has its first `last` entries, the restore's,
   and others. */
struct bench {
    struct scratch scratch;
    struct identity identity;
    struct head_keeper head;
    struct link link;
    struct arena *arena;
    struct journal *before, *after;
    uint64_t last;
    uint8_t entry[ENTRY]; /* the restore's */
    size_t entry_len;
    int64_t n; /* of the outbox, that the broker has */
    struct link_restored told;
    bool welcome;
};

static void
on_welcome(void *context, const struct welcome *w)
{
    struct bench *b = context;

    (void)w;
    b->welcome = true;
}

static void
on_restored(void *context, const struct link_restored *r)
{
    struct bench *b = context;
    b->told = *r;
}

static const struct link_events events = {.welcome = on_welcome, .restored = on_restored};

/* --- the journals --------------------------------------------------------------------- */

static void
append(struct journal *j, const void *bytes, size_t len)
{
    const struct journal_bytes entry = {bytes, len};
    struct tree_head head;
    uint64_t generation;

    journal_head(j, &head);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    CHECK_INT(0, journal_append(j, head.size + 1, generation, &entry, 1));
}

static void
grow(struct journal *j, const char *word, int count)
{
    char text[30];

    for (int i = 0; i < count; i++)
        append(j, text, (size_t)snprintf(text, sizeof text, "%s %d", word, i));
}

/* An entry that says of itself that it is number `number`, by that client. */
static size_t
make_entry(struct bench *b, uint64_t number, const char *client, enum board_act what, uint64_t last,
           uint8_t out[ENTRY])
{
    static const uint8_t zero[OUTBOX_SIZE];
    const struct findings found = {0};
    struct board board = {.what = what, .number = (int64_t)last, .root = {zero, 16}};
    struct entry_origin from = {.number = (int64_t)number,
                                .time = 1,
                                .client = text_of(client),
                                .outbox = {zero, OUTBOX_SIZE},
                                .n = 1,
                                .kind = KIND_BOARD,
                                .nonce = {zero, NONCE_SIZE}};
    uint8_t root[32] = {1};
    uint8_t *body = arena_take(b->arena, ENTRY);
    struct entry entry;

    board.root = (struct bytes){root, sizeof root};
    board.has.what = board.has.number = board.has.root = 1;
    from.body = (struct bytes){body, (uint32_t)record_encode(&board_record, &board, body, ENTRY)};
    entry_accepted(&entry, &from, &found);
    entry.has.previous_in_row = entry.has.previous_in_plan = entry.has.previous_in_outbox = 1;
    size_t len = record_encode(&entry_record, &entry, out, ENTRY);
    CHECK(len > 0);
    return len;
}

static struct tree_head
head_at(struct journal *j, uint64_t size)
{
    struct tree_head head = {.size = size};

    CHECK_INT(0, journal_root_at(j, size, &head.root));
    return head;
}

/* --- the client ------------------------------------------------------------------------- */

static void
connect(struct bench *b)
{
    char why[HEAD_WHY];

    CHECK_INT(0, head_open(&b->head, b->scratch.path, &b->identity, "maat forget", why));
    link_init(&b->link, NULL, NULL, "test 1", &events, b);
    link_keep_head(&b->link, &b->head);
    link_connected(&b->link, NOW);
    b->told.is = b->welcome = false;
}

static void
bench_open(struct bench *b, uint64_t last)
{
    struct fault fault;
    char note[CHECKPOINT_NOTE];

    *b = (struct bench){.arena = arena_new(), .identity = {.has = HAS_SERVER | HAS_SIGNING}};
    scratch_make(&b->scratch);
    CHECK_INT(0, checkpoint_public_key(seed, b->identity.signing));
    CHECK_INT(0, journal_open_memory(&b->before, 0));
    CHECK_INT(0, journal_open_memory(&b->after, 0));
    b->last = last;
    grow(b->before, "entry", SEEN);
    grow(b->after, "entry", (int)last);
    b->entry_len = make_entry(b, last + 1, "broker", BOARD_RESTORE, last, b->entry);
    append(b->after, b->entry, b->entry_len);
    grow(b->after, "later", 15);

    struct checkpoint seen = {.origin = "board.0", .head = head_at(b->before, SEEN)};
    connect(b);
    CHECK(checkpoint_sign(&seen, seed, note) > 0);
    CHECK_INT(0, head_keep(&b->head, &seen, text_of(note)));
    CHECK(checkpoint_parse(&seen, note, strlen(note), &fault));
}

static void
bench_close(struct bench *b)
{
    link_end(&b->link);
    journal_close(&b->before);
    journal_close(&b->after);
    arena_destroy(&b->arena);
    scratch_remove(&b->scratch);
}

static void
start_again(struct bench *b)
{
    link_end(&b->link);
    connect(b);
}

/* What it says next, decoded into the arena. */
static bool
says(struct bench *b, enum message_kind wanted, union message *out)
{
    static uint8_t frame[FRAME_IN_MAX];
    enum message_kind kind;
    struct fault fault;
    int len = link_next(&b->link, NOW, frame);

    CHECK(len >= 0);
    if (len == 0)
        return false;
    uint8_t *copy = arena_copy(b->arena, frame, (size_t)len);
    CHECK(frame_decode(b->arena, copy, (size_t)len, &kind, out, &fault));
    CHECK_INT(wanted, kind);
    return true;
}

static void
hear(struct bench *b, enum message_kind kind, const void *message)
{
    static uint8_t frame[FRAME_OUT_MAX];
    size_t len = frame_encode(kind, message, frame, sizeof frame);

    CHECK(len > 0);
    CHECK_INT(0, link_hear(&b->link, NOW, NOW, frame, len));
}

/* WELCOME of the journal `after`, whole, in an epoch; with this entry and this proof. */
static void
welcome(struct bench *b, const char *board, int64_t epoch, struct bytes entry,
        const struct tree_proof *proof)
{
    struct tree_head head;
    struct checkpoint shown;
    char note[CHECKPOINT_NOTE];

    journal_head(b->after, &head);
    shown.head = head;
    checkpoint_origin(text_of(board), epoch, shown.origin);
    int len = checkpoint_sign(&shown, seed, note);
    CHECK(len > 0);
    struct welcome w = {.version = PROTOCOL_VERSION,
                        .software = text_of("words"),
                        .board = text_of(board),
                        .title = text_of("Board"),
                        .client = text_of("police/crm"),
                        .n = b->n,
                        .number = (int64_t)head.size,
                        .epoch = epoch,
                        .head = {note, (uint32_t)len},
                        .window = 3,
                        .body_max = 100,
                        .ping_ms = 10000,
                        .restored = entry,
                        .proof = {proof->hash[0].bytes, (uint32_t)(proof->count * TREE_HASH)}};
    const uint64_t present = (UINT64_C(1) << welcome_record.count) - 1;
    memcpy(&w, &present, sizeof present);
    w.has.restored = w.has.proof = entry.len > 0;
    w.has.shared = 0;
    hear(b, SAY_WELCOME, &w);
}

static struct tree_proof
inclusion(struct bench *b, uint64_t number)
{
    struct tree_proof proof;
    struct tree_head head;

    journal_head(b->after, &head);
    CHECK_INT(0, journal_prove_inclusion(b->after, number, head.size, &proof));
    return proof;
}

static void
welcome_rightly(struct bench *b)
{
    const struct tree_proof proof = inclusion(b, b->last + 1);
    welcome(b, "board", 1, (struct bytes){b->entry, (uint32_t)b->entry_len}, &proof);
}

static void
check_stopped(struct bench *b)
{
    union message m;

    CHECK_INT(LINK_STOPPED, b->link.state);
    CHECK(!b->welcome && !b->told.is);
    CHECK(!says(b, SAY_PING, &m));
    CHECK(strstr(b->link.reason, "other-journal: "));
    start_again(b);
    CHECK_STR("board.0", b->head.kept.origin);
    CHECK_INT(SEEN, b->head.kept.head.size);
}

/* --- it goes on ------------------------------------------------------------------------------ */

TEST(link_restored_goes_on_where_the_entry_is_shown_and_puts_later_heads_aside)
{
    struct bench b;
    union message m;
    char path[PATH_MAX + 20];

    bench_open(&b, 12);
    CHECK(says(&b, SAY_HELLO, &m));
    CHECK_INT(SEEN, m.hello.number);
    CHECK(m.hello.has.epoch);
    CHECK_INT(0, m.hello.epoch);
    welcome_rightly(&b);
    CHECK_INT(LINK_OPEN, b.link.state);
    CHECK(b.welcome && b.told.is);
    CHECK_STR("board.0", b.told.journal);
    CHECK_INT(SEEN, b.told.seen);
    CHECK_INT(12, b.told.last);
    CHECK_STR("board.1", b.head.kept.origin);
    CHECK_INT(28, b.head.kept.head.size);
    (void)snprintf(path, sizeof path, "%s.forgotten", b.head.path);
    CHECK_INT(0, access(path, F_OK));

    /* Once: then it is the journal that it knows. */
    start_again(&b);
    CHECK(says(&b, SAY_HELLO, &m));
    CHECK_INT(1, m.hello.epoch);
    CHECK_INT(28, m.hello.number);
    welcome(&b, "board", 1, (struct bytes){NULL, 0}, &(struct tree_proof){0});
    CHECK(b.welcome && !b.told.is);
    bench_close(&b);
}

TEST(link_restored_wants_proof_of_what_the_backup_should_have)
{
    struct bench b;
    union message m;
    struct tree_proof proof;

    bench_open(&b, SEEN); /* as much as was seen; no less is left */
    CHECK(says(&b, SAY_HELLO, &m));
    welcome_rightly(&b);
    CHECK_INT(LINK_PROVING, b.link.state);
    CHECK(!b.welcome && !b.told.is);
    CHECK(says(&b, SAY_QUERY, &m));
    CHECK_INT(SEEN, m.query.from);
    CHECK_INT(36, m.query.size);
    struct result r = {.id = m.query.id};
    r.has.id = r.has.number = r.has.epoch = r.has.day = r.has.proof = 1;
    hear(&b, SAY_RESULT, &r);
    check_stopped(&b);

    CHECK(says(&b, SAY_HELLO, &m));
    welcome_rightly(&b);
    CHECK(says(&b, SAY_QUERY, &m));
    CHECK_INT(0, journal_prove_consistency(b.after, SEEN, 36, &proof));
    r.id = m.query.id;
    r.proof = (struct bytes){proof.hash[0].bytes, (uint32_t)(proof.count * TREE_HASH)};
    hear(&b, SAY_RESULT, &r);
    CHECK(b.welcome && b.told.is);
    CHECK_INT(SEEN, b.told.last);
    CHECK_STR("board.1", b.head.kept.origin);
    bench_close(&b);
}

/* --- what was queued ----------------------------------------------------------------------------
 */

/* Five submissions, of which the broker had answered four. */
static void
use_outbox(struct bench *b, struct outboxes **outboxes)
{
    static const uint8_t nonce[NONCE_SIZE] = {7};
    static const int64_t numbers[] = {5, 6, 7, 8};
    struct kept kept = {.state = KEPT_QUEUED,
                        .kind = KIND_PROGRESS,
                        .nonce = {nonce, sizeof nonce},
                        .body = {nonce, 1},
                        .taken = 1};
    struct outbox_id id;
    char why[OUTBOX_WHY];
    int64_t first;

    kept.has.state = kept.has.kind = kept.has.nonce = kept.has.body = kept.has.taken = 1;
    if (outboxes_open(outboxes, scratch_file(&b->scratch, "outbox"), MAP, why))
        FAIL_WITH("%s", why);
    CHECK_INT(0, outbox_current(*outboxes, false, &id));
    for (int i = 0; i < 5; i++)
        CHECK_INT(0, outbox_queue(*outboxes, &id, &kept, 1, NULL, 0, &first));
    outbox_acknowledge(*outboxes, &id, 1, numbers, 4, NOW);
    CHECK_INT(0, outbox_write(*outboxes));
    link_begin(&b->link, *outboxes, &id);
}

TEST(link_restored_sends_again_what_the_broker_had_answered_and_lacks)
{
    static const struct {
        int64_t n, again; /* which the broker has; how many it lacks of those it had */
    } rows[] = {{4, 0}, {3, 1}, {0, 4}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outboxes *outboxes;
        struct bench b;
        union message m;

        bench_open(&b, 12);
        use_outbox(&b, &outboxes);
        CHECK(says(&b, SAY_HELLO, &m));
        b.n = rows[i].n;
        welcome_rightly(&b);
        CHECK(b.welcome && b.told.is);
        CHECK_INT(rows[i].again, b.told.again);
        CHECK(says(&b, SAY_SUBMIT, &m));
        CHECK_INT(rows[i].n + 1, m.submit.n);
        bench_close(&b);
        outboxes_close(&outboxes);
    }
}

/* Also where it was, on this connection, the journal that it knew. */
TEST(link_restored_in_the_middle_of_a_connection_keeps_the_head_that_is_shown)
{
    struct outboxes *outboxes;
    struct bench b;
    union message m;

    bench_open(&b, 12);
    struct journal *after = b.after;
    CHECK(says(&b, SAY_HELLO, &m));
    b.after = b.before;
    welcome(&b, "board", 0, (struct bytes){NULL, 0}, &(struct tree_proof){0});
    CHECK(b.welcome && !b.told.is);
    b.after = after;
    use_outbox(&b, &outboxes);
    CHECK(says(&b, SAY_HELLO, &m));
    welcome_rightly(&b);
    CHECK(b.told.is);
    CHECK_STR("board.1", b.head.kept.origin);
    CHECK_INT(28, b.head.kept.head.size);
    bench_close(&b);
    outboxes_close(&outboxes);
}

/* --- it stops ----------------------------------------------------------------------------------
 */

/* Each is in the tree, and proven to be. */
TEST(link_restored_stops_where_the_entry_is_not_what_it_must_be)
{
    const struct {
        const char *client;
        enum board_act what;
        int number, last; /* beside what they should be */
    } rows[] = {
        {"broker", BOARD_RESTORE, 1, 1},         /* of another number than its own */
        {"board/operator", BOARD_RESTORE, 0, 0}, /* not by the broker */
        {"broker", BOARD_OPEN, 0, 0},            /* of something else */
        {"broker", BOARD_RESTORE, 0, -1},        /* of less than is left */
        {"broker", BOARD_RESTORE, 0, 1},         /* of more */
    };
    struct bench b;
    union message m;
    uint8_t entry[ENTRY];

    bench_open(&b, 12);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tree_head head;
        journal_head(b.after, &head);
        const uint64_t number = head.size + 1;
        size_t len = make_entry(&b, number + (uint64_t)rows[i].number, rows[i].client, rows[i].what,
                                number - 1 + (uint64_t)rows[i].last, entry);
        append(b.after, entry, len);
        const struct tree_proof proof = inclusion(&b, number);
        CHECK(says(&b, SAY_HELLO, &m));
        welcome(&b, "board", 1, (struct bytes){entry, (uint32_t)len}, &proof);
        check_stopped(&b);
    }
    bench_close(&b);
}

TEST(link_restored_stops_where_the_entry_is_not_in_the_tree)
{
    struct bench b;
    union message m;

    bench_open(&b, 12);
    struct tree_proof proof = inclusion(&b, 14);
    const struct bytes entry = {b.entry, (uint32_t)b.entry_len};
    CHECK(says(&b, SAY_HELLO, &m));
    welcome(&b, "board", 1, entry, &proof);
    check_stopped(&b);
    proof = inclusion(&b, 13);
    proof.hash[0].bytes[3] ^= 1;
    CHECK(says(&b, SAY_HELLO, &m));
    welcome(&b, "board", 1, entry, &proof);
    check_stopped(&b);
    proof.count = 0;
    CHECK(says(&b, SAY_HELLO, &m));
    welcome(&b, "board", 1, entry, &proof);
    check_stopped(&b);
    CHECK(says(&b, SAY_HELLO, &m));
    welcome(&b, "board", 1, (struct bytes){NULL, 0}, &proof);
    check_stopped(&b);
    bench_close(&b);
}

TEST(link_restored_stops_where_the_board_or_the_epoch_is_another)
{
    struct bench b;
    union message m;

    bench_open(&b, 12);
    const struct tree_proof proof = inclusion(&b, 13);
    const struct bytes entry = {b.entry, (uint32_t)b.entry_len};
    CHECK(says(&b, SAY_HELLO, &m));
    welcome(&b, "other", 1, entry, &proof);
    check_stopped(&b);
    CHECK(says(&b, SAY_HELLO, &m));
    welcome(&b, "board", 0, entry, &proof); /* 28 entries of another tree: no proof holds */
    CHECK_INT(LINK_PROVING, b.link.state);
    CHECK(!b.told.is);
    bench_close(&b);
}
