#include "broker/commands/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "broker/board.h"
#include "broker/commands/progress.h"
#include "broker/commands/verify_entry.h"
#include "broker/ledger/read_ahead.h"
#include "broker/worker.h"
#include "store/environment.h"
#include "store/lock.h"
#include "store/probe.h"
#include "store/state_lmdb.h"
#include "store/state_memory.h"

struct verification {
    struct journal *journal;
    struct tree_head head;
    struct verifying entries; /* and the state that they give */
    struct state *kept;       /* as it is on disk; NULL if it has to be rebuilt anyway */
    struct state_mark mark;   /* and how far it goes */
    bool compared;
    struct why *why;
};

/* --- the state ------------------------------------------------------------------- */

/* A row that only one of them has, or that differs: by its key, as far as it is
   text. */
static int
differs(struct verification *v, enum state_table table, const struct state_key *key)
{
    char name[STATE_KEY_MAX + 1] = "";

    memset(name, ' ', key->len);
    for (uint32_t i = 0; i < key->len; i++)
        if (key->at[i] > ' ' && key->at[i] < 0x7f)
            name[i] = (char)key->at[i];
    return why_set(v->why, -EBADMSG,
                   "the state differs from what folding the journal gives, in table %s at \"%s\": "
                   "remove the folder state/ and start the broker; it is rebuilt",
                   state_tables[table].name, name);
}

static bool
is_before(const struct state_key *a, const struct state_key *b)
{
    uint32_t len = a->len < b->len ? a->len : b->len;
    int order = len ? memcmp(a->at, b->at, len) : 0;
    return order < 0 || (order == 0 && a->len < b->len);
}

static int
compare_table(struct verification *v, enum state_table table)
{
    struct state *anew = v->entries.folded;
    struct state_key a = {.len = 0};
    struct state_key b = {.len = 0};
    struct bytes kept;
    struct bytes folded;

    for (bool first = true;; first = false) {
        int more = state_next(v->kept, table, &a, first, &kept);
        int again = state_next(anew, table, &b, first, &folded);
        if (more < 0 || again < 0)
            return more < 0 ? more : again;
        if (!more && !again)
            return 0;
        if (!again || (more && is_before(&a, &b)))
            return differs(v, table, &a);
        if (!more || is_before(&b, &a) || kept.len != folded.len
            || (kept.len && memcmp(kept.at, folded.at, kept.len) != 0))
            return differs(v, table, &b);
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

/* At the number that the state on disk says it reflects. */
static int
compare_at(struct verification *v, int64_t number)
{
    return v->kept && v->mark.applied == number ? compare_states(v) : 0;
}

/* --- the journal ----------------------------------------------------------------- */

static int
verify_slice(struct verification *v, const struct read_slice *slice)
{
    int rc = 0;

    for (size_t i = 0; i < slice->count && rc == 0; i++) {
        int64_t number = slice->from + (int64_t)i;
        rc = verify_entry(&v->entries, number, slice->entries[i]);
        if (rc == 0)
            rc = compare_at(v, number);
    }
    progress_show("entries", slice->next - 1, v->head.size);
    return rc;
}

static int
verify_entries(struct verification *v)
{
    const struct read_slice *slice;
    struct read_ahead r;

    v->why->text[0] = '\0';
    int rc = compare_at(v, 0);
    read_ahead_begin(&r, v->journal, 1);
    while (rc == 0 && (rc = read_ahead_next(&r, &slice)) == 1)
        rc = verify_slice(v, slice);
    if (rc == -EBADMSG && !v->why->text[0])
        rc = verify_unreadable(&v->entries, (int64_t)r.current->next);
    read_ahead_end(&r);
    return rc;
}

struct hashes {
    struct journal *journal;
    struct why why;
};

static int
verify_hashes(void *context, void *job)
{
    struct hashes *hashes = job;

    (void)context;
    return journal_verify(hashes->journal, NULL, NULL, &hashes->why);
}

/* Beside the entries, in a thread of its own. What is damaged there explains whatever is
   wrong with them. */
static int
verify_journal(struct verification *v)
{
    struct hashes hashes = {.journal = v->journal};
    struct worker *worker;
    int of_hashes = 0;
    int rc = worker_start(&worker, verify_hashes, NULL);

    if (rc)
        return rc;
    worker_do(worker, &hashes);
    int of_entries = verify_entries(v);
    rc = worker_wait(worker, &of_hashes);
    worker_stop(&worker);
    if (rc || !of_hashes)
        return rc ? rc : of_entries;
    *v->why = hashes.why;
    return of_hashes;
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

static void
print_head(const struct verification *v, const struct board_keys *keys)
{
    struct board_row board = {0};
    struct checkpoint c = {.head = v->head};
    char note[CHECKPOINT_NOTE];

    (void)state_get_board(v->entries.folded, v->entries.arena, &board);
    checkpoint_origin(text_of(keys->name), board.epoch, c.origin);
    if (checkpoint_sign(&c, keys->signing, note) > 0)
        printf("tree head\n%s", note);
}

static void
print_counts(const struct verification *v)
{
    const struct verifying *e = &v->entries;
    int64_t accepted = 0;

    for (int kind = 0; kind < SUBMISSION_KIND_COUNT; kind++)
        accepted += e->accepted[kind];
    printf("entries     %" PRIu64 ": %" PRId64 " accepted, %" PRId64 " refused\n", v->head.size,
           accepted, e->refused);
    for (int kind = 0; kind < SUBMISSION_KIND_COUNT; kind++)
        if (e->accepted[kind])
            printf("  %-10s%" PRId64 "\n", word_text(&submission_kinds, kind), e->accepted[kind]);
    printf("outboxes    n is 1, 2, 3 ... in each, each with one entry\n");
    if (e->lost)
        printf("            but for %" PRId64 " that an operator has accepted as lost\n", e->lost);
    if (v->compared && v->mark.applied)
        printf("state       equals refold, to entry %" PRId64 "\n", v->mark.applied);
    else if (!v->mark.applied)
        printf("state       not there: it is built at the next start\n");
}

static int
verify_opened(struct verification *v, const char *dir, const struct board_keys *keys, int64_t gib)
{
    int rc = open_state(v, dir, keys->name, gib);

    journal_head(v->journal, &v->head);
    v->entries = (struct verifying){.folded = state_memory_open(),
                                    .arena = arena_new(),
                                    .board = keys->name,
                                    .key = keys->signed_by,
                                    .why = v->why};
    if (!rc)
        rc = verify_journal(v);
    if (!rc) {
        print_counts(v);
        print_head(v, keys);
    }
    arena_destroy(&v->entries.arena);
    state_memory_close(&v->entries.folded);
    state_lmdb_close(&v->kept);
    return rc;
}

static int
verify_directory(const char *dir, const struct verify_option *options, struct why *why)
{
    struct verification v = {.why = why};
    struct board_keys keys;
    int lock = -1;
    int rc = board_keys_load(dir, &keys, why);

    if (rc)
        return rc;
    rc = lock = lock_take(dir, why);
    int64_t journal_gib = options->has.journal_gib ? options->journal_gib : ENVIRONMENT_GIB;
    int64_t state_gib = options->has.state_gib ? options->state_gib : ENVIRONMENT_GIB;
    if (lock >= 0
        && !(rc = board_open_journal(dir, &keys, (size_t)journal_gib * GIB, &v.journal, why))) {
        rc = verify_opened(&v, dir, &keys, state_gib);
        journal_close(&v.journal);
    }
    board_keys_wipe(&keys);
    lock_release(&lock);
    return rc == -EBADMSG || rc == JOURNAL_DAMAGED ? 1 : rc;
}

/* --- where damage may do what it likes ------------------------------------------------- */

struct attempt {
    const char *dir;
    const struct verify_option *options;
};

static int
try_verifying(void *context, struct why *why)
{
    const struct attempt *a = context;
    return verify_directory(a->dir, a->options, why);
}

int
broker_verify(const char *dir, const struct verify_option *options, struct why *why)
{
    struct attempt a = {dir, options};
    int rc = probe_try(try_verifying, &a, why);

    if (rc == PROBE_CRASHED)
        return why_set(
            why, 1, "%s is damaged: reading it ends in a crash. Restore the journal from a backup",
            dir);
    return rc;
}
