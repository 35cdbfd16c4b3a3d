#include "broker/backup/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "broker/backup/copying.h"
#include "broker/backup/parts.h"
#include "broker/backup/rebuilding.h"
#include "broker/backup/restored.h"
#include "broker/backup/rotation.h"
#include "broker/board.h"
#include "broker/commands/verify.h"
#include "schema/days.h"
#include "store/environment.h"
#include "store/lock.h"
#include "store/probe.h"

enum { MIB = 1 << 20, EPOCHS_MOST = 10 };

struct restoring {
    char from[BOARD_PATH];                       /* the backup */
    char settings[BOARD_PATH], keys[BOARD_PATH]; /* the folders of broker.zpl and board.zpl */
    const char *dir;
    struct restored before; /* epochs that restores of it have begun */
    int64_t said;           /* which epoch to begin; 0: the next */
    int64_t last, epoch;    /* the last that is known of it, and that to begin */
    bool keeps;             /* what is begun now, too: no drill */
    struct arena *arena;
    struct run_option options;
    struct board_keys board;
    struct copied copied;
};

/* --- what the backup says ------------------------------------------------------------ */

static int
load_keys(struct restoring *r, struct why *why)
{
    char path[BOARD_PATH];

    board_path(r->keys, "board.zpl", path);
    if (access(path, F_OK))
        return why_set(why, -ENOENT,
                       "%s is not there: say with --keys in which folder the board's board.zpl "
                       "is",
                       path);
    return board_keys_load(r->keys, &r->board, why);
}

/* The head, if this board's key has signed it. */
static int
read_head(const struct restoring *r, struct checkpoint *out, struct why *why)
{
    char note[CHECKPOINT_NOTE];
    char origin[CHECKPOINT_ORIGIN + 1];
    struct fault fault;
    int rc = parts_read_head(r->from, note, out, why);

    if (rc)
        return rc;
    memcpy(origin, out->origin, sizeof origin);
    size_t len = strlen(r->board.name);
    if (strncmp(origin, r->board.name, len) != 0 || origin[len] != '.')
        return why_set(why, JOURNAL_BOARD,
                       "%s is a backup of %s, and the keys in %s are those of board %s: put the "
                       "right ones together",
                       r->from, origin, r->keys, r->board.name);
    return checkpoint_verify(out, note, strlen(note), origin, r->board.signed_by, &fault)
               ? 0
               : why_set(why, -EBADMSG, "%s/head was not signed by the key in %s/board.zpl: %s",
                         r->from, r->keys, fault.reason);
}

static int
open_backup(const struct restoring *r, struct journal **out, struct why *why)
{
    const struct journal_owner owner = {r->board.name, r->board.signed_by};
    struct tree_head there;
    struct checkpoint head;
    char path[BOARD_PATH];
    int rc = read_head(r, &head, why);

    if (rc)
        return rc;
    board_path(r->from, "journal", path);
    if ((rc =
             journal_read_lmdb(out, path, &owner, (size_t)r->options.journal_gib * GIB, true, why)))
        return rc;
    journal_head(*out, &there);
    if (there.size == head.head.size && tree_hash_equal(&there.root, &head.head.root))
        return 0;
    return why_set(why, JOURNAL_DAMAGED,
                   "%s/journal ends with entry %" PRIu64 ", and is not what %s/head says of entry "
                   "%" PRIu64 ": use another backup",
                   r->from, there.size, r->from, head.head.size);
}

/* --- the journal ----------------------------------------------------------------------- */

/* What the copy was made of, as far as only this process knows. */
static void
tell_copied(const struct restoring *r, bool doubted)
{
    char day[DAY_TEXT];

    day_format(day_in_london(r->copied.newest), day);
    printf("backup      %s: entries 1 to %" PRIu64 ", the newest of %s\n", r->from,
           r->copied.head.size, day);
    if (r->last > r->copied.epoch)
        printf("epoch       %" PRId64 ", as a restore before this one has begun epoch %" PRId64
               "\n",
               r->epoch, r->last);
    if (doubted)
        printf("clock       is more than a week off that day, so that it is not believed: the "
               "broker will take\n            nothing until an operator has said what day it is "
               "(maat board confirm-clock)\n");
}

/* The next, unless it is said which: there may be clients that have seen a later one. */
static int
choose_epoch(struct restoring *r, struct why *why)
{
    int rc = restored_load(r->arena, r->from, &r->before, why);

    if (rc)
        return rc;
    r->last = restored_last(r->arena, r->from, &r->board);
    r->epoch = r->said ? r->said : r->last + 1;
    if (r->epoch > r->last && r->epoch <= r->last + EPOCHS_MOST)
        return 0;
    return why_set(why, -EINVAL,
                   "--epoch: the last epoch that %s knows of is %" PRId64 ", after which %" PRId64
                   " to %" PRId64 " can be begun",
                   r->from, r->last, r->last + 1, r->last + EPOCHS_MOST);
}

/* What can't be kept a person must remember. */
static void
keep_restored(const struct restoring *r, struct journal *journal)
{
    int rc = restored_keep(r->from, journal, r->copied.head.size + 1);

    if (rc)
        printf("note        %s/restored can't be written (%s): were this backup restored once "
               "more, say\n            --epoch %" PRId64 " then\n",
               r->from, strerror(-rc), r->epoch + 1);
}

/* An entry for each epoch up to that one; no more than can be kept with the backup. */
static int
begin_epoch(const struct restoring *r, struct journal *journal, struct why *why)
{
    int64_t epoch = r->copied.epoch;
    bool doubted = false;
    int rc = 0;

    if (r->epoch - epoch > RESTORED_MOST)
        return why_set(why, -EINVAL,
                       "%s is of epoch %" PRId64 ", too far before epoch %" PRId64
                       ", which is to begin: use a newer backup",
                       r->from, epoch, r->epoch);
    for (unsigned i = 0; i < r->before.count && !rc; i++, epoch++)
        rc = restored_add(journal, &r->before.at[i], &doubted, why);
    for (; epoch < r->epoch && !rc; epoch++)
        rc = restored_add(journal, NULL, &doubted, why);
    if (!rc)
        tell_copied(r, doubted);
    if (!rc && r->keeps)
        keep_restored(r, journal);
    return rc;
}

static int
copy_journal(struct restoring *r, struct journal *backup, struct why *why)
{
    const struct journal_owner owner = {r->board.name, r->board.signed_by};
    struct journal *journal = NULL;
    char path[BOARD_PATH];

    board_path(r->dir, "journal", path);
    int rc = journal_create_lmdb(path, &owner, (int64_t)time(NULL) * 1000000, why);
    if (!rc)
        rc = board_open_journal(r->dir, &r->board, (size_t)r->options.journal_gib * GIB, &journal,
                                why);
    if (!rc && (rc = copying_run(backup, journal, "restore", &r->copied, why)) == JOURNAL_DAMAGED) {
        struct why found = *why;
        (void)why_set(why, rc, "%s is damaged: %.200s. Use another backup", r->from, found.text);
    }
    if (!rc)
        rc = begin_epoch(r, journal, why);
    if (!rc)
        rc = rebuilding_run(r->dir, &r->board, journal, (size_t)r->options.state_gib * GIB, why);
    journal_close(&journal);
    return rc;
}

/* --- the whole ------------------------------------------------------------------------- */

static int
copy_settings(const struct restoring *r, struct why *why)
{
    char path[BOARD_PATH];

    board_path(r->settings, "broker.zpl", path);
    if (access(path, F_OK))
        return 0;
    printf("settings    %s/broker.zpl, which counts before %s\n", r->dir, BROKER_CONFIG);
    return parts_copy_settings(path, r->dir, why);
}

/* In a child process: damage may do what it likes there. */
static int
make_board(void *context, struct why *why)
{
    struct restoring *r = context;
    struct arena *arena = arena_new();
    struct journal *backup = NULL;
    int lock = -1;
    int rc = load_keys(r, why);

    if (!rc)
        rc = parts_read_settings(r->settings, arena, &r->options, why);
    if (!rc)
        rc = open_backup(r, &backup, why);
    if (!rc)
        rc = choose_epoch(r, why);
    if (!rc)
        rc = parts_check_room(r->dir, 2 * parts_journal_size(r->from),
                              (uint64_t)r->options.reserve_mib * MIB, why);
    if (!rc && (lock = lock_take(r->dir, why)) < 0)
        rc = lock;
    if (!rc)
        rc = copy_journal(r, backup, why);
    if (!rc)
        rc = copy_settings(r, why);
    if (!rc)
        rc = parts_copy_keys(r->keys, r->dir, why);
    lock_release(&lock);
    journal_close(&backup);
    board_keys_wipe(&r->board);
    arena_destroy(&arena);
    return rc;
}

static int
restore(const char *from, const char *dir, const char *keys, struct restoring *r, struct why *why)
{
    bool was_there = access(dir, F_OK) == 0;
    int rc = rotation_find(from, r->from, why);

    if (rc)
        return rc;
    r->dir = dir;
    board_path(r->from, "settings", r->settings);
    (void)snprintf(r->keys, sizeof r->keys, "%s", keys ? keys : r->settings);
    if ((rc = parts_check_place(dir, why)) || (rc = board_make_directory(dir, why)))
        return rc;
    rc = probe_try(make_board, r, why);
    if (rc == PROBE_CRASHED)
        rc = why_set(why, JOURNAL_DAMAGED,
                     "%s is damaged: reading it ends in a crash. Use another backup", r->from);
    if (!rc)
        rc = broker_verify(dir, &(struct verify_option){0}, why);
    if (r->keeps)
        restored_settle(r->from, rc == 0);
    if (rc)
        (void)parts_remove(dir, was_there);
    return rc;
}

static char *
string_of(struct text t, char buf[BOARD_PATH])
{
    (void)snprintf(buf, BOARD_PATH, "%.*s", (int)t.len, t.at);
    return buf;
}

int
broker_restore(const char *from, const char *dir, const struct restore_option *options,
               struct why *why)
{
    static struct restoring r;
    char keys[BOARD_PATH];

    r = (struct restoring){.keeps = true, .arena = arena_new()};
    r.said = options->has.epoch ? options->epoch : 0;
    int rc = restore(from, dir, options->has.keys ? string_of(options->keys, keys) : NULL, &r, why);

    arena_destroy(&r.arena);
    if (rc)
        return rc;
    printf("%s is restored. From agencies it takes nothing until an operator opens intake:\n"
           "  maat-broker run %s                       start it; leads may send again now\n"
           "  maat board open -c %s/operator.zpl       when the actions are there that they sent\n",
           dir, dir, dir);
    return 0;
}

/* --- a drill --------------------------------------------------------------------------- */

/* Unless it is said where: in the folder of backups, else beside the one; where the next drill
   of it finds what this one may leave. */
static int
name_scratch(const char *from, const char *backup, const struct drill_option *options,
             char scratch[BOARD_PATH], struct why *why)
{
    const char *end = strcmp(from, backup) ? "/drill" : ".drill";
    size_t len = strlen(from);

    while (len > 1 && from[len - 1] == '/')
        len--;
    if (options->has.scratch)
        (void)string_of(options->scratch, scratch);
    else if (snprintf(scratch, BOARD_PATH, "%.*s%s", (int)len, from, end) >= BOARD_PATH)
        return why_set(why, -ENAMETOOLONG, "%.80s...: the name is too long", from);
    return 0;
}

/* The folder itself is locked, so that nothing of the lock stays in it: a descriptor, or a
   negative error. */
static int
enter_scratch(const char *scratch, struct why *why)
{
    if (mkdir(scratch, 0700) && errno != EEXIST)
        return why_set(why, -errno, "%s can't be made: %s", scratch, strerror(errno));
    int fd = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return why_set(why, -errno, "%s: %s", scratch, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    int rc = -errno;
    (void)close(fd);
    return why_set(why, rc, "%s: another drill is at it", scratch);
}

/* What a drill that was killed has left: by its name, and its owner, it is nobody else's. */
static int
clear_left(const char *dir, struct why *why)
{
    struct stat st;

    if (lstat(dir, &st))
        return errno == ENOENT ? 0 : why_set(why, -errno, "%s: %s", dir, strerror(errno));
    if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())
        return why_set(why, -EEXIST,
                       "%s is there, and no folder that a drill of this user has left: move it "
                       "away, or name another place by --scratch",
                       dir);
    int rc = parts_remove(dir, false);
    return rc ? why_set(why, rc, "%s can't be taken away: %s", dir, strerror(-rc)) : 0;
}

static int
drill(const char *backup, const char *dir, const char *keys, struct restoring *r, struct why *why)
{
    int rc = clear_left(dir, why);

    if (rc || (rc = restore(backup, dir, keys, r, why)))
        return rc;
    return clear_left(dir, why);
}

int
broker_drill(const char *from, const struct drill_option *options, struct why *why)
{
    static struct restoring r;
    char backup[BOARD_PATH], keys[BOARD_PATH], scratch[BOARD_PATH], dir[BOARD_PATH];
    int rc = rotation_find(from, backup, why);

    if (rc || (rc = name_scratch(from, backup, options, scratch, why)))
        return rc;
    bool was_there = options->has.scratch && access(scratch, F_OK) == 0;
    int lock = enter_scratch(scratch, why);
    if (lock < 0)
        return lock;
    board_path(scratch, "restored-by-drill", dir);
    r = (struct restoring){.arena = arena_new()};
    rc = drill(backup, dir, options->has.keys ? string_of(options->keys, keys) : NULL, &r, why);
    arena_destroy(&r.arena);
    if (!was_there)
        (void)rmdir(scratch);
    (void)close(lock);
    if (!rc)
        printf("%s can be restored\n", r.from);
    return rc;
}
