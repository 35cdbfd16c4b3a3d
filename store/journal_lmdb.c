#include "store/journal_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/statvfs.h>

enum { READER_CHECK_SECONDS = 60, SHORT_OF_ROOM = 1 << 20 };

static struct lmdb_journal *
self(struct journal *j)
{
    return (struct lmdb_journal *)j;
}

int
lmdb_journal_error(int rc)
{
    switch (rc) {
    case ENOSPC:
    case EDQUOT:
    case MDB_MAP_FULL: return JOURNAL_FULL;
    case MDB_PANIC: return JOURNAL_PANIC;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID: return JOURNAL_DAMAGED;
    default: return rc > 0 ? -rc : rc;
    }
}

static int
begin(struct lmdb_journal *j, unsigned flags, struct journal_rows *out)
{
    *out = j->rows;
    return mdb_txn_begin(j->env, NULL, flags, &out->txn);
}

/* --- loading ------------------------------------------------------------------ */

static void
publish(struct lmdb_journal *j, const struct tree_head *head)
{
    pthread_mutex_lock(&j->reading);
    tree_copy(&j->durable, &j->grown);
    j->head = *head;
    pthread_mutex_unlock(&j->reading);
}

static int
load_tree(struct tree *tree, struct journal_rows *rows, struct tree_head *head)
{
    const struct tree_tiles tiles = {.read = journal_rows_read_tile, .context = rows};
    struct tree_hash root;
    int rc = journal_rows_get_head(rows, head);

    if (rc == 0)
        rc = journal_rows_check_counts(rows, head->size);
    if (rc == 0)
        rc = tree_load(tree, head->size, &tiles);
    if (rc)
        return rc;
    tree_root(tree, &root);
    return tree_hash_equal(&root, &head->root) ? 0 : MDB_CORRUPTED;
}

int
lmdb_journal_load(struct lmdb_journal *j)
{
    struct journal_rows rows;
    struct tree_head head;
    int rc = begin(j, MDB_RDONLY, &rows);

    if (rc)
        return lmdb_journal_error(rc);
    rc = load_tree(&j->grown, &rows, &head);
    mdb_txn_abort(rows.txn);
    j->loaded = rc == 0;
    if (rc == 0)
        publish(j, &head);
    return lmdb_journal_error(rc);
}

/* --- writing ------------------------------------------------------------------ */

static int
begin_generation(struct journal *base, uint64_t *generation)
{
    struct lmdb_journal *j = self(base);
    int rc = 0;

    pthread_mutex_lock(&j->writing);
    if (!j->loaded)
        rc = lmdb_journal_load(j);
    if (rc == 0) {
        *generation = ++j->generation;
        j->accepting = true;
    }
    pthread_mutex_unlock(&j->writing);
    return rc;
}

static int
write_entries(struct tree *grown, struct journal_rows *rows, const struct journal_bytes *entries,
              size_t count)
{
    const struct tree_tiles tiles = {.write = journal_rows_write_tile, .context = rows};
    MDB_cursor *cursor = NULL;
    int rc = mdb_cursor_open(rows->txn, rows->entries, &cursor);

    if (rc)
        return rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct tree_hash leaf;

        assert(entries[i].len <= JOURNAL_ENTRY);
        rc = journal_rows_append(cursor, grown->size + 1, &entries[i], &leaf);
        if (rc == 0)
            rc = tree_append(grown, &leaf, &tiles);
    }
    mdb_cursor_close(cursor);
    return rc;
}

/* LMDB says EIO of a write that a full disk has cut short; and of a failed write
   of its meta page, after which it knows no more what the file holds. */
static int
error_of_batch(struct lmdb_journal *j, int rc)
{
    struct journal_rows rows;
    struct statvfs disk;
    int fd = -1;

    if (rc != EIO)
        return lmdb_journal_error(rc);
    rc = begin(j, MDB_RDONLY, &rows);
    if (rc)
        return lmdb_journal_error(rc);
    mdb_txn_abort(rows.txn);
    if (mdb_env_get_fd(j->env, &fd) == 0 && fstatvfs(fd, &disk) == 0
        && disk.f_bavail * disk.f_frsize < SHORT_OF_ROOM)
        return JOURNAL_FULL;
    return -EIO;
}

static int
write_batch(struct lmdb_journal *j, const struct journal_bytes *entries, size_t count)
{
    struct journal_rows rows;
    struct tree_head head;
    int rc = begin(j, 0, &rows);

    if (rc)
        return lmdb_journal_error(rc);
    rc = write_entries(&j->grown, &rows, entries, count);
    if (rc == 0) {
        head.size = j->grown.size;
        tree_root(&j->grown, &head.root);
        rc = journal_rows_put_head(&rows, &head);
    }
    if (rc)
        mdb_txn_abort(rows.txn);
    else
        rc = mdb_txn_commit(rows.txn);
    if (rc)
        return error_of_batch(j, rc);
    publish(j, &head);
    return 0;
}

int
lmdb_journal_try_writing(struct lmdb_journal *j)
{
    const struct journal_bytes nothing = {NULL, 0};
    struct journal_rows rows;
    struct tree_hash leaf;
    MDB_cursor *cursor = NULL;
    int rc = begin(j, 0, &rows);

    if (rc)
        return lmdb_journal_error(rc);
    rc = mdb_cursor_open(rows.txn, rows.entries, &cursor);
    if (rc == 0) {
        rc = journal_rows_append(cursor, j->head.size + 1, &nothing, &leaf);
        mdb_cursor_close(cursor);
    }
    if (rc == 0)
        rc = journal_rows_put_head(&rows, &j->head);
    mdb_txn_abort(rows.txn);
    if (rc == MDB_MAP_FULL)
        return 0;
    return rc == MDB_KEYEXIST ? JOURNAL_DAMAGED : lmdb_journal_error(rc);
}

/* A reader that was killed (mdb_copy, making a backup) holds its pages until its
   slot is cleared, and the file grows with every commit. */
static void
clear_dead_readers(struct lmdb_journal *j)
{
    struct timespec now;
    int dead = 0;

    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (now.tv_sec - j->readers_checked < READER_CHECK_SECONDS)
        return;
    j->readers_checked = now.tv_sec;
    (void)mdb_reader_check(j->env, &dead);
}

static int
append(struct journal *base, uint64_t expected, uint64_t generation,
       const struct journal_bytes *entries, size_t count)
{
    struct lmdb_journal *j = self(base);
    int rc = JOURNAL_GENERATION;

    pthread_mutex_lock(&j->writing);
    if (j->accepting && generation == j->generation) {
        clear_dead_readers(j);
        rc = expected == j->grown.size + 1 ? write_batch(j, entries, count) : JOURNAL_CONFLICT;
        j->accepting = rc == 0;
        j->loaded = rc == 0;
    }
    pthread_mutex_unlock(&j->writing);
    return rc;
}

/* --- reading ------------------------------------------------------------------ */

static int64_t
milliseconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int
read_entries(MDB_cursor *cursor, size_t count,
             int (*each)(void *context, const struct journal_entry *entry), void *context,
             uint64_t *next)
{
    int64_t deadline = milliseconds() + JOURNAL_SLICE_MS;

    for (size_t i = 0; i < count && i < JOURNAL_SLICE_ROWS; i++) {
        struct journal_entry entry;
        struct tree_hash leaf;
        struct tree_hash hash;
        int rc = journal_rows_read(cursor, *next, i == 0, &leaf, &entry);

        if (rc == MDB_NOTFOUND)
            return 0;
        if (rc)
            return lmdb_journal_error(rc);
        tree_hash_leaf(entry.bytes, entry.len, &hash);
        if (!tree_hash_equal(&hash, &leaf))
            return JOURNAL_DAMAGED;
        rc = each(context, &entry);
        if (rc < 0)
            return rc;
        ++*next;
        if (rc || milliseconds() >= deadline)
            break;
    }
    return 1;
}

static void
read_head(struct journal *base, struct tree_head *out)
{
    struct lmdb_journal *j = self(base);

    pthread_mutex_lock(&j->reading);
    *out = j->head;
    pthread_mutex_unlock(&j->reading);
}

static void
read_tree(struct journal *base, struct tree *out)
{
    struct lmdb_journal *j = self(base);

    pthread_mutex_lock(&j->reading);
    *out = j->durable;
    pthread_mutex_unlock(&j->reading);
}

static int
read_slice(struct journal *base, uint64_t from, size_t count,
           int (*each)(void *context, const struct journal_entry *entry), void *context,
           uint64_t *next)
{
    struct journal_rows rows;
    struct tree_head head;
    MDB_cursor *cursor = NULL;
    int rc = 0;

    assert(from);
    *next = from;
    read_head(base, &head); /* before the transaction, which then holds all of it */
    rc = begin(self(base), MDB_RDONLY, &rows);
    if (rc)
        return lmdb_journal_error(rc);
    rc = mdb_cursor_open(rows.txn, rows.entries, &cursor);
    if (rc == 0) {
        rc = read_entries(cursor, count, each, context, next);
        mdb_cursor_close(cursor);
        if (rc == 0 && *next <= head.size)
            rc = JOURNAL_DAMAGED;
    } else {
        rc = lmdb_journal_error(rc);
    }
    mdb_txn_abort(rows.txn);
    return rc;
}

static int
read_tile(struct journal *base, unsigned level, uint64_t index, size_t count, struct tree_hash *out)
{
    struct journal_rows rows;
    int rc = begin(self(base), MDB_RDONLY, &rows);

    if (rc == 0) {
        rc = journal_rows_read_tile(&rows, level, index, count, out);
        mdb_txn_abort(rows.txn);
    }
    return lmdb_journal_error(rc);
}

/* --- making and closing ------------------------------------------------------- */

static void
close_lmdb(struct journal *base)
{
    struct lmdb_journal *j = self(base);

    mdb_env_close(j->env);
    pthread_mutex_destroy(&j->writing);
    pthread_mutex_destroy(&j->reading);
    free(j);
}

struct lmdb_journal *
lmdb_journal_make(MDB_env *env, const struct journal_rows *rows)
{
    static const struct journal_ops ops = {begin_generation, append,    read_slice, read_head,
                                           read_tree,        read_tile, close_lmdb};
    struct lmdb_journal *j = calloc(1, sizeof *j);

    if (!j)
        return NULL;
    j->base.ops = &ops;
    j->env = env;
    j->rows = *rows;
    pthread_mutex_init(&j->writing, NULL);
    pthread_mutex_init(&j->reading, NULL);
    return j;
}
