/* One contract, kept by every kind of journal. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "store/journal.h"
#include "tests/scratch.h"
#include "tests/t.h"

/* --- the kinds ------------------------------------------------------------------ */

enum { SMALL = 400 * 1024, LARGE = 256 * 1024 * 1024 };

struct kind {
    void (*open)(const struct scratch *dir, size_t max_bytes, struct journal **out);
    bool keeps; /* what is closed can be opened again */
};

static void
open_memory(const struct scratch *dir, size_t max_bytes, struct journal **out)
{
    (void)dir;
    CHECK_INT(0, journal_open_memory(out, max_bytes));
}

static void
open_lmdb(const struct scratch *dir, size_t max_bytes, struct journal **out)
{
    static const struct journal_owner owner = {"board", NULL};
    const char *path = scratch_file(dir, "journal");
    struct why why;
    int rc = journal_create_lmdb(path, &owner, 1, &why);

    CHECK(rc == 0 || rc == -EEXIST);
    CHECK_INT(0, journal_open_lmdb(out, path, &owner, max_bytes, &why));
}

static const struct kind memory = {open_memory, false};
static const struct kind lmdb = {open_lmdb, true};

/* --- entries -------------------------------------------------------------------- */

enum { BATCH = 1000 };

/* What entry `number` holds in these tests: its number, and some bytes more. */
struct sample {
    uint64_t number;
    uint8_t more[48];
};

static struct journal_bytes
sample_of(uint64_t number, struct sample *out)
{
    memset(out, (int)number & 0xff, sizeof *out);
    out->number = number;
    return (struct journal_bytes){out, sizeof number + number % sizeof out->more};
}

static int
append(struct journal *j, uint64_t expected, uint64_t generation, size_t count)
{
    static struct sample samples[BATCH];
    static struct journal_bytes entries[BATCH];

    CHECK(count <= BATCH);
    for (size_t i = 0; i < count; i++)
        entries[i] = sample_of(expected + i, &samples[i]);
    return journal_append(j, expected, generation, entries, count);
}

static int
check_sample(void *context, const struct journal_entry *entry)
{
    uint64_t *count = context;
    struct sample sample;
    struct journal_bytes want = sample_of(entry->number, &sample);
    struct tree_hash leaf;

    CHECK_INT(want.len, entry->len);
    CHECK(memcmp(want.bytes, entry->bytes, want.len) == 0);
    tree_hash_leaf(want.bytes, want.len, &leaf);
    CHECK(tree_hash_equal(&leaf, entry->leaf));
    ++*count;
    return 0;
}

/* Is the journal what it should be with `size` entries: its head that of a tree
   grown without it, its entries those that were appended, and all consistent? */
static void
check_journal(struct journal *j, uint64_t size)
{
    static struct tree tree;
    static const struct tree_tiles none;
    struct tree_head head;
    struct why why;
    uint64_t count = 0;
    uint64_t next = 1;

    CHECK(size < 65536);
    memset(&tree, 0, sizeof tree);
    for (uint64_t number = 1; number <= size; number++) {
        struct sample sample;
        struct journal_bytes bytes = sample_of(number, &sample);
        struct tree_hash leaf;
        tree_hash_leaf(bytes.bytes, bytes.len, &leaf);
        CHECK_INT(0, tree_append(&tree, &leaf, &none));
    }
    tree_root(&tree, &head.root);
    struct tree_hash want = head.root;
    journal_head(j, &head);
    CHECK_INT(size, head.size);
    CHECK(tree_hash_equal(&want, &head.root));
    while (journal_read(j, next, SIZE_MAX, check_sample, &count, &next) == 1)
        ;
    CHECK_INT(size, count);
    CHECK_INT(size + 1, next);
    CHECK_INT(0, journal_verify(j, NULL, NULL, &why));
}

/* --- the contract ---------------------------------------------------------------- */

static void
starts_empty(const struct kind *kind)
{
    struct scratch dir;
    struct journal *j = NULL;
    struct tree_proof proof;
    struct tree_hash root;
    uint8_t buf[JOURNAL_ENTRY];
    size_t len = 0;
    uint64_t generation = 0;

    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    check_journal(j, 0);
    CHECK_INT(JOURNAL_NOT_FOUND, journal_get(j, 0, buf, &len));
    CHECK_INT(JOURNAL_NOT_FOUND, journal_get(j, 1, buf, &len));
    CHECK_INT(0, journal_root_at(j, 0, &root));
    CHECK_INT(JOURNAL_NOT_FOUND, journal_root_at(j, 1, &root));
    CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_inclusion(j, 1, 1, &proof));
    CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_inclusion(j, 0, 0, &proof));
    CHECK_INT(0, journal_prove_consistency(j, 0, 0, &proof));
    CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_consistency(j, 0, 1, &proof));
    CHECK_INT(JOURNAL_GENERATION, append(j, 1, 0, 1));
    CHECK_INT(JOURNAL_GENERATION, append(j, 1, 1, 1));
    CHECK_INT(0, journal_begin_generation(j, &generation));
    CHECK_INT(0, append(j, 1, generation, 0));
    check_journal(j, 0);
    journal_close(&j);
    CHECK(!j);
    scratch_remove(&dir);
}

static void
keeps_what_is_appended(const struct kind *kind)
{
    struct scratch dir;
    struct journal *j = NULL;
    struct sample sample;
    uint8_t buf[JOURNAL_ENTRY];
    size_t len = 0;
    uint64_t generation = 0;
    uint64_t size = 0;

    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    for (size_t count = 1; count <= 700; size += count, count += 3 * count)
        CHECK_INT(0, append(j, size + 1, generation, count));
    CHECK_INT(341, size);
    check_journal(j, size);
    for (uint64_t number = 1; number <= size; number++) {
        struct journal_bytes want = sample_of(number, &sample);
        CHECK_INT(0, journal_get(j, number, buf, &len));
        CHECK_INT(want.len, len);
        CHECK(memcmp(want.bytes, buf, len) == 0);
    }
    CHECK_INT(JOURNAL_NOT_FOUND, journal_get(j, size + 1, buf, &len));
    if (kind->keeps) {
        journal_close(&j);
        kind->open(&dir, LARGE, &j);
        check_journal(j, size);
        CHECK_INT(JOURNAL_GENERATION, append(j, size + 1, generation, 1));
        CHECK_INT(0, journal_begin_generation(j, &generation));
        CHECK_INT(0, append(j, size + 1, generation, 5));
        check_journal(j, size + 5);
    }
    journal_close(&j);
    scratch_remove(&dir);
}

static void
keeps_entries_of_any_length(const struct kind *kind)
{
    static const size_t lengths[] = {0, 1, 2000, 2100, 4096, 65536, JOURNAL_ENTRY};
    enum { COUNT = sizeof lengths / sizeof *lengths };
    static uint8_t bytes[JOURNAL_ENTRY];
    static uint8_t buf[JOURNAL_ENTRY];
    struct journal_bytes entries[COUNT];
    struct scratch dir;
    struct journal *j = NULL;
    struct why why;
    uint64_t generation = 0;
    size_t len = 0;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random_u64();
    for (size_t i = 0; i < COUNT; i++)
        entries[i] = (struct journal_bytes){lengths[i] ? bytes : NULL, lengths[i]};
    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    CHECK_INT(0, journal_append(j, 1, generation, entries, COUNT));
    for (size_t i = 0; i < COUNT; i++) {
        CHECK_INT(0, journal_get(j, i + 1, buf, &len));
        CHECK_INT(lengths[i], len);
        CHECK(memcmp(bytes, buf, len) == 0);
    }
    CHECK_INT(0, journal_verify(j, NULL, NULL, &why));
    journal_close(&j);
    scratch_remove(&dir);
}

/* Stops at number `stop_at`, or fails there if `error` is set. */
struct stopper {
    uint64_t stop_at, seen;
    int error;
};

static int
stop(void *context, const struct journal_entry *entry)
{
    struct stopper *s = context;

    s->seen = entry->number;
    return entry->number < s->stop_at ? 0 : s->error ? s->error : 1;
}

static void
reads_in_slices(const struct kind *kind)
{
    struct scratch dir;
    struct journal *j = NULL;
    struct stopper s = {UINT64_MAX, 0, 0};
    uint64_t generation = 0;
    uint64_t next = 0;

    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    CHECK_INT(0, append(j, 1, generation, BATCH));
    CHECK_INT(0, append(j, BATCH + 1, generation, BATCH));

    CHECK_INT(1, journal_read(j, 1, SIZE_MAX, stop, &s, &next));
    CHECK(next > 1 && next <= JOURNAL_SLICE_ROWS + 1); /* less, on a slow day */
    CHECK_INT(next - 1, s.seen);
    CHECK_INT(1, journal_read(j, 7, 3, stop, &s, &next));
    CHECK_INT(10, next);
    CHECK_INT(1, journal_read(j, 7, 0, stop, &s, &next));
    CHECK_INT(7, next);
    CHECK_INT(0, journal_read(j, 2 * BATCH - 1, 3, stop, &s, &next));
    CHECK_INT(2 * BATCH + 1, next);
    CHECK_INT(0, journal_read(j, 2 * BATCH + 1, 3, stop, &s, &next));
    CHECK_INT(2 * BATCH + 1, next);
    CHECK_INT(0, journal_read(j, UINT64_MAX, 3, stop, &s, &next));

    s = (struct stopper){5, 0, 0};
    CHECK_INT(1, journal_read(j, 3, 100, stop, &s, &next));
    CHECK_INT(6, next);
    CHECK_INT(5, s.seen);
    s = (struct stopper){5, 0, -EDOM};
    CHECK_INT(-EDOM, journal_read(j, 3, 100, stop, &s, &next));
    CHECK_INT(5, next);
    journal_close(&j);
    scratch_remove(&dir);
}

static void
takes_nothing_after_a_conflict_until_a_new_generation(const struct kind *kind)
{
    struct scratch dir;
    struct journal *j = NULL;
    uint64_t first = 0;
    uint64_t second = 0;
    uint64_t third = 0;

    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    CHECK_INT(0, journal_begin_generation(j, &first));
    CHECK_INT(0, append(j, 1, first, 300));
    CHECK_INT(JOURNAL_CONFLICT, append(j, 300, first, 1));
    CHECK_INT(JOURNAL_GENERATION, append(j, 301, first, 1));
    check_journal(j, 300);
    CHECK_INT(0, journal_begin_generation(j, &second));
    CHECK(second != first);
    CHECK_INT(JOURNAL_GENERATION, append(j, 301, first, 1)); /* refused, and does no harm */
    CHECK_INT(0, append(j, 301, second, 1));
    CHECK_INT(JOURNAL_CONFLICT, append(j, 303, second, 1));
    CHECK_INT(JOURNAL_GENERATION, append(j, 302, second, 1));
    CHECK_INT(0, journal_begin_generation(j, &third));
    CHECK_INT(JOURNAL_GENERATION, append(j, 302, first, 1));
    CHECK_INT(JOURNAL_GENERATION, append(j, 302, second, 1));
    CHECK_INT(0, append(j, 302, third, 1));
    check_journal(j, 302);
    /* Beginning one ends the one before, failed or not. */
    CHECK_INT(0, journal_begin_generation(j, &second));
    CHECK_INT(JOURNAL_GENERATION, append(j, 303, third, 1));
    CHECK_INT(0, append(j, 303, second, 1));
    check_journal(j, 303);
    journal_close(&j);
    scratch_remove(&dir);
}

/* The batch that does not fit carries over in every level that it reaches, and
   nothing of that may stay. */
static void
keeps_nothing_of_a_batch_that_does_not_fit(const struct kind *kind)
{
    struct scratch dir;
    struct journal *j = NULL;
    uint64_t generation = 0;
    uint64_t size = 0;
    int rc = 0;

    scratch_make(&dir);
    kind->open(&dir, SMALL, &j);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    while ((rc = append(j, size + 1, generation, 900)) == 0)
        size += 900;
    CHECK_INT(JOURNAL_FULL, rc);
    CHECK(size >= 900);
    check_journal(j, size);
    CHECK_INT(JOURNAL_GENERATION, append(j, size + 1, generation, 1));
    CHECK_INT(0, journal_begin_generation(j, &generation));
    CHECK_INT(0, append(j, size + 1, generation, 1));
    check_journal(j, size + 1);
    CHECK_INT(JOURNAL_FULL, append(j, size + 2, generation, BATCH));
    check_journal(j, size + 1);
    if (kind->keeps) {
        journal_close(&j);
        kind->open(&dir, LARGE, &j);
        check_journal(j, size + 1);
        CHECK_INT(0, journal_begin_generation(j, &generation));
        CHECK_INT(0, append(j, size + 2, generation, BATCH));
        check_journal(j, size + 1 + BATCH);
    }
    journal_close(&j);
    scratch_remove(&dir);
}

static struct tree_hash
leaf_of(uint64_t number)
{
    struct sample sample;
    struct journal_bytes bytes = sample_of(number, &sample);
    struct tree_hash leaf;

    tree_hash_leaf(bytes.bytes, bytes.len, &leaf);
    return leaf;
}

/* Any entry is in any tree that had it, and any tree begins with any before. */
static void
check_proofs(struct journal *j, uint64_t size)
{
    struct tree_proof proof;

    for (int i = 0; i < 40; i++) {
        struct tree_head head = {1 + random_below(size), {{0}}};
        struct tree_head old = {1 + random_below(head.size), {{0}}};
        struct tree_hash leaf = leaf_of(old.size);

        CHECK_INT(0, journal_root_at(j, head.size, &head.root));
        CHECK_INT(0, journal_root_at(j, old.size, &old.root));
        CHECK_INT(0, journal_prove_inclusion(j, old.size, head.size, &proof));
        CHECK(tree_verify_inclusion(&head, old.size - 1, &leaf, &proof));
        CHECK_INT(0, journal_prove_consistency(j, old.size, head.size, &proof));
        CHECK(tree_verify_consistency(&old, &head, &proof));
        CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_inclusion(j, 0, head.size, &proof));
        CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_inclusion(j, head.size + 1, head.size, &proof));
        CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_inclusion(j, 1, size + 1, &proof));
        CHECK_INT(JOURNAL_NOT_FOUND,
                  journal_prove_consistency(j, head.size + 1, head.size, &proof));
        CHECK_INT(JOURNAL_NOT_FOUND, journal_prove_consistency(j, 1, size + 1, &proof));
        CHECK_INT(JOURNAL_NOT_FOUND, journal_root_at(j, size + 1, &head.root));
    }
}

static void
tell(void *context, uint64_t done, uint64_t size)
{
    uint64_t *told = context;

    CHECK(done > *told && done <= size);
    *told = done;
}

/* Heads across every boundary of a tile, each kept when the journal has moved on
   and been closed and opened. */
static void
proves_everything_across_tiles(const struct kind *kind)
{
    static const uint64_t stops[] = {1, 255, 256, 257, 65535, 65536, 65537, 66000};
    enum { COUNT = sizeof stops / sizeof *stops };
    struct tree_head heads[COUNT];
    struct scratch dir;
    struct journal *j = NULL;
    struct tree_proof proof;
    struct why why;
    uint64_t generation = 0;
    uint64_t size = 0;
    uint64_t told = 0;

    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    for (size_t i = 0; i < COUNT; i++) {
        while (size < stops[i]) {
            uint64_t count = stops[i] - size < BATCH ? stops[i] - size : BATCH;
            CHECK_INT(0, append(j, size + 1, generation, count));
            size += count;
        }
        journal_head(j, &heads[i]);
        CHECK_INT(size, heads[i].size);
        if (kind->keeps) {
            journal_close(&j);
            kind->open(&dir, LARGE, &j);
            CHECK_INT(0, journal_begin_generation(j, &generation));
        }
        check_proofs(j, size);
        for (size_t k = 0; k <= i; k++) {
            CHECK_INT(0, journal_prove_consistency(j, heads[k].size, heads[i].size, &proof));
            CHECK(tree_verify_consistency(&heads[k], &heads[i], &proof));
        }
    }
    CHECK_INT(0, journal_verify(j, tell, &told, &why));
    CHECK_INT(size, told);
    journal_close(&j);
    scratch_remove(&dir);
}

/* --- readers beside the appender -------------------------------------------------- */

struct reader {
    struct journal *j;
    atomic_bool done;
    uint64_t bad;
};

static int
count_sample(void *context, const struct journal_entry *entry)
{
    struct reader *r = context;
    struct sample sample;
    struct journal_bytes want = sample_of(entry->number, &sample);

    r->bad += want.len != entry->len || memcmp(want.bytes, entry->bytes, want.len) != 0;
    return 0;
}

/* What a head says is there can be read; checks are counted, for a test fails on
   its own thread only. */
static void *
read_along(void *context)
{
    struct reader *r = context;
    uint64_t next = 1;
    bool last = false;

    while (!last) {
        struct tree_head head;
        struct tree_proof proof;

        last = atomic_load(&r->done);
        journal_head(r->j, &head);
        while (next <= head.size)
            if (journal_read(r->j, next, SIZE_MAX, count_sample, r, &next) < 0)
                return r->bad++, NULL;
        if (head.size && next - 1 >= head.size) {
            struct tree_hash leaf = leaf_of(head.size);
            r->bad += journal_prove_inclusion(r->j, head.size, head.size, &proof) != 0
                      || !tree_verify_inclusion(&head, head.size - 1, &leaf, &proof);
        }
    }
    r->bad += next != 20 * 500 + 1;
    return NULL;
}

static void
is_read_while_it_grows(const struct kind *kind)
{
    struct scratch dir;
    struct journal *j = NULL;
    struct reader readers[2];
    pthread_t threads[2];
    uint64_t generation = 0;

    scratch_make(&dir);
    kind->open(&dir, LARGE, &j);
    CHECK_INT(0, journal_begin_generation(j, &generation));
    for (int i = 0; i < 2; i++) {
        readers[i] = (struct reader){.j = j};
        CHECK_INT(0, pthread_create(&threads[i], NULL, read_along, &readers[i]));
    }
    for (uint64_t i = 0; i < 500; i++)
        CHECK_INT(0, append(j, 20 * i + 1, generation, 20));
    for (int i = 0; i < 2; i++)
        atomic_store(&readers[i].done, true);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(0, pthread_join(threads[i], NULL));
        CHECK_INT(0, readers[i].bad);
    }
    journal_close(&j);
    scratch_remove(&dir);
}

/* --- each kind ---------------------------------------------------------------------- */

#define CONTRACT(what)          \
    TEST(journal_memory_##what) \
    {                           \
        what(&memory);          \
    }                           \
    TEST(journal_lmdb_##what)   \
    {                           \
        what(&lmdb);            \
    }

CONTRACT(starts_empty)
CONTRACT(keeps_what_is_appended)
CONTRACT(keeps_entries_of_any_length)
CONTRACT(reads_in_slices)
CONTRACT(takes_nothing_after_a_conflict_until_a_new_generation)
CONTRACT(keeps_nothing_of_a_batch_that_does_not_fit)
CONTRACT(proves_everything_across_tiles)
CONTRACT(is_read_while_it_grows)

TEST(journal_says_every_error_in_words)
{
    static const int errors[] = {
#define X(symbol, number, text) symbol,
        JOURNAL_ERRORS(X)
#undef X
    };

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(errors[i] != errors[k]
                  && strcmp(journal_error_text(errors[i]), journal_error_text(errors[k])) != 0);
    CHECK_STR("the disk or the journal's map is full", journal_error_text(JOURNAL_FULL));
    CHECK_STR(strerror(EIO), journal_error_text(-EIO));
    CHECK(strstr(journal_error_text(-30790), "readers")); /* MDB_READERS_FULL */
}
