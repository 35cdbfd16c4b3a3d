#include "broker/backup/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "broker/backup/copying.h"
#include "broker/backup/parts.h"
#include "broker/backup/rotation.h"
#include "broker/board.h"
#include "store/environment.h"
#include "store/lock.h"
#include "store/probe.h"

enum { MIB = 1 << 20 };

/* Of what, and where it is made until it has its name. */
struct backing_up {
    const char *dir;
    char path[BOARD_PATH], unfinished[BOARD_PATH];
    char config[BOARD_PATH];   /* the settings, which need not be there */
    char settings[BOARD_PATH]; /* and where they go */
    bool keys;
};

/* --- the parts --------------------------------------------------------------------- */

static int
write_head(const struct backing_up *b, const struct board_keys *keys, const struct copied *copied,
           struct why *why)
{
    struct checkpoint c = {.head = copied->head};
    char note[CHECKPOINT_NOTE];

    checkpoint_origin(text_of(keys->name), copied->epoch, c.origin);
    int rc = checkpoint_sign(&c, keys->signing, note);
    if (rc < 0)
        return why_set(why, rc, "the tree head can't be signed with the key in %s/board.zpl",
                       b->dir);
    return parts_write_head(b->unfinished, note, why);
}

/* --- in a child process, where damage may do what it likes -------------------------- */

static int
copy_journal(const struct backing_up *b, const struct board_keys *keys, struct journal *from,
             struct copied *copied, struct why *why)
{
    const struct journal_owner owner = {keys->name, keys->signed_by};
    struct journal *to = NULL;
    char path[BOARD_PATH];

    board_path(b->unfinished, "journal", path);
    int rc = journal_create_lmdb(path, &owner, (int64_t)time(NULL) * 1000000, why);
    if (!rc)
        rc = board_open_journal(b->unfinished, keys, ENVIRONMENT_MAP, &to, why);
    if (!rc && (rc = copying_run(from, to, "backup", copied, why)) == JOURNAL_DAMAGED) {
        struct why found = *why;
        (void)why_set(why, rc,
                      "%s/journal is damaged: %.200s. No backup was made of it; restore the "
                      "newest that there is",
                      b->dir, found.text);
    }
    journal_close(&to);
    board_path(b->unfinished, "journal/lock.mdb", path);
    (void)unlink(path);
    return rc;
}

/* First, since what follows goes by them. */
static int
copy_settings(const struct backing_up *b, struct why *why)
{
    if (mkdir(b->settings, 0700))
        return why_set(why, -errno, "%s can't be made: %s", b->settings, strerror(errno));
    int rc = access(b->config, F_OK) ? 0 : parts_copy_settings(b->config, b->settings, why);
    if (!rc && b->keys)
        rc = parts_copy_keys(b->dir, b->settings, why);
    return rc ? rc : environment_sync(b->settings, why);
}

static int
open_board(const struct backing_up *b, struct board_keys *keys, struct journal **from,
           struct why *why)
{
    struct arena *arena = arena_new();
    struct run_option settings;
    int rc = parts_read_settings(b->settings, arena, &settings, why);

    if (!rc)
        rc = parts_check_room(b->unfinished, parts_journal_size(b->dir),
                              (uint64_t)settings.reserve_mib * MIB, why);
    if (!rc)
        rc = board_read_journal(b->dir, keys, (size_t)settings.journal_gib * GIB, from, why);
    arena_destroy(&arena);
    return rc;
}

static int
make_backup(void *context, struct why *why)
{
    const struct backing_up *b = context;
    struct journal *from = NULL;
    struct copied copied;
    struct board_keys keys;
    int rc = board_keys_load(b->dir, &keys, why);

    if (!rc)
        rc = copy_settings(b, why);
    if (!rc)
        rc = open_board(b, &keys, &from, why);
    if (!rc)
        rc = copy_journal(b, &keys, from, &copied, why);
    if (!rc)
        rc = write_head(b, &keys, &copied, why);
    journal_close(&from);
    board_keys_wipe(&keys);
    return rc;
}

/* --- its name ------------------------------------------------------------------------ */

/* What one that was cut off has left; nothing, where it goes on, or where it is another's. */
static int
clear(const char *unfinished, struct why *why)
{
    if (!parts_are_all(unfinished))
        return why_set(why, -EEXIST, "%s is there, and holds what no backup does: move it away",
                       unfinished);
    int lock = lock_take(unfinished, why);

    if (lock < 0)
        return lock;
    int rc = parts_remove(unfinished, false);
    lock_release(&lock);
    return rc ? why_set(why, rc, "%s, of a backup that was cut off, can't be taken away: %s",
                        unfinished, strerror(-rc))
              : 0;
}

/* The folder to make it in: a lock's descriptor, or a negative error. */
static int
begin(const struct backing_up *b, struct why *why)
{
    int rc = 0;

    if (access(b->path, F_OK) == 0)
        return why_set(why, -EEXIST, "%s is there already: name a new folder", b->path);
    if ((rc = parts_check_place(b->path, why)))
        return rc;
    if (access(b->unfinished, F_OK) == 0 && (rc = clear(b->unfinished, why)))
        return rc;
    if (mkdir(b->unfinished, 0700))
        return why_set(why, -errno, "%s can't be made: %s", b->unfinished, strerror(errno));
    return lock_take(b->unfinished, why);
}

/* The lock goes last: what is locked no other backup takes away. */
static int
name_it(const struct backing_up *b, struct why *why)
{
    char above[BOARD_PATH];
    char lock[BOARD_PATH];

    int rc = environment_sync(b->unfinished, why);
    if (rc)
        return rc;
    if (rename(b->unfinished, b->path))
        return why_set(why, -errno, "%s can't be renamed to %s: %s", b->unfinished, b->path,
                       strerror(errno));
    board_path(b->path, "lock", lock);
    (void)unlink(lock);
    board_path(b->path, "..", above);
    return environment_sync(above, why);
}

static int
make(struct backing_up *b, struct why *why)
{
    int lock = begin(b, why);

    if (lock < 0)
        return lock;
    int rc = probe_try(make_backup, b, why);
    if (rc == PROBE_CRASHED)
        rc = why_set(why, JOURNAL_DAMAGED,
                     "%s/journal is damaged: reading it ends in a crash. No backup was made of "
                     "it; restore the newest that there is",
                     b->dir);
    if (!rc)
        rc = name_it(b, why);
    if (rc)
        (void)parts_remove(b->unfinished, false);
    lock_release(&lock);
    return rc;
}

static int
tell(const struct backing_up *b, struct why *why)
{
    char note[CHECKPOINT_NOTE];
    char keys[BOARD_PATH];
    struct checkpoint c;
    int rc = parts_read_head(b->path, note, &c, why);

    if (rc)
        return rc;
    board_path(b->path, "settings/board.zpl", keys);
    printf("%s holds the entries 1 to %" PRIu64 "\n%s\n%s", b->path, c.head.size,
           access(keys, F_OK) == 0
               ? "and the board's keys, as far as they lay in its directory: keep it as "
                 "safe as that"
               : "and no keys: keep board.zpl in another safe place, a restore needs it",
           note);
    return 0;
}

static int
prune(const char *dir, const char *folder, const char *made, int keep, struct why *why)
{
    struct board_keys keys;
    int rc = board_keys_load(dir, &keys, why);

    if (!rc)
        rc = rotation_prune(folder, made, keep, &keys, why);
    board_keys_wipe(&keys);
    return rc;
}

int
broker_backup(const char *dir, const char *to, const struct backup_option *options, struct why *why)
{
    struct backing_up b = {.dir = dir, .keys = !options->without_keys};
    int rc = options->has.keep ? rotation_name(to, time(NULL), b.path, why) : 0;

    if (rc)
        return rc;
    if (!options->has.keep)
        (void)snprintf(b.path, sizeof b.path, "%s", to);
    for (size_t len = strlen(b.path); len > 1 && b.path[len - 1] == '/';)
        b.path[--len] = '\0';
    if (snprintf(b.unfinished, sizeof b.unfinished, "%s.unfinished", b.path)
        >= (int)sizeof b.unfinished)
        return why_set(why, -ENAMETOOLONG, "%.80s...: the name is too long", to);
    board_path(b.unfinished, "settings", b.settings);
    board_settings_path(dir, b.config);
    if ((rc = make(&b, why)) || (rc = tell(&b, why)))
        return rc;
    return options->has.keep ? prune(dir, to, b.path, (int)options->keep, why) : 0;
}
