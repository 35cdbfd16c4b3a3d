#include "broker/backup/restored.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/backup/parts.h"
#include "broker/commands/own.h"
#include "schema/fold.h"
#include "schema/json.h"
#include "schema/records_of.h"
#include "store/environment.h"

enum { ENTRY = 1024, LINE = 2 * ENTRY + 100 };

/* clang-format off */
#define BEGUN_FIELDS(F, S)                                                                         \
    F(S, entry, REQUIRED, BIN(1, ENTRY), "the entry that began an epoch, as the journal keeps it")
/* clang-format on */
#define BEGUN_RECORDS(X) X(begun, BEGUN_FIELDS, CLOSED, "An epoch that a restore began.")
BEGUN_RECORDS(RECORD_STRUCT)
BEGUN_RECORDS(RECORD_EXTERN)
BEGUN_RECORDS(RECORD_TABLE)

/* --- what is kept --------------------------------------------------------------------- */

static bool
read_lines(struct arena *arena, FILE *from, struct restored *out)
{
    char *line = arena_take(arena, LINE);
    struct fault fault;
    struct begun begun;

    while (fgets(line, LINE, from)) {
        if (out->count == RESTORED_MOST
            || !record_from_json(arena, &begun_record, &begun, line, strcspn(line, "\n"), &fault))
            return false;
        out->at[out->count++] = begun.entry;
    }
    return !ferror(from);
}

int
restored_load(struct arena *arena, const char *backup, struct restored *out, struct why *why)
{
    char path[BOARD_PATH];

    *out = (struct restored){.count = 0};
    board_path(backup, "restored", path);
    FILE *from = fopen(path, "re");
    if (!from && errno == ENOENT)
        return 0;
    bool well = from && read_lines(arena, from, out);
    if (from)
        (void)fclose(from);
    return well ? 0
                : why_set(why, -EBADMSG,
                          "%s is not what a restore has written: move it away, and say with "
                          "--epoch which one to begin",
                          path);
}

/* --- what is known ---------------------------------------------------------------------- */

/* The last epoch that a folder with a head knows of; 0 where it is none of this board, as is one
   of the same name but another key. */
static int64_t
find_last(struct arena *arena, const char *backup, const struct board_keys *keys)
{
    char *note = arena_take(arena, CHECKPOINT_NOTE);
    struct checkpoint *head = arena_take(arena, sizeof *head);
    struct restored *before = arena_take(arena, sizeof *before);
    struct fault fault;
    struct text board;
    struct why why;
    int64_t last;

    if (parts_read_head(backup, note, head, &why)
        || !checkpoint_read_origin(head->origin, &board, &last) || !text_is(board, keys->name)
        || !checkpoint_verify(head, note, strlen(note), head->origin, keys->signed_by, &fault))
        return 0;
    return restored_load(arena, backup, before, &why) ? last : last + before->count;
}

int64_t
restored_last(struct arena *arena, const char *backup, const struct board_keys *keys)
{
    char folder[BOARD_PATH], path[BOARD_PATH];
    const struct dirent *entry;
    int64_t last = find_last(arena, backup, keys);

    (void)snprintf(folder, sizeof folder, "%s", backup);
    parts_cut_name(folder);
    DIR *beside = opendir(folder);
    while (beside && (entry = readdir(beside))) {
        board_path(folder, entry->d_name, path);
        int64_t other = find_last(arena, path, keys);
        last = other > last ? other : last;
    }
    if (beside)
        (void)closedir(beside);
    return last;
}

/* --- beginning an epoch ------------------------------------------------------------------ */

/* By the entry that an earlier restore made of the same backup, which must be the very next. */
static int
repeat_restored(struct own *own, const struct tree_head *head, struct bytes entry, struct why *why)
{
    struct stored stored;

    if (stored_decode(own->arena, entry, &stored) && stored.accepted
        && stored.entry.kind == KIND_BOARD && stored.entry.number == own->number + 1
        && stored.body.board.what == BOARD_RESTORE
        && memcmp(stored.body.board.root.at, head->root.bytes, TREE_HASH) == 0)
        return own_repeat(own, entry, why);
    return why_set(why, -EBADMSG,
                   "the backup's `restored` tells of a restore of another backup: move it away, "
                   "and say with --epoch which one to begin");
}

static int
say_restored(struct own *own, const struct tree_head *head, struct why *why)
{
    union body body = {.board = {.what = BOARD_RESTORE,
                                 .number = (int64_t)head->size,
                                 .root = {head->root.bytes, TREE_HASH}}};

    body.board.has.what = body.board.has.number = body.board.has.root = 1;
    return own_say(own, KIND_BOARD, &body, why);
}

int
restored_add(struct journal *journal, const struct bytes *entry, bool *doubted, struct why *why)
{
    struct tree_head head;
    struct own own;
    int rc = own_resume(&own, journal, why);

    journal_head(journal, &head);
    if (!rc)
        rc = entry ? repeat_restored(&own, &head, *entry, why) : say_restored(&own, &head, why);
    if (!rc)
        rc = own_write(&own, journal, why);
    *doubted = own.doubted;
    own_end(&own);
    return rc;
}

/* --- keeping ---------------------------------------------------------------------------- */

static int
write_lines(struct journal *journal, uint64_t from, FILE *to)
{
    struct arena *arena = arena_new();
    uint8_t *bytes = arena_take(arena, JOURNAL_ENTRY);
    struct tree_head head;
    size_t len;
    int rc = 0;

    journal_head(journal, &head);
    for (uint64_t number = from; number <= head.size && !rc; number++)
        if ((rc = journal_get(journal, number, bytes, &len)) == 0) {
            struct begun begun = {.has.entry = 1, .entry = {bytes, (uint32_t)len}};
            struct text line = record_to_json(arena, &begun_record, &begun);
            (void)fprintf(to, "%.*s\n", (int)line.len, line.at);
        }
    arena_destroy(&arena);
    return rc;
}

int
restored_keep(const char *backup, struct journal *journal, uint64_t from)
{
    char path[BOARD_PATH];

    board_path(backup, "restored.new", path);
    FILE *to = fopen(path, "we");
    if (!to)
        return -errno;
    int rc = write_lines(journal, from, to);
    if (fflush(to) || fsync(fileno(to)))
        rc = -errno;
    (void)fclose(to);
    if (rc)
        (void)unlink(path);
    return rc;
}

void
restored_settle(const char *backup, bool well)
{
    char from[BOARD_PATH], to[BOARD_PATH];
    struct stat kept;
    struct why why;

    board_path(backup, "restored.new", from);
    board_path(backup, "restored", to);
    if (!well)
        (void)unlink(from);
    else if (lstat(from, &kept) == 0 && S_ISREG(kept.st_mode) && rename(from, to) == 0)
        (void)environment_sync(backup, &why);
}
