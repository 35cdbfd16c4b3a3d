#include "agents/libmaat/outbox_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/codec.h"

const char *
outbox_error_text(int error)
{
    if (error == MDB_VERSION_MISMATCH)
        return "it was written by a later version of this program, which keeps it otherwise: use "
               "that version. Nothing was changed";
    if (outbox_is_lasting(error))
        return "it is damaged: move its folder aside, and begin a new one. What was acknowledged "
               "is safe at the broker, what was not must be sent again";
    return mdb_strerror(error > -30000 ? -error : error);
}

/* --- opening -------------------------------------------------------------------- */

/* One that says nothing of it is as old as the first layout; a later one is for a later
   version of the program. */
static int
check_layout(struct outboxes *o, MDB_txn *txn)
{
    uint8_t ours[8];
    MDB_val k = outbox_rows_val("layout", 6);
    MDB_val v;
    int rc = mdb_get(txn, o->meta, &k, &v);

    if (rc == 0)
        return v.mv_size == sizeof ours && outbox_rows_get_number(v.mv_data) <= OUTBOX_LAYOUT
                   ? 0
                   : MDB_VERSION_MISMATCH;
    if (rc != MDB_NOTFOUND)
        return rc;
    outbox_rows_put_number(ours, OUTBOX_LAYOUT);
    v = outbox_rows_val(ours, sizeof ours);
    return mdb_put(txn, o->meta, &k, &v, 0);
}

static int
open_tables(struct outboxes *o)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(o->env, NULL, 0, &txn);

    if (rc)
        return rc;
    if ((rc = mdb_dbi_open(txn, "kept", MDB_CREATE, &o->kept))
        || (rc = mdb_dbi_open(txn, "verdicts", MDB_CREATE, &o->verdicts))
        || (rc = mdb_dbi_open(txn, "outboxes", MDB_CREATE, &o->outboxes))
        || (rc = mdb_dbi_open(txn, "refused", MDB_CREATE, &o->refused))
        || (rc = mdb_dbi_open(txn, "notes", MDB_CREATE, &o->notes))
        || (rc = mdb_dbi_open(txn, "meta", MDB_CREATE, &o->meta)) || (rc = check_layout(o, txn))) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

/* The folder's own entry must be durable too. */
static int
sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) ? errno : 0;
    if (fd >= 0)
        close(fd);
    return rc;
}

/* What lies past the end of the file is in the map all the same, and touching it is
   SIGBUS. */
static int
check_length(MDB_env *env)
{
    MDB_envinfo info;
    MDB_stat stats;
    struct stat st;
    int fd;
    int rc = mdb_env_get_fd(env, &fd);

    if (rc || (rc = mdb_env_info(env, &info)) || (rc = mdb_env_stat(env, &stats)))
        return rc;
    if (fstat(fd, &st))
        return errno;
    return (uint64_t)st.st_size / stats.ms_psize > info.me_last_pgno ? 0 : MDB_CORRUPTED;
}

static void
explain(const char *dir, int rc, char why[OUTBOX_WHY])
{
    (void)snprintf(why, OUTBOX_WHY, "the outbox in %s can't be opened: %s%s", dir,
                   outbox_error_text(outbox_rows_error(rc)),
                   rc == EACCES ? ": do it as the agent's user, or as root" : "");
}

int
outboxes_open(struct outboxes **out, const char *dir, size_t map_bytes, char why[OUTBOX_WHY])
{
    struct outboxes *o = calloc(1, sizeof *o);
    int rc = o ? 0 : ENOMEM;

    *out = o;
    if (!rc && mkdir(dir, 0700) && errno != EEXIST)
        rc = errno;
    if (!rc && !(rc = mdb_env_create(&o->env)) && !(rc = mdb_env_set_mapsize(o->env, map_bytes))
        && !(rc = mdb_env_set_maxdbs(o->env, OUTBOX_TABLES))
        && !(rc = mdb_env_open(o->env, dir, 0, 0600)) && !(rc = check_length(o->env))
        && !(rc = open_tables(o)))
        rc = sync_folder(dir);
    if (rc) {
        explain(dir, rc, why);
        outboxes_close(out);
        return outbox_rows_error(rc);
    }
    o->arena = arena_new();
    o->heard.arena = arena_new();
    return 0;
}

void
outboxes_close(struct outboxes **o)
{
    if (*o) {
        if ((*o)->env)
            mdb_env_close((*o)->env);
        if ((*o)->arena)
            arena_destroy(&(*o)->arena);
        if ((*o)->heard.arena)
            arena_destroy(&(*o)->heard.arena);
        free((*o)->heard.at);
        free((*o)->awaited.at);
        if ((*o)->lock > 0)
            (void)close((*o)->lock);
        free(*o);
    }
    *o = NULL;
}

bool
outbox_is_full(int error)
{
    return error == -ENOSPC || error == -EDQUOT || error == MDB_MAP_FULL;
}

bool
outbox_is_lasting(int error)
{
    return error == MDB_VERSION_MISMATCH || error == MDB_INVALID || error == MDB_CORRUPTED
           || error == MDB_PAGE_NOTFOUND;
}

int
outboxes_lock(struct outboxes *o, const char *dir)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/lock", dir) >= (int)sizeof path)
        return -ENAMETOOLONG;
    o->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return o->lock < 0 || flock(o->lock, LOCK_EX | LOCK_NB) ? -errno : 0;
}

/* --- outboxes --------------------------------------------------------------------- */

int
outbox_current(struct outboxes *o, bool fresh, struct outbox_id *id)
{
    MDB_val k = outbox_rows_val("current", 7);
    MDB_val v;
    MDB_txn *txn;
    int rc = outbox_rows_begin(o, &txn);

    if (rc)
        return rc;
    rc = fresh ? MDB_NOTFOUND : mdb_get(txn, o->meta, &k, &v);
    if (!rc)
        memcpy(id->at, v.mv_data, OUTBOX_SIZE);
    rc = rc == MDB_NOTFOUND ? outbox_rows_make(o, txn, id) : outbox_rows_error(rc);
    return outbox_rows_finish(o, txn, rc);
}

int
outbox_each(struct outboxes *o, struct outbox_id *id)
{
    MDB_cursor *c;
    MDB_txn *txn;
    MDB_val k = outbox_rows_val(id->at, OUTBOX_SIZE);
    MDB_val v;
    int rc = outbox_rows_read(o, &txn);

    if (rc)
        return rc;
    if (!(rc = mdb_cursor_open(txn, o->outboxes, &c))) {
        rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
        if (!rc && memcmp(k.mv_data, id->at, OUTBOX_SIZE) == 0)
            rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
        if (!rc)
            memcpy(id->at, k.mv_data, OUTBOX_SIZE);
        mdb_cursor_close(c);
    }
    mdb_txn_abort(txn);
    return rc == MDB_NOTFOUND ? 0 : rc ? outbox_rows_error(rc) : 1;
}

int
outbox_count(struct outboxes *o, const struct outbox_id *id, struct outbox_counts *out)
{
    struct kept first;
    MDB_txn *txn;
    int rc = outbox_rows_read(o, &txn);

    if (rc)
        return rc;
    *out = (struct outbox_counts){0};
    rc = outbox_rows_get(o, txn, id, &out->row);
    if (!rc && out->row.queued
        && (rc = outbox_rows_get_kept(o, txn, o->arena, id, out->row.first_queued, &first)) == 1) {
        out->oldest = first.taken;
        rc = 0;
    }
    mdb_txn_abort(txn);
    return rc;
}
