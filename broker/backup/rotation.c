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

int
rotation_name(const char *folder, time_t now, char path[BOARD_PATH], struct why *why)
{
    char name[NAME + 1];
    struct tm tm;

    if (mkdir(folder, 0700) && errno != EEXIST)
        return why_set(why, -errno, "%s can't be made: %s", folder, strerror(errno));
    if (!gmtime_r(&now, &tm) || !strftime(name, sizeof name, "%Y-%m-%dT%H%M%SZ", &tm))
        return why_set(why, -EINVAL, "the host's clock has no time that can be a name");
    board_path(folder, name, path);
    return 0;
}

/* The head goes first: what is left of one that could not be taken away is no backup. */
static int
take_away(const char *folder, const char *name, struct why *why)
{
    char path[BOARD_PATH];
    char head[BOARD_PATH];

    board_path(folder, name, path);
    board_path(path, "head", head);
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
        int lock = lock_take(path, &held);
        if (lock >= 0)
            rc = take_away(folder, list[i]->d_name, why);
        lock_release(&lock);
    }
    free_list(list, count < 0 ? 0 : count);
    return rc;
}

int
rotation_prune(const char *folder, const char *made, int keep, struct why *why)
{
    const char *slash = strrchr(made, '/');
    const char *newest = slash ? slash + 1 : made;
    struct dirent **list;
    int rc = 0;
    int count = scandir(folder, &list, is_backup, alphasort);

    if (count < 0)
        return why_set(why, -errno, "%s can't be read: %s", folder, strerror(errno));
    for (int i = 0, left = count; i < count && left > keep && !rc; i++)
        if (strcmp(list[i]->d_name, newest) != 0) {
            rc = take_away(folder, list[i]->d_name, why);
            left--;
        }
    free_list(list, count);
    return rc ? rc : clear_unfinished(folder, why);
}

int
rotation_find(const char *from, char path[BOARD_PATH], struct why *why)
{
    char head[BOARD_PATH];
    struct dirent **list;

    (void)snprintf(path, BOARD_PATH, "%s", from);
    board_path(from, "head", head);
    if (access(head, F_OK) == 0)
        return 0;
    int count = scandir(from, &list, is_backup, alphasort);
    if (count < 0)
        return why_set(why, -errno, "%s can't be read: %s", from, strerror(errno));
    bool found = false;
    for (int i = count - 1; i >= 0 && !found; i--) {
        board_path(from, list[i]->d_name, path);
        board_path(path, "head", head);
        found = access(head, F_OK) == 0;
    }
    free_list(list, count);
    return found ? 0 : why_set(why, -ENOENT, "%s is no backup, and holds none", from);
}
