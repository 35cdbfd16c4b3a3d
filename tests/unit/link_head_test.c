/* The link and the journal that it knows: what it asks before it goes on, and what a
   broker that shows another one gets: nothing, while a person gets a sentence. The
   journals are real, in memory. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "agents/libmaat/link.h"
#include "schema/wire/frame.h"
#include "store/journal.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 << 20, NOW = 1, JOURNALS = 2 };

static const uint8_t seed[CHECKPOINT_KEY] = {7};

struct bench {
    struct scratch scratch;
    struct identity identity;
    struct head_keeper head;
    struct outboxes *outboxes;
    struct outbox_id outbox;
    struct link link;
    struct arena *arena;
    struct journal *journals[JOURNALS]; /* 1 differs from 0 from its first entry on */
    int64_t epoch;
    uint8_t frame[FRAME_OUT_MAX];
    union message said;
    char told[200];
};

static void
on_welcome(void *context, const struct welcome *w)
{
    struct bench *b = context;
    (void)snprintf(b->told, sizeof b->told, "welcome %.*s %" PRId64, (int)w->client.len,
                   w->client.at, w->number);
}

static void
on_result(void *context, const struct result *r)
{
    struct bench *b = context;
    (void)snprintf(b->told, sizeof b->told, "result %" PRId64, r->id);
}

static const struct link_events events = {.welcome = on_welcome, .result = on_result};

/* --- the broker's journals ---------------------------------------------------------- */

static void
grow(struct bench *b, unsigned which, uint64_t size)
{
    struct journal *j = b->journals[which];
    uint64_t generation;
    struct tree_head head;
    char text[30];

    CHECK_INT(0, journal_begin_generation(j, &generation));
    for (journal_head(j, &head); head.size < size; journal_head(j, &head)) {
        int len = snprintf(text, sizeof text, "journal %u, %" PRIu64, which, head.size);
        const struct journal_bytes entry = {text, (size_t)len};
        CHECK_INT(0, journal_append(j, head.size + 1, generation, &entry, 1));
    }
}

static struct text
note_of(const struct bench *b, unsigned which, uint64_t size, const uint8_t by[CHECKPOINT_KEY])
{
    static char note[CHECKPOINT_NOTE];
    struct checkpoint c = {.head = {.size = size}};

    checkpoint_origin(text_of("board"), b->epoch, c.origin);
    CHECK_INT(0, journal_root_at(b->journals[which], size, &c.head.root));
    int len = checkpoint_sign(&c, by, note);
    CHECK(len > 0);
    return (struct text){note, (uint32_t)len};
}

static struct tree_proof
proof_of(const struct bench *b, unsigned which, uint64_t old, uint64_t size)
{
    struct tree_proof proof;

    CHECK_INT(0, journal_prove_consistency(b->journals[which], old, size, &proof));
    return proof;
}

/* --- the link ------------------------------------------------------------------------- */

static void
start(struct bench *b)
{
    char why[HEAD_WHY];

    CHECK_INT(0, head_open(&b->head, b->scratch.path, &b->identity, "maat forget", why));
    link_init(&b->link, b->outboxes, &b->outbox, "test 1", &events, b);
    link_keep_head(&b->link, &b->head);
    link_connected(&b->link, NOW);
}

/* A new process with the same files. */
static void
restart(struct bench *b)
{
    link_end(&b->link);
    start(b);
}

static void
bench_open(struct bench *b)
{
    char why[OUTBOX_WHY];

    *b = (struct bench){.arena = arena_new(), .identity = {.has = HAS_SERVER | HAS_SIGNING}};
    scratch_make(&b->scratch);
    CHECK_INT(0, checkpoint_public_key(seed, b->identity.signing));
    for (unsigned i = 0; i < JOURNALS; i++) {
        CHECK_INT(0, journal_open_memory(&b->journals[i], 0));
        grow(b, i, 40);
    }
    if (outboxes_open(&b->outboxes, scratch_file(&b->scratch, "outbox"), MAP, why))
        FAIL_WITH("%s", why);
    CHECK_INT(0, outbox_current(b->outboxes, false, &b->outbox));
    start(b);
}

static void
bench_close(struct bench *b)
{
    link_end(&b->link);
    outboxes_close(&b->outboxes);
    arena_destroy(&b->arena);
    for (unsigned i = 0; i < JOURNALS; i++)
        journal_close(&b->journals[i]);
    scratch_remove(&b->scratch);
}

static void
queue(struct bench *b)
{
    static const uint8_t nonce[NONCE_SIZE] = {7};
    struct kept kept = {.kind = KIND_PROGRESS, .nonce = {nonce, sizeof nonce}, .body = {nonce, 1}};
    int64_t first;

    kept.has.state = kept.has.kind = kept.has.nonce = kept.has.body = kept.has.taken = 1;
    CHECK_INT(0, outbox_queue(b->outboxes, &b->outbox, &kept, 1, NULL, 0, &first));
}

/* All that there is to say, as words. */
static const char *
says(struct bench *b)
{
    static char all[400];
    enum message_kind kind;
    struct fault fault;
    int len;

    all[0] = '\0';
    while ((len = link_next(&b->link, NOW, b->frame)) > 0 && strlen(all) < sizeof all - 80) {
        size_t at = strlen(all);
        CHECK(frame_decode(b->arena, b->frame, (size_t)len, &kind, &b->said, &fault));
        (void)snprintf(all + at, sizeof all - at, "%s%s", at ? ", " : "", message_words[kind]);
        at = strlen(all);
        if (kind == SAY_HELLO && b->said.hello.has.number)
            (void)snprintf(all + at, sizeof all - at, " %" PRId64, b->said.hello.number);
        if (kind == SAY_QUERY && b->said.query.what == QUERY_CONSISTENCY)
            (void)snprintf(all + at, sizeof all - at, " %" PRId64 " to %" PRId64,
                           b->said.query.from, b->said.query.size);
    }
    CHECK_INT(0, len);
    return all;
}

static int
hear(struct bench *b, enum message_kind kind, const void *record)
{
    size_t len = frame_encode(kind, record, b->frame, sizeof b->frame);

    CHECK(len > 0);
    b->told[0] = '\0';
    return link_hear(&b->link, 77, NOW, b->frame, len);
}

static int
welcome_note(struct bench *b, int64_t n, int64_t number, struct text note)
{
    struct welcome w = {.version = PROTOCOL_VERSION,
                        .software = text_of("words"),
                        .board = text_of("board"),
                        .title = text_of("Board"),
                        .client = text_of("police/crm"),
                        .n = n,
                        .number = number,
                        .epoch = b->epoch,
                        .head = note,
                        .window = 3,
                        .body_max = 100,
                        .ping_ms = 10000};
    const uint64_t present = (UINT64_C(1) << welcome_record.count) - 1;

    memcpy(&w, &present, sizeof present);
    w.has.restored = w.has.proof = w.has.shared = 0;
    return hear(b, SAY_WELCOME, &w);
}

static void
welcome(struct bench *b, unsigned which, uint64_t size)
{
    CHECK_INT(0, welcome_note(b, 0, (int64_t)size, note_of(b, which, size, seed)));
}

static int
prove_bytes(struct bench *b, const void *at, size_t len)
{
    struct result r = {.proof = {at, (uint32_t)len}, .id = b->said.query.id};

    r.has.id = r.has.number = r.has.epoch = r.has.day = r.has.proof = 1;
    return hear(b, SAY_RESULT, &r);
}

static void
prove(struct bench *b, struct tree_proof proof)
{
    CHECK_INT(0, prove_bytes(b, proof.hash, proof.count * TREE_HASH));
}

static int
error(struct bench *b, enum wire_error code, bool with_id)
{
    struct error e = {.code = code, .reason = text_of("because")};

    e.has.code = e.has.reason = 1;
    e.has.id = with_id;
    e.id = b->said.query.id;
    return hear(b, SAY_ERROR, &e);
}

/* Seen once: journal 0 at this size; the process ended. */
static void
seen(struct bench *b, uint64_t size)
{
    bench_open(b);
    CHECK_STR("HELLO", says(b));
    welcome(b, 0, size);
    CHECK_INT(LINK_OPEN, b->link.state);
    restart(b);
    queue(b);
}

/* It says nothing more, keeps what it kept, and tells a person this. */
static void
check_stopped(struct bench *b, uint64_t kept, const char *what)
{
    char number[40];

    CHECK_INT(LINK_STOPPED, b->link.state);
    CHECK_STR("", says(b));
    CHECK_STR("", b->told);
    if (!strstr(b->link.reason, what))
        FAIL_WITH("not \"%s\": %s", what, b->link.reason);
    (void)snprintf(number, sizeof number, "Seen before: board.0, entry %" PRIu64 ", root ", kept);
    CHECK(strstr(b->link.reason, number));
    CHECK(strstr(b->link.reason, "Ask the board's operator"));
    CHECK(strstr(b->link.reason, "`maat forget` takes the journal as it is now"));
    restart(b);
    CHECK_INT(kept, b->head.kept.head.size);
}

/* --- what goes on ------------------------------------------------------------------------ */

TEST(link_takes_the_first_head_as_it_is_and_says_it_from_then_on)
{
    struct bench b;

    bench_open(&b);
    queue(&b);
    CHECK_STR("HELLO", says(&b));
    welcome(&b, 0, 20);
    CHECK_STR("welcome police/crm 20", b.told);
    CHECK_STR("SUBMIT", says(&b));
    CHECK_INT(20, b.head.kept.head.size);
    restart(&b);
    CHECK_STR("HELLO 20", says(&b));
    CHECK(memcmp(b.said.hello.root.at, b.head.kept.head.root.bytes, TREE_HASH) == 0);
    welcome(&b, 0, 20);
    CHECK_STR("welcome police/crm 20", b.told);
    CHECK_STR("SUBMIT", says(&b));
    bench_close(&b);
}

TEST(link_has_a_larger_journal_proven_before_anything_else_is_said)
{
    struct query q = {.id = 3, .what = QUERY_PLANS};
    struct bench b;

    seen(&b, 20);
    q.has.id = q.has.what = 1;
    CHECK(link_ask(&b.link, &q));
    CHECK_STR("HELLO 20", says(&b));
    welcome(&b, 0, 37);
    CHECK_INT(LINK_PROVING, b.link.state);
    CHECK_STR("", b.told);
    CHECK_INT(0, link_due_ms(&b.link, NOW));
    CHECK_STR("QUERY 20 to 37", says(&b));
    CHECK(link_due_ms(&b.link, NOW) > 0);
    CHECK_STR("", says(&b));
    CHECK_INT(20, b.head.kept.head.size);
    prove(&b, proof_of(&b, 0, 20, 37));
    CHECK_STR("welcome police/crm 37", b.told);
    CHECK_INT(37, b.head.kept.head.size);
    CHECK_STR("QUERY, SUBMIT", says(&b));
    restart(&b);
    CHECK_STR("HELLO 37", says(&b));
    bench_close(&b);
}

TEST(link_asks_for_one_proof_a_connection)
{
    struct bench b;

    seen(&b, 20);
    CHECK_STR("HELLO 20", says(&b));
    welcome(&b, 0, 30);
    CHECK_STR("QUERY 20 to 30", says(&b));
    prove(&b, proof_of(&b, 0, 20, 30));
    link_begin(&b.link, b.outboxes, &b.outbox);
    CHECK_STR("HELLO 30", says(&b));
    welcome(&b, 0, 35);
    CHECK_STR("SUBMIT", says(&b));
    CHECK_INT(30, b.head.kept.head.size);

    /* A broker that was started anew is another. */
    CHECK_INT(0, error(&b, ERROR_HELLO, false));
    CHECK_STR("HELLO 30", says(&b));
    welcome(&b, 0, 36);
    CHECK_STR("QUERY 30 to 36", says(&b));
    link_lost(&b.link);
    link_connected(&b.link, NOW);
    CHECK_STR("HELLO 30", says(&b));
    welcome(&b, 0, 37);
    CHECK_STR("QUERY 30 to 37", says(&b));
    prove(&b, proof_of(&b, 0, 30, 37));
    CHECK_INT(37, b.head.kept.head.size);
    bench_close(&b);
}

/* --- what stops it -------------------------------------------------------------------------- */

TEST(link_stops_where_the_journal_was_rolled_back)
{
    struct bench b;

    seen(&b, 20);
    CHECK_STR("HELLO 20", says(&b));
    welcome(&b, 0, 19);
    check_stopped(&b, 20, "other-journal: the broker shows the journal board.0, entry 19, root ");
    welcome(&b, 0, 19);
    check_stopped(&b, 20, "which is less: it was rolled back");
    bench_close(&b);
}

TEST(link_stops_where_the_journal_of_the_same_size_is_another)
{
    struct bench b;

    seen(&b, 20);
    welcome(&b, 1, 20);
    check_stopped(&b, 20, "another root for the same entry: it was rewritten");
    bench_close(&b);
}

TEST(link_stops_where_the_journal_is_of_another_epoch)
{
    struct bench b;

    seen(&b, 20);
    b.epoch = 1;
    welcome(&b, 0, 30);
    check_stopped(&b, 20, "the broker shows the journal board.1, entry 30, root ");
    welcome(&b, 0, 30);
    check_stopped(&b, 20, "and no entry that says that it was restored since");
    bench_close(&b);
}

/* Each of these proofs is of something; none of what was asked. */
TEST(link_stops_where_the_proof_is_of_another_journal)
{
    const struct {
        unsigned which;
        uint64_t old, size;
    } rows[] = {{1, 20, 30}, {0, 19, 30}, {0, 21, 30}, {0, 20, 29}, {0, 20, 31}, {0, 30, 30}};
    struct bench b;

    seen(&b, 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)says(&b);
        welcome(&b, 1, 30);
        CHECK_STR("QUERY 20 to 30", says(&b));
        prove(&b, proof_of(&b, rows[i].which, rows[i].old, rows[i].size));
        check_stopped(&b, 20, "whose proof of going on from the one that was seen does not hold");
        if (rows[i].which)
            continue;
        (void)says(&b);
        welcome(&b, 0, 30);
        (void)says(&b);
        prove(&b, proof_of(&b, rows[i].which, rows[i].old, rows[i].size));
        check_stopped(&b, 20, "entry 30, root ");
    }
    bench_close(&b);
}

TEST(link_stops_where_the_proof_is_forged)
{
    struct bench b;

    seen(&b, 20);
    struct tree_proof right = proof_of(&b, 0, 20, 30);
    const size_t len = right.count * TREE_HASH;
    CHECK(len > TREE_HASH);
    for (size_t i = 0; i <= len; i++) {
        struct tree_proof forged = right;
        uint8_t *bytes = forged.hash[0].bytes;
        (void)says(&b);
        welcome(&b, 0, 30);
        (void)says(&b);
        if (i < len)
            bytes[i] ^= (uint8_t)(1 << random_below(8));
        CHECK_INT(0, prove_bytes(&b, bytes, i < len ? len : len - TREE_HASH));
        check_stopped(&b, 20, "does not hold");
    }
    (void)says(&b);
    welcome(&b, 0, 30);
    (void)says(&b);
    CHECK_INT(0, prove_bytes(&b, right.hash, len - 1));
    check_stopped(&b, 20, "does not hold");
    bench_close(&b);
}

TEST(link_stops_where_there_is_no_proof)
{
    struct result none = {0};
    struct bench b;

    seen(&b, 20);
    (void)says(&b);
    welcome(&b, 0, 30);
    (void)says(&b);
    CHECK_INT(0, error(&b, ERROR_NOT_FOUND, true));
    check_stopped(&b, 20, "has no proof that it goes on from the one that was seen");
    (void)says(&b);
    welcome(&b, 0, 30);
    (void)says(&b);
    none.has.id = none.has.number = none.has.epoch = none.has.day = 1;
    CHECK_INT(0, hear(&b, SAY_RESULT, &none));
    check_stopped(&b, 20, "does not hold");

    /* What passes is tried again on the next connection. */
    (void)says(&b);
    welcome(&b, 0, 30);
    (void)says(&b);
    CHECK_INT(-EPROTO, error(&b, ERROR_BUSY, true));
    CHECK_STR("the broker gives no proof of its journal: because", b.link.reason);
    bench_close(&b);
}

TEST(link_stops_where_the_broker_says_that_the_head_is_of_another_journal)
{
    struct bench b;

    seen(&b, 20);
    CHECK_STR("HELLO 20", says(&b));
    CHECK_INT(0, error(&b, ERROR_OTHER_JOURNAL, false));
    check_stopped(&b, 20, "other-journal: the broker says: because. Seen before");
    bench_close(&b);
}

TEST(link_stops_where_the_head_is_not_the_board_s_word)
{
    static const uint8_t other[CHECKPOINT_KEY] = {8};
    struct bench b;

    seen(&b, 20);
    for (int i = 0; i < 3; i++) {
        (void)says(&b);
        b.epoch = i == 1; /* the note's; WELCOME's is 0 */
        struct text note = i == 2 ? text_of("none") : note_of(&b, 0, 20, i ? seed : other);
        b.epoch = 0;
        CHECK_INT(0, welcome_note(&b, 0, 20, note));
        CHECK_INT(LINK_STOPPED, b.link.state);
        CHECK_STR("", says(&b));
        CHECK(strncmp(b.link.reason, "no-head: ", 9) == 0);
        CHECK_INT(0, link_forget_head(&b.link)); /* that would not mend it */
        restart(&b);
        CHECK_INT(20, b.head.kept.head.size);
    }
    bench_close(&b);
}

/* --- a person's word ---------------------------------------------------------------------- */

TEST(link_goes_on_with_the_journal_as_it_is_once_a_person_says_so)
{
    static const int64_t numbers[] = {21, 22, 23};
    struct ack a = {.n = 1, .numbers = {numbers, 3}};
    struct bench b;

    seen(&b, 20);
    queue(&b);
    queue(&b);
    CHECK_INT(0, link_forget_head(&b.link)); /* nothing has stopped it */
    CHECK_STR("HELLO 20", says(&b));
    welcome(&b, 0, 20);
    CHECK_STR("SUBMIT, SUBMIT, SUBMIT", says(&b));
    a.outbox = (struct bytes){b.outbox.at, OUTBOX_SIZE};
    a.has.outbox = a.has.n = a.has.numbers = 1;
    CHECK_INT(0, hear(&b, SAY_ACK, &a));
    link_lost(&b.link);
    link_connected(&b.link, NOW);
    CHECK_STR("HELLO 20", says(&b));

    /* The head fits, but of what was answered since, the broker has less. */
    CHECK_INT(0, welcome_note(&b, 1, 20, note_of(&b, 0, 20, seed)));
    CHECK_INT(LINK_STOPPED, b.link.state);
    CHECK(strstr(b.link.reason, "up to n 1 only, and had answered up to n 3"));
    CHECK_INT(1, link_forget_head(&b.link));
    CHECK_INT(LINK_DOWN, b.link.state);
    link_connected(&b.link, NOW);
    CHECK_STR("HELLO", says(&b));
    CHECK_INT(0, welcome_note(&b, 1, 19, note_of(&b, 1, 19, seed)));
    CHECK_STR("SUBMIT, SUBMIT", says(&b));
    CHECK_INT(2, b.said.submit.n - 1);
    CHECK_INT(19, b.head.kept.head.size);
    restart(&b);
    CHECK_STR("HELLO 19", says(&b));
    bench_close(&b);
}
