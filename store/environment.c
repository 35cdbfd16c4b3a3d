#include "store/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pages 0 and 1 are LMDB's meta pages, and never free. */
enum { FILE_MODE = 0600, FOLDER_MODE = 0700, FIRST_PAGE = 2 };

static int
name_file(char path[PATH_MAX], const struct environment *e, struct why *why)
{
    if (snprintf(path, PATH_MAX, "%s/data.mdb", e->path) >= PATH_MAX)
        return why_set(why, -ENAMETOOLONG, "%.80s...: the name is too long", e->path);
    return 0;
}

static int
start_lmdb(MDB_env **out, const struct environment *e, struct why *why)
{
    int rc = mdb_env_create(out);

    if (rc == 0
        && ((rc = mdb_env_set_mapsize(*out, e->map_bytes))
            || (rc = mdb_env_set_maxdbs(*out, e->tables))
            || (rc = mdb_env_open(*out, e->path, MDB_NOTLS | e->flags, FILE_MODE)))) {
        mdb_env_close(*out);
        *out = NULL;
    }
    if (rc == 0)
        return 0;
    return why_set(why, rc > 0 ? -rc : rc, "%s/data.mdb cannot be opened: %s", e->path,
                   mdb_strerror(rc));
}

int
environment_create(MDB_env **out, const struct environment *e, struct why *why)
{
    char path[PATH_MAX];
    struct stat st;
    int rc = name_file(path, e, why);

    *out = NULL;
    if (rc)
        return rc;
    if (mkdir(e->path, FOLDER_MODE) && errno != EEXIST) {
        rc = -errno;
        return why_set(why, rc, "%s cannot be made: %s", e->path, strerror(-rc));
    }
    if (stat(path, &st) == 0)
        return why_set(why, -EEXIST, "%s is there already", path);
    return start_lmdb(out, e, why);
}

int
environment_sync(const char *path, struct why *why)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) ? -errno : 0;

    if (fd >= 0)
        (void)close(fd);
    return rc ? why_set(why, rc, "%s can't be synced: %s", path, strerror(-rc)) : 0;
}

/* A new file is durable when its folder is, and a new folder when the one above. */
int
environment_sync_folder(const struct environment *e, struct why *why)
{
    char above[PATH_MAX];
    int rc = environment_sync(e->path, why);

    if (rc)
        return rc;
    if (snprintf(above, sizeof above, "%s/..", e->path) >= (int)sizeof above)
        return why_set(why, -ENAMETOOLONG, "%.80s...: the name is too long", e->path);
    return environment_sync(above, why);
}

/* What lies past the end of the file is in the map all the same, and touching
   it is SIGBUS. */
static int
check_length(MDB_env *env, const char *path, struct why *why)
{
    MDB_envinfo info;
    MDB_stat stats;
    struct stat st;
    unsigned long long needed = 0;

    (void)mdb_env_info(env, &info);
    (void)mdb_env_stat(env, &stats);
    needed = (unsigned long long)(info.me_last_pgno + 1) * stats.ms_psize;
    if (stat(path, &st))
        return why_set(why, -errno, "%s: %s", path, strerror(errno));
    if ((unsigned long long)st.st_size < needed)
        return why_set(why, MDB_CORRUPTED, "%s is cut off: it has %lld of %llu bytes", path,
                       (long long)st.st_size, needed);
    return 0;
}

/* A list of free pages: how many, and their numbers, falling. */
static bool
is_page_list(const MDB_val *value, size_t last_page)
{
    const size_t *list = value->mv_data;
    size_t before = last_page + 1;

    if (value->mv_size < sizeof *list || list[0] > value->mv_size / sizeof *list - 1)
        return false;
    for (size_t i = 1; i <= list[0]; i++) {
        if (list[i] < FIRST_PAGE || list[i] >= before)
            return false;
        before = list[i];
    }
    return true;
}

/* The first commit takes pages from here, and would write wherever it says. */
static int
check_free_pages(MDB_env *env)
{
    const MDB_dbi free_pages = 0; /* LMDB's own first table; mdb_stat reads it so too */
    MDB_envinfo info;
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);

    if (rc)
        return rc;
    (void)mdb_env_info(env, &info);
    rc = mdb_cursor_open(txn, free_pages, &cursor);
    if (rc == 0) {
        while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
            if (!is_page_list(&value, info.me_last_pgno)) {
                rc = MDB_CORRUPTED;
                break;
            }
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(txn);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

static int
check(MDB_env *env, const struct environment *e, const char *path, struct why *why)
{
    int dead = 0;
    int rc = check_length(env, path, why);

    if (rc)
        return rc;
    rc = check_free_pages(env);
    if (rc)
        return why_set(why, rc > 0 ? -rc : rc, "%s has a damaged list of free pages: %s", path,
                       mdb_strerror(rc));
    rc = mdb_reader_check(env, &dead);
    if (rc)
        return why_set(why, rc > 0 ? -rc : rc, "%s/lock.mdb cannot be read: %s", e->path,
                       mdb_strerror(rc));
    return 0;
}

int
environment_open(MDB_env **out, const struct environment *e, struct why *why)
{
    char path[PATH_MAX];
    struct stat st;
    int rc = name_file(path, e, why);

    *out = NULL;
    if (rc)
        return rc;
    if (stat(path, &st)) {
        rc = -errno;
        return why_set(why, rc, "%s: %s", path, strerror(-rc));
    }
    if (st.st_size == 0)
        return why_set(why, MDB_CORRUPTED, "%s is empty", path);
    rc = start_lmdb(out, e, why);
    if (rc)
        return rc;
    rc = check(*out, e, path, why);
    if (rc) {
        mdb_env_close(*out);
        *out = NULL;
    }
    return rc;
}

MDB_val
environment_val(const void *data, size_t len)
{
    union {
        const void *in;
        void *out;
    } u = {data};
    return (MDB_val){len, u.out};
}
