#include "broker/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "broker/board.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/fold.h"
#include "store/journal.h"
#include "store/lock.h"
#include "store/state_lmdb.h"
#include "store/state_memory.h"

#define GIB ((size_t)1 << 30)

struct verification {
    struct journal *journal;
    struct state *kept;     /* as it is on disk; NULL if it has to be rebuilt anyway */
    struct state_mark mark; /* and how far it goes */
    struct state *folded;   /* anew, from entry 1 */
    struct arena *arena;
    struct tree_head head;
    int64_t time;
    int64_t accepted[SUBMISSION_KIND_COUNT], refused;
    bool compared;
    struct why *why;
};

/* --- a bar, where somebody is looking ------------------------------------------ */

static void
show_progress(const char *what, uint64_t done, uint64_t of)
{
    static int last = -1;
    int percent = of ? (int)(done * 100 / of) : 100;

    if (!isatty(STDERR_FILENO) || percent == last)
        return;
    last = percent;
    (void)fprintf(stderr, "\r%-12s [%-50.*s] %3d %%%s", what, percent / 2,
                  "##################################################", percent,
                  percent == 100 ? "\n" : "");
}

static void
hashes_done(void *context, uint64_t done, uint64_t of)
{
    (void)context;
    show_progress("hashes", done, of);
}

/* --- each entry ------------------------------------------------------------------ */

static int
broken(struct verification *v, uint64_t number, const char *what)
{
    return why_set(v->why, -EBADMSG, "entry %" PRIu64 ": %s", number, what);
}

/* An entry says exactly what its outcome keeps. */
static bool
has_its_fields(const struct entry *e)
{
    bool content = e->has.nonce && e->has.body;
    bool verdict = e->has.code && e->has.field && e->has.digest;

    return e->outcome == ACCEPTED ? content && !e->has.code && !e->has.digest
                                  : verdict && !e->has.nonce && !e->has.body;
}

/* n = 1, 2, 3 ... in each outbox, and one client's alone. */
static int
check_outbox(struct verification *v, const struct entry *e)
{
    struct state_key key = state_key_of_outbox(e->outbox);
    struct chain chain;
    int rc = state_get_chain(v->folded, v->arena, &key, &chain);

    if (rc < 0)
        return rc;
    if (e->n != chain.n + 1)
        return broken(v, (uint64_t)e->number, "its n is not the one after the outbox's last");
    if (rc && !text_equal(chain.client, e->client))
        return broken(v, (uint64_t)e->number, "its outbox is another client's");
    return 0;
}

static int
check_entry(struct verification *v, const struct entry *e, uint64_t number)
{
    if (e->number != (int64_t)number)
        return broken(v, number, "says another number of itself");
    if (e->time < v->time)
        return broken(v, number, "is of an earlier time than the one before it");
    if (e->day != day_in_london(e->time))
        return broken(v, number, "its day is not London's at its time");
    if (!has_its_fields(e))
        return broken(v, number, "has fields that do not go with its outcome");
    v->time = e->time;
    if (e->outcome == ACCEPTED)
        v->accepted[e->kind]++;
    else
        v->refused++;
    return check_outbox(v, e);
}

/* --- the state ------------------------------------------------------------------- */

static int
compare_table(struct verification *v, enum state_table table)
{
    struct state_key a = {.len = 0};
    struct state_key b = {.len = 0};
    struct bytes kept;
    struct bytes folded;

    for (bool first = true;; first = false) {
        int more = v->kept->ops->next(v->kept, table, &a, first, &kept);
        int again = v->folded->ops->next(v->folded, table, &b, first, &folded);
        if (more < 0 || again < 0)
            return more < 0 ? more : again;
        if (!more && !again)
            return 0;
        if (more != again || a.len != b.len || memcmp(a.at, b.at, a.len) != 0
            || kept.len != folded.len || (kept.len && memcmp(kept.at, folded.at, kept.len) != 0))
            return why_set(v->why, -EBADMSG,
                           "the state differs from what folding the journal gives, in table %s: "
                           "remove the folder state/ and start the broker; it is rebuilt",
                           state_tables[table].name);
    }
}

static int
compare_states(struct verification *v)
{
    for (int table = 0; table < STATE_TABLE_COUNT; table++) {
        int rc = compare_table(v, (enum state_table)table);
        if (rc)
            return rc;
    }
    v->compared = true;
    return 0;
}

static int
verify_entry(void *context, const struct journal_entry *stored)
{
    struct verification *v = context;
    const struct bytes bytes = {stored->bytes, (uint32_t)stored->len};
    struct entry entry;
    struct fault fault;
    int rc;

    arena_reset(v->arena);
    if (!record_decode(v->arena, &entry_record, &entry, bytes.at, bytes.len, &fault))
        return broken(v, stored->number, "can't be read");
    if ((rc = check_entry(v, &entry, stored->number)))
        return rc;
    if ((rc = fold_stored(v->folded, v->arena, bytes)))
        return broken(v, stored->number, "can't be folded, or its previous numbers are wrong");
    show_progress("entries", stored->number, v->head.size);
    return v->kept && v->mark.applied == entry.number ? compare_states(v) : 0;
}

/* --- the whole -------------------------------------------------------------------- */

static int
open_state(struct verification *v, const char *dir, const char *board, int64_t gib)
{
    struct tree_hash root;
    char path[BOARD_PATH];

    board_path(dir, "state", path);
    if (access(path, F_OK))
        return 0;
    int rc = state_lmdb_open(&v->kept, path, board, (size_t)gib * GIB, &v->mark, v->why);
    if (rc == STATE_UNFIT) {
        printf("state       to be rebuilt at the next start: %s\n", v->why->text);
        return 0;
    }
    if (rc)
        return rc;
    if (v->mark.applied
        && (journal_root_at(v->journal, (uint64_t)v->mark.applied, &root)
            || !tree_hash_equal(&root, &v->mark.root)))
        return why_set(v->why, -EBADMSG, "%s was folded from another journal than this one", path);
    return 0;
}

static int
verify_all(struct verification *v)
{
    uint64_t next = 1;
    int rc = journal_verify(v->journal, hashes_done, NULL, v->why);

    if (rc)
        return rc;
    while ((rc = journal_read(v->journal, next, SIZE_MAX, verify_entry, v, &next)) == 1)
        continue;
    return rc;
}

static void
print_head(const struct verification *v, const struct board_keys *keys)
{
    struct board_row board = {0};
    struct checkpoint c = {.head = v->head};
    char note[CHECKPOINT_NOTE];

    (void)state_get_board(v->folded, v->arena, &board);
    board_origin(keys->name, board.epoch, c.origin);
    if (checkpoint_sign(&c, keys->signing, note) > 0)
        printf("tree head\n%s", note);
}

static void
print_counts(const struct verification *v)
{
    int64_t accepted = 0;

    for (int kind = 0; kind < SUBMISSION_KIND_COUNT; kind++)
        accepted += v->accepted[kind];
    printf("entries     %" PRIu64 ": %" PRId64 " accepted, %" PRId64 " refused\n", v->head.size,
           accepted, v->refused);
    for (int kind = 0; kind < SUBMISSION_KIND_COUNT; kind++)
        if (v->accepted[kind])
            printf("  %-10s%" PRId64 "\n", word_text(&submission_kinds, kind), v->accepted[kind]);
    printf("outboxes    n is 1, 2, 3 ... in each, each with one entry\n");
    if (v->compared)
        printf("state       equals refold, to entry %" PRId64 "\n", v->mark.applied);
    else if (!v->mark.applied)
        printf("state       not there: it is built at the next start\n");
}

static int
verify_opened(struct verification *v, const char *dir, const struct board_keys *keys, int64_t gib)
{
    int rc = open_state(v, dir, keys->name, gib);

    journal_head(v->journal, &v->head);
    v->folded = state_memory_open();
    v->arena = arena_new();
    if (!rc)
        rc = verify_all(v);
    if (!rc) {
        print_counts(v);
        print_head(v, keys);
    }
    arena_destroy(&v->arena);
    state_memory_close(&v->folded);
    state_lmdb_close(&v->kept);
    return rc;
}

int
broker_verify(const char *dir, const struct verify_option *options, struct why *why)
{
    struct verification v = {.why = why};
    struct board_keys keys;
    char path[BOARD_PATH];
    int lock = -1;
    int rc = board_keys_load(dir, &keys, why);

    if (rc)
        return rc;
    if ((lock = lock_take(dir, why)) < 0)
        return lock;
    const struct journal_owner owner = {keys.name, NULL};
    board_path(dir, "journal", path);
    int64_t journal_gib = options->has.journal_gib ? options->journal_gib : 1024;
    int64_t state_gib = options->has.state_gib ? options->state_gib : 1024;
    if (!(rc = journal_open_lmdb(&v.journal, path, &owner, (size_t)journal_gib * GIB, why))) {
        rc = verify_opened(&v, dir, &keys, state_gib);
        journal_close(&v.journal);
    }
    board_keys_wipe(&keys);
    lock_release(&lock);
    return rc == -EBADMSG || rc == JOURNAL_DAMAGED ? 1 : rc;
}
