#include "broker/backup/rotation.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/backup/parts.h"
#include "store/lock.h"

enum { NAME = sizeof "2016-03-01T021500Z" - 1 };

/* A folder that has the name of a backup, and its head. Where that can't be read there is
   no origin, and it comes before all others. */
struct kept {
    char name[NAME + 1];
    char note[CHECKPOINT_NOTE];
    struct checkpoint head;
    int64_t epoch;
    bool is_remains; /* of one that was taken away: no head, and nothing that no backup has */
};

/* Digits where these are. */
static bool
is_name(const char *name)
{
    static const char form[] = "0000-00-00T000000Z";

    for (int i = 0; i < NAME; i++)
        if (form[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != form[i])
            return false;
    return true;
}

static int
is_backup(const struct dirent *entry)
{
    return is_name(entry->d_name) && entry->d_name[NAME] == '\0';
}

static int
is_unfinished(const struct dirent *entry)
{
    return is_name(entry->d_name) && strcmp(entry->d_name + NAME, ".unfinished") == 0;
}

static void
free_list(struct dirent **list, int count)
{
    for (int i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

/* --- what is there, the oldest first --------------------------------------------------- */

static void
read_kept(const char *folder, const char *name, struct kept *k)
{
    char path[BOARD_PATH];
    struct text board;
    struct why why;

    *k = (struct kept){.epoch = -1};
    memcpy(k->name, name, NAME);
    board_path(folder, name, path);
    int rc = parts_read_head(path, k->note, &k->head, &why);
    k->is_remains = rc == -ENOENT && parts_are_all(path);
    if (rc || !checkpoint_read_origin(k->head.origin, &board, &k->epoch))
        k->head = (struct checkpoint){0};
}

/* A journal only grows, whatever a clock said to the name; and each epoch follows from
   the one before. */
static int
compare_kept(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    if (x->epoch != y->epoch)
        return x->epoch < y->epoch ? -1 : 1;
    if (x->head.head.size != y->head.head.size)
        return x->head.head.size < y->head.head.size ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* How many, or a negative error; to be freed. */
static int
list_kept(const char *folder, struct kept **out, struct why *why)
{
    struct dirent **list;
    int count = scandir(folder, &list, is_backup, NULL);

    *out = NULL;
    if (count < 0)
        return why_set(why, -errno, "%s can't be read: %s", folder, strerror(errno));
    struct kept *kept = calloc((size_t)count + 1, sizeof *kept);
    if (!kept)
        abort();
    for (int i = 0; i < count; i++)
        read_kept(folder, list[i]->d_name, &kept[i]);
    free_list(list, count);
    qsort(kept, (size_t)count, sizeof *kept, compare_kept);
    *out = kept;
    return count;
}

/* --- what is made and taken away -------------------------------------------------------- */

int
rotation_name(const char *folder, time_t now, char path[BOARD_PATH], struct why *why)
{
    char name[NAME + 1];
    struct tm tm;

    if (!gmtime_r(&now, &tm) || !strftime(name, sizeof name, "%Y-%m-%dT%H%M%SZ", &tm))
        return why_set(why, -EINVAL, "the host's clock has no time that can be a name");
    board_path(folder, name, path);
    int rc = parts_check_place(path, why);
    if (!rc && mkdir(folder, 0700) && errno != EEXIST)
        rc = why_set(why, -errno, "%s can't be made: %s", folder, strerror(errno));
    return rc;
}

/* The head goes first: what is left of one that could not be taken away is no backup. Of a
   link nothing goes but itself. */
static int
take_away(const char *folder, const char *name, struct why *why)
{
    char path[BOARD_PATH];
    char head[BOARD_PATH];
    struct stat st;

    board_path(folder, name, path);
    board_path(path, "head", head);
    if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
        (void)unlink(head);
    int rc = parts_remove(path, false);
    return rc ? why_set(why, rc, "the old backup %s can't be taken away: %s", path, strerror(-rc))
              : 0;
}

/* But for one that goes on, and holds its lock. */
static int
clear_unfinished(const char *folder, struct why *why)
{
    char path[BOARD_PATH];
    struct dirent **list;
    struct why held;
    int rc = 0;
    int count = scandir(folder, &list, is_unfinished, alphasort);

    for (int i = 0; i < count && !rc; i++) {
        board_path(folder, list[i]->d_name, path);
        int lock = parts_are_all(path) ? lock_take(path, &held) : -1;
        if (lock >= 0)
            rc = take_away(folder, list[i]->d_name, why);
        lock_release(&lock);
    }
    free_list(list, count < 0 ? 0 : count);
    return rc;
}

/* Another board may have the same name, but not the same key. */
static bool
is_ours(const struct kept *k, const struct board_keys *keys)
{
    struct checkpoint c;
    struct fault fault;

    return k->is_remains
           || checkpoint_verify(&c, k->note, strlen(k->note), k->head.origin, keys->signed_by,
                                &fault);
}

int
rotation_prune(const char *folder, const char *made, int keep, const struct board_keys *keys,
               struct why *why)
{
    const char *slash = strrchr(made, '/');
    const char *newest = slash ? slash + 1 : made;
    struct kept *kept;
    int left = 0, rc = 0;
    int count = list_kept(folder, &kept, why);

    if (count < 0)
        return count;
    for (int i = 0; i < count; i++)
        left += is_ours(&kept[i], keys);
    for (int i = 0; i < count && left > keep && !rc; i++)
        if (strcmp(kept[i].name, newest) != 0 && is_ours(&kept[i], keys)) {
            rc = take_away(folder, kept[i].name, why);
            left--;
        }
    free(kept);
    return rc ? rc : clear_unfinished(folder, why);
}

/* --- which is meant ----------------------------------------------------------------------- */

static bool
is_same_board(const struct kept *a, const struct kept *b)
{
    struct text x, y;
    int64_t epoch;

    return !checkpoint_read_origin(a->head.origin, &x, &epoch)
           || !checkpoint_read_origin(b->head.origin, &y, &epoch) || text_equal(x, y);
}

int
rotation_find(const char *from, char path[BOARD_PATH], struct why *why)
{
    char head[BOARD_PATH];
    struct kept *kept;

    (void)snprintf(path, BOARD_PATH, "%s", from);
    board_path(from, "head", head);
    if (access(head, F_OK) == 0)
        return 0;
    int count = list_kept(from, &kept, why);
    if (count < 0)
        return count;
    const struct kept *last = count ? &kept[count - 1] : NULL;
    int rc = last && *last->head.origin
                 ? 0
                 : why_set(why, -ENOENT, "%s is no backup, and holds none", from);
    for (int i = 0; i < count && !rc; i++)
        if (!is_same_board(&kept[i], last))
            rc = why_set(why, -EINVAL,
                         "%s holds backups of several boards, as %s and %s: name the backup itself",
                         from, kept[i].name, last->name);
    if (!rc)
        board_path(from, last->name, path);
    free(kept);
    return rc;
}
