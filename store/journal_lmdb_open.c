/* Making a journal, and all that is asked of one before it is believed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/environment.h"
#include "store/journal_lmdb.h"
#include "store/probe.h"

/* Room to make it in; how large it may grow is said by whoever opens it. */
enum { FIRST_MAP = 1 << 20 };

/* --- making ------------------------------------------------------------------- */

static int
write_first_rows(MDB_env *env, const struct journal_owner *owner, int64_t created)
{
    static const struct tree empty;
    struct tree_head head = {0};
    struct journal_rows rows;
    int rc = mdb_txn_begin(env, NULL, 0, &rows.txn);

    if (rc)
        return rc;
    tree_root(&empty, &head.root);
    rc = journal_rows_open(&rows, MDB_CREATE);
    if (rc == 0)
        rc = journal_rows_put_owner(&rows, owner, created);
    if (rc == 0)
        rc = journal_rows_put_head(&rows, &head);
    if (rc == 0)
        return mdb_txn_commit(rows.txn);
    mdb_txn_abort(rows.txn);
    return rc;
}

int
journal_create_lmdb(const char *path, const struct journal_owner *owner, int64_t created,
                    struct why *why)
{
    const struct environment e = {.path = path, .map_bytes = FIRST_MAP, .tables = JOURNAL_TABLES};
    MDB_env *env = NULL;
    int rc = environment_create(&env, &e, why);

    if (rc)
        return lmdb_journal_error(rc);
    rc = write_first_rows(env, owner, created);
    mdb_env_close(env);
    if (rc)
        return why_set(why, lmdb_journal_error(rc), "%s/data.mdb cannot be written: %s", path,
                       mdb_strerror(rc));
    return environment_sync_folder(&e, why);
}

/* --- opening ------------------------------------------------------------------ */

/* Everything that opening takes, so that a child process can try it first. */
struct attempt {
    const char *path;
    const struct journal_owner *owner;
    size_t map_bytes;
    unsigned flags; /* of the environment */
    struct why *why;
    struct lmdb_journal *j;
};

static int
open_tables(struct attempt *a, MDB_env *env, struct journal_rows *rows)
{
    char board[JOURNAL_BOARD_ID + 1] = "";
    int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &rows->txn);

    if (rc == 0) {
        rc = journal_rows_open(rows, 0);
        if (rc == 0)
            rc = journal_rows_check_owner(rows, a->owner, board);
        /* Committed, so that the tables stay open for later transactions. */
        if (rc == 0)
            rc = mdb_txn_commit(rows->txn);
        else
            mdb_txn_abort(rows->txn);
    }
    if (rc == 0)
        return 0;
    if (rc == MDB_NOTFOUND || rc == MDB_INCOMPATIBLE)
        return why_set(a->why, JOURNAL_LAYOUT,
                       "%s/data.mdb is not a journal: put the right file there", a->path);
    if (rc == JOURNAL_LAYOUT)
        return why_set(a->why, rc,
                       "%s/data.mdb has a layout that this version does not know: use the version "
                       "that wrote it, or a later one",
                       a->path);
    if (rc == JOURNAL_BOARD)
        return why_set(a->why, rc,
                       "%s/data.mdb is the journal of board %.64s%s, not of %.64s: put the right "
                       "file there",
                       a->path, board, strcmp(board, a->owner->board) ? "" : " with another key",
                       a->owner->board);
    return why_set(a->why, lmdb_journal_error(rc),
                   "%s/data.mdb cannot be read (%s): restore it "
                   "from a backup",
                   a->path, mdb_strerror(rc));
}

static int
explain_environment(const struct attempt *a, int rc)
{
    struct why found = *a->why;

    switch (rc) {
    case -ENOENT:
        return why_set(a->why, rc, "%.300s: restore the journal from a backup, or make a new board",
                       found.text);
    case JOURNAL_DAMAGED:
        return why_set(a->why, rc, "%.300s: restore the journal from a backup", found.text);
    default: return rc;
    }
}

static int
open_checked(struct attempt *a)
{
    const struct environment e = {a->path, a->map_bytes, JOURNAL_TABLES, a->flags};
    struct journal_rows rows;
    MDB_env *env = NULL;
    int rc = environment_open(&env, &e, a->why);

    if (rc)
        return explain_environment(a, lmdb_journal_error(rc));
    rc = open_tables(a, env, &rows);
    if (rc == 0) {
        a->j = lmdb_journal_make(env, &rows);
        if (!a->j)
            rc = why_set(a->why, -ENOMEM, "%s: no memory", a->path);
    }
    if (rc) {
        mdb_env_close(env);
        return rc;
    }
    rc = lmdb_journal_load(a->j);
    if (rc == 0 && !(a->flags & MDB_RDONLY))
        rc = lmdb_journal_try_writing(a->j);
    if (rc)
        rc = why_set(a->why, rc, "%s/data.mdb: %s", a->path, journal_error_text(rc));
    return rc;
}

/* In the child: what LMDB has to say of a damaged page is said again, better. */
static void
try_opening(void *context)
{
    if (freopen("/dev/null", "w", stderr))
        (void)open_checked(context);
}

static int
open_tried(struct journal **out, struct attempt *a)
{
    const char *path = a->path;
    struct why *why = a->why;
    struct journal *opened = NULL;
    int rc = probe_run(try_opening, a);

    *out = NULL;
    if (rc > 0)
        return why_set(why, JOURNAL_DAMAGED,
                       "%s/data.mdb is damaged: reading it ends in a crash; restore the journal "
                       "from a backup",
                       path);
    if (rc < 0)
        return why_set(why, rc, "%s cannot be tried: %s", path, strerror(-rc));
    rc = open_checked(a);
    if (a->j)
        opened = &a->j->base;
    if (rc)
        journal_close(&opened);
    *out = opened;
    return rc;
}

int
journal_open_lmdb(struct journal **out, const char *path, const struct journal_owner *owner,
                  size_t map_bytes, struct why *why)
{
    struct attempt a = {path, owner, map_bytes, 0, why, NULL};
    return open_tried(out, &a);
}

int
journal_read_lmdb(struct journal **out, const char *path, const struct journal_owner *owner,
                  size_t map_bytes, bool at_rest, struct why *why)
{
    struct attempt a = {path, owner, map_bytes, MDB_RDONLY | (at_rest ? MDB_NOLOCK : 0), why, NULL};
    return open_tried(out, &a);
}
