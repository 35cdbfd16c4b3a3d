/* verify names what does not hold, whatever it is: directories spoiled one way at a
   time. What is damaged below, in LMDB's own pages, is tests/system/open_test.c's. */
#include "broker/commands/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "broker/board.h"
#include "broker/commands/init.h"
#include "broker/commands/own.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/fold.h"
#include "store/state_lmdb.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 * 1024 * 1024, ENTRY = 4096 };

struct spoiled {
    struct scratch dir;
    char board[300];
    struct board_keys keys;
    struct journal *journal;
    struct why why;
};

static void
begin(struct spoiled *s)
{
    scratch_make(&s->dir);
    snprintf(s->board, sizeof s->board, "%s/board", s->dir.path);
    CHECK_INT(0, broker_init(s->board, "test-board", "Test board", &s->why));
    CHECK_INT(0, board_keys_load(s->board, &s->keys, &s->why));
}

static void
open_journal(struct spoiled *s)
{
    const struct journal_owner owner = {s->keys.name, s->keys.signed_by};
    char path[BOARD_PATH];

    board_path(s->board, "journal", path);
    CHECK_INT(0, journal_open_lmdb(&s->journal, path, &owner, MAP, &s->why));
}

/* Its counts are not for the log of these tests. */
static int
verify(struct spoiled *s)
{
    struct verify_option options = {.journal_gib = 1, .state_gib = 1};
    int out = dup(STDOUT_FILENO);
    int nowhere = open("/dev/null", O_WRONLY);

    options.has.journal_gib = options.has.state_gib = 1;
    memset(&s->why, 0, sizeof s->why);
    fflush(stdout);
    CHECK(out >= 0 && nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0);
    int rc = broker_verify(s->board, &options, &s->why);
    CHECK(dup2(out, STDOUT_FILENO) >= 0);
    close(nowhere);
    close(out);
    return rc;
}

static void
check_found(struct spoiled *s, const char *what)
{
    int rc = verify(s);

    if (rc != 1 || !strstr(s->why.text, what))
        FAIL_WITH("verify returns %d and says \"%s\": want 1 and \"%s\"", rc, s->why.text, what);
}

static void
end(struct spoiled *s)
{
    board_keys_wipe(&s->keys);
    scratch_remove(&s->dir);
}

/* --- entries --------------------------------------------------------------------------- */

/* A new agency, by the broker: entry 5. */
static void
say_agency(struct own *own, struct spoiled *s)
{
    union body body = {
        .agency = {.id = text_of("x"), .name = text_of("X"), .sector = SECTOR_HEALTH}};

    body.agency.has.id = body.agency.has.name = body.agency.has.sector = 1;
    body.agency.has.seen = body.agency.has.epoch = 1;
    CHECK_INT(0, own_resume(own, s->journal, &s->why));
    CHECK_INT(0, own_say(own, KIND_AGENCY, &body, &s->why));
    CHECK_INT(5, own->number);
}

/* Appends that entry as `spoil` has changed it. */
static void
append(struct spoiled *s, void (*spoil)(struct entry *e))
{
    uint8_t bytes[ENTRY];
    struct own own;
    struct entry entry;
    struct fault fault;

    open_journal(s);
    say_agency(&own, s);
    CHECK(record_decode(own.arena, &entry_record, &entry, own.entries[0].bytes, own.entries[0].len,
                        &fault));
    spoil(&entry);
    own.entries[0] =
        (struct journal_bytes){bytes, record_encode(&entry_record, &entry, bytes, sizeof bytes)};
    CHECK(own.entries[0].len > 0);
    CHECK_INT(0, own_write(&own, s->journal, &s->why));
    own_end(&own);
    journal_close(&s->journal);
}

static const uint8_t other_outbox[OUTBOX_SIZE] = {1};
static uint8_t other_body[ENTRY];

static void
put_body(struct entry *e, enum submission_kind kind, const void *body)
{
    e->kind = kind;
    e->body.at = other_body;
    e->body.len = (uint32_t)record_encode(body_records[kind], body, other_body, sizeof other_body);
}

static void
spoil_nothing(struct entry *e)
{
    (void)e;
}

static void
spoil_number(struct entry *e)
{
    e->number = 6;
}

static void
spoil_time(struct entry *e)
{
    e->time = 0;
    e->day = 0;
}

static void
spoil_day(struct entry *e)
{
    e->day++;
}

static void
spoil_n_skipped(struct entry *e)
{
    e->n++;
}

static void
spoil_n_again(struct entry *e)
{
    e->n--;
}

static void
spoil_client(struct entry *e)
{
    e->client = text_of("board/operator");
}

static void
spoil_row(struct entry *e)
{
    e->previous_in_row = 2;
}

static void
spoil_plan(struct entry *e)
{
    e->previous_in_plan = 3;
}

static void
spoil_outbox(struct entry *e)
{
    e->previous_in_outbox = 3;
}

static void
spoil_nonce(struct entry *e)
{
    e->has.nonce = 0;
}

static void
spoil_outcome(struct entry *e)
{
    e->outcome = REFUSED;
}

static void
spoil_verdict(struct entry *e)
{
    e->code = FAULT_RULE;
    e->has.code = 1;
}

static void
spoil_version(struct entry *e)
{
    e->version = 2;
}

static void
spoil_body(struct entry *e)
{
    e->body.len--;
}

static void
spoil_kind(struct entry *e)
{
    e->kind = KIND_STRIKE;
}

static void
spoil_founding(struct entry *e)
{
    struct board b = {.what = BOARD_FOUND};

    b.has.what = 1;
    put_body(e, KIND_BOARD, &b);
}

/* Of an outbox of which nothing was heard yet, so from 1. */
static void
lose(struct entry *e, int64_t from, int64_t to)
{
    struct board b = {.what = BOARD_ACCEPT_GAP,
                      .client = text_of("board/operator"),
                      .outbox = {other_outbox, OUTBOX_SIZE},
                      .from = from,
                      .to = to};

    b.has.what = b.has.client = b.has.outbox = b.has.from = b.has.to = 1;
    put_body(e, KIND_BOARD, &b);
    e->previous_in_row = 1;
}

static void
spoil_gap(struct entry *e)
{
    lose(e, 2, 3);
}

static void
accept_gap(struct entry *e)
{
    lose(e, 1, 3);
}

/* Made on the day after the founding, of a day so many days later. */
static void
rate(struct entry *e, int32_t later)
{
    struct rating_change r = {.part = 1, .parts = 1};

    e->time = day_ends_at(e->day);
    e->day++;
    r.day = e->day + later;
    r.has.day = r.has.part = r.has.parts = 1;
    put_body(e, KIND_RATING, &r);
    e->previous_in_row = 1;
}

static void
rate_day(struct entry *e)
{
    rate(e, 0);
}

static void
spoil_rating_again(struct entry *e)
{
    rate(e, -1);
}

static void
spoil_rating_skipped(struct entry *e)
{
    rate(e, 1);
}

TEST_BEFORE_THREADS(verify_finds_nothing_wrong_where_nothing_is)
{
    static void (*const right[])(struct entry *) = {spoil_nothing, accept_gap, rate_day};

    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct spoiled s;
        begin(&s);
        append(&s, right[i]);
        CHECK_INT(0, verify(&s));
        end(&s);
    }
}

TEST_BEFORE_THREADS(verify_names_an_entry_that_does_not_hold)
{
    static const struct {
        void (*spoil)(struct entry *e);
        const char *what;
    } rows[] = {
        {spoil_number, "entry 5: says another number of itself"},
        {spoil_time, "entry 5: is of an earlier time"},
        {spoil_day, "entry 5: its day is not London's"},
        {spoil_n_skipped, "entry 5: its n is not the one after"},
        {spoil_n_again, "entry 5: its n is not the one after"},
        {spoil_client, "entry 5: its outbox is another client's"},
        {spoil_row, "entry 5: can't be folded, or its previous numbers"},
        {spoil_plan, "entry 5: can't be folded, or its previous numbers"},
        {spoil_outbox, "entry 5: can't be folded, or its previous numbers"},
        {spoil_nonce, "entry 5: has fields that do not go with its outcome"},
        {spoil_outcome, "entry 5: has fields that do not go with its outcome"},
        {spoil_verdict, "entry 5: has fields that do not go with its outcome"},
        {spoil_version, "entry 5: can't be folded"},
        {spoil_body, "entry 5: can't be read"},
        {spoil_kind, "entry 5: can't be read"},
        {spoil_founding, "entry 5: founds the board once more"},
        {spoil_gap, "entry 5: accepts a gap that does not begin after"},
        {spoil_rating_again, "entry 5: is not the part or day that comes next"},
        {spoil_rating_skipped, "entry 5: is not the part or day that comes next"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct spoiled s;
        begin(&s);
        append(&s, rows[i].spoil);
        check_found(&s, rows[i].what);
        end(&s);
    }
}

TEST_BEFORE_THREADS(verify_names_an_entry_that_is_none)
{
    struct spoiled s;
    const struct journal_bytes noise = {"noise", 5};
    uint64_t generation;

    begin(&s);
    open_journal(&s);
    CHECK_INT(0, journal_begin_generation(s.journal, &generation));
    CHECK_INT(0, journal_append(s.journal, 5, generation, &noise, 1));
    journal_close(&s.journal);
    check_found(&s, "entry 5: can't be read");
    end(&s);
}

/* A journal without the key in its own tables, as none is made any more, is still
   held against the key by its first entry. */
TEST_BEFORE_THREADS(verify_names_a_journal_that_was_founded_by_another)
{
    struct journal_owner owner = {NULL, NULL};
    char path[BOARD_PATH];
    struct spoiled s;
    struct own own;

    begin(&s);
    open_journal(&s);
    CHECK_INT(0, own_resume(&own, s.journal, &s.why));
    uint8_t bytes[JOURNAL_ENTRY];
    size_t len;
    CHECK_INT(0, journal_get(s.journal, 2, bytes, &len)); /* an agency's, as the first */
    own_end(&own);
    journal_close(&s.journal);
    board_path(s.board, "journal/data.mdb", path);
    CHECK_INT(0, remove(path));
    board_path(s.board, "journal", path);
    owner.board = s.keys.name;
    CHECK_INT(0, journal_create_lmdb(path, &owner, 1, &s.why));
    open_journal(&s);
    uint8_t first[ENTRY];
    struct arena *arena = arena_new();
    struct entry entry;
    struct fault fault;
    CHECK(record_decode(arena, &entry_record, &entry, bytes, len, &fault));
    entry.number = entry.n = 1;
    entry.previous_in_plan = entry.previous_in_outbox = 0;
    const struct journal_bytes only = {first,
                                       record_encode(&entry_record, &entry, first, sizeof first)};
    uint64_t generation;
    CHECK_INT(0, journal_begin_generation(s.journal, &generation));
    CHECK_INT(0, journal_append(s.journal, 1, generation, &only, 1));
    journal_close(&s.journal);
    arena_destroy(&arena);
    check_found(&s, "entry 1: is not the founding of this board under its key");
    end(&s);
}

/* --- the state ---------------------------------------------------------------------------- */

struct keeping_state {
    struct state *state;
    struct arena *arena;
};

static int
fold_entry(void *context, const struct journal_entry *entry)
{
    const struct keeping_state *k = context;

    arena_reset(k->arena);
    return fold_stored(k->state, k->arena, (struct bytes){entry->bytes, (uint32_t)entry->len});
}

/* The state as the broker would leave it, then changed, and `mark` with it. */
static void
keep_state(struct spoiled *s, void (*spoil)(struct state *state, struct state_mark *mark))
{
    struct keeping_state k = {.arena = arena_new()};
    struct state_mark mark;
    struct tree_head head;
    char path[BOARD_PATH];
    uint64_t next;

    open_journal(s);
    board_path(s->board, "state", path);
    CHECK_INT(0, state_lmdb_open(&k.state, path, s->keys.name, MAP, &mark, &s->why));
    CHECK(journal_read(s->journal, 1, SIZE_MAX, fold_entry, &k, &next) >= 0);
    journal_head(s->journal, &head);
    mark = (struct state_mark){(int64_t)head.size, head.root};
    spoil(k.state, &mark);
    CHECK_INT(0, state_lmdb_commit(k.state, &mark));
    state_lmdb_close(&k.state);
    arena_destroy(&k.arena);
    journal_close(&s->journal);
}

static void
put_row(struct state *s, enum state_table table, struct state_key key, const char *value)
{
    struct text v = text_of(value);
    CHECK_INT(0, state_put_bytes(s, table, &key, (struct bytes){(const uint8_t *)v.at, v.len}));
}

static void
change_nothing(struct state *s, struct state_mark *mark)
{
    (void)s;
    (void)mark;
}

static void
change_root(struct state *s, struct state_mark *mark)
{
    (void)s;
    mark->root.bytes[0] ^= 1;
}

static void
change_applied(struct state *s, struct state_mark *mark)
{
    (void)s;
    mark->applied++;
}

static void
forget_applied(struct state *s, struct state_mark *mark)
{
    (void)s;
    mark->applied = 0;
}

static void
lag_behind(struct state *s, struct state_mark *mark)
{
    (void)s;
    mark->applied--;
}

static void
lose_key(struct state *s, struct state_mark *mark)
{
    struct state_key at = {.len = 0};
    struct bytes client;

    (void)mark;
    CHECK_INT(1, state_next(s, TABLE_KEYS, &at, true, &client));
    CHECK_INT(1, state_remove(s, TABLE_KEYS, &at));
}

static void
add_index(struct state *s, struct state_mark *mark)
{
    (void)mark;
    put_row(s, TABLE_BY_THEME, state_key_pair(text_of("neglect"), text_of("p/1")), "");
}

static void
add_mark(struct state *s, struct state_mark *mark)
{
    struct state_key chain = state_key_of_plan_chain(text_of(""));

    (void)mark;
    put_row(s, TABLE_MARKS, state_key_of_mark(&chain, MARK_EVERY), "\1\1\1\1\1\1\1\1");
}

static void
change_agency(struct state *s, struct state_mark *mark)
{
    struct arena *arena = arena_new();
    struct state_key key = state_key_of(text_of("board"));
    struct agency_row row;

    (void)mark;
    CHECK_INT(1, state_get_agency(s, arena, text_of("board"), &row));
    row.sector = SECTOR_HEALTH;
    CHECK_INT(0, state_put(s, TABLE_AGENCIES, &key, &row));
    arena_destroy(&arena);
}

static void
change_chain(struct state *s, struct state_mark *mark)
{
    struct arena *arena = arena_new();
    struct state_key key = state_key_of_plan_chain(text_of(""));
    struct chain chain;

    (void)mark;
    CHECK_INT(1, state_get_chain(s, arena, &key, &chain));
    chain.last--;
    CHECK_INT(0, state_put(s, TABLE_CHAINS, &key, &chain));
    arena_destroy(&arena);
}

TEST_BEFORE_THREADS(verify_holds_the_state_against_its_refold)
{
    static const struct {
        void (*spoil)(struct state *s, struct state_mark *mark);
        const char *what;
    } rows[] = {
        {change_root, "was folded from another journal"},
        {change_applied, "was folded from another journal"},
        {lose_key, "in table keys at"},
        {add_index, "in table by-theme at \"neglect p/1\""},
        {add_mark, "in table marks at \"r"},
        {change_agency, "in table agencies at \"board\""},
        {change_chain, "in table chains at \"r\""},
        {forget_applied, "in table board at"},
        {lag_behind, "was folded from another journal"}, /* its root is of another size */
    };
    struct spoiled s;

    begin(&s);
    keep_state(&s, change_nothing);
    CHECK_INT(0, verify(&s));
    end(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(&s);
        keep_state(&s, rows[i].spoil);
        check_found(&s, rows[i].what);
        end(&s);
    }
}
