#include "agents/libmaat/head.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/files/whole_file.h"

enum { NOTE = 4096 }; /* with the signatures of witnesses */

/* --- the file ------------------------------------------------------------------------ */

/* 1 and what the file says; 0 if there is none; -errno, or -EBADMSG with a fault. */
static int
load(const char *path, struct checkpoint *out, struct fault *fault)
{
    char note[NOTE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT ? 0 : -errno;
    ssize_t len = read(fd, note, sizeof note);
    int rc = len < 0 ? -errno : 1;
    (void)close(fd);
    if (rc == 1 && !checkpoint_parse(out, note, (size_t)len, fault))
        rc = -EBADMSG;
    return rc;
}

/* One process at a time: until the descriptor is closed. */
static int
lock(const struct head_keeper *k)
{
    int fd = open(k->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX)) {
        int rc = -errno;
        (void)close(fd);
        return rc;
    }
    return fd;
}

/* --- opening ---------------------------------------------------------------------------- */

static bool
name_files(struct head_keeper *k, const char *folder, const uint8_t server[CURVE_KEY])
{
    char name[2 * CURVE_KEY + 1];

    for (size_t i = 0; i < CURVE_KEY; i++)
        (void)snprintf(name + 2 * i, 3, "%02x", server[i]);
    return snprintf(k->folder, sizeof k->folder, "%s/heads", folder) < (int)sizeof k->folder
           && snprintf(k->path, sizeof k->path, "%s/%s", k->folder, name) < (int)sizeof k->path;
}

/* The outbox's owner has it too, whoever makes it: maat-agent rotate may be root's. */
static int
make_folder(const struct head_keeper *k, const char *outbox)
{
    if (mkdir(k->folder, 0700))
        return errno == EEXIST ? 0 : -errno;
    int fd = open(k->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = whole_file_give(fd, outbox);
    (void)close(fd);
    return rc;
}

int
head_open(struct head_keeper *k, const char *folder, const struct identity *identity,
          const char *forget, char why[HEAD_WHY])
{
    struct fault fault;

    *k = (struct head_keeper){.forget = forget};
    k->is_signed = identity->has & HAS_SIGNING;
    memcpy(k->signing, identity->signing, sizeof k->signing);
    int rc = name_files(k, folder, identity->server) ? 0 : -ENAMETOOLONG;
    if (!rc)
        rc = make_folder(k, folder);
    if (rc) {
        (void)snprintf(why, HEAD_WHY, "the folder %s/heads can't be made: %s", folder,
                       strerror(-rc));
        return rc;
    }
    if ((rc = load(k->path, &k->kept, &fault)) >= 0)
        return 0;
    k->kept = (struct checkpoint){0};
    (void)snprintf(why, HEAD_WHY,
                   "what was seen last of the board's journal, %s, can't be read: %s", k->path,
                   rc == -EBADMSG ? fault.reason : strerror(-rc));
    return rc;
}

bool
head_is_kept(const struct head_keeper *k)
{
    return k->kept.origin[0] != '\0';
}

/* --- what the broker shows ----------------------------------------------------------------- */

bool
head_read(const struct head_keeper *k, struct text note, const char *origin, struct checkpoint *out,
          struct fault *fault)
{
    if (k->is_signed)
        return checkpoint_verify(out, note.at, note.len, origin, k->signing, fault);
    if (!checkpoint_parse(out, note.at, note.len, fault))
        return false;
    return strcmp(out->origin, origin) == 0
           || fault_set(fault, FAULT_MALFORMED, "", "the tree head is of another origin");
}

/* Of the same board, in a later epoch. */
static bool
comes_later(const char *kept, const char *shown)
{
    struct text board, also;
    int64_t epoch, later;

    return checkpoint_read_origin(kept, &board, &epoch)
           && checkpoint_read_origin(shown, &also, &later) && text_equal(board, also)
           && later > epoch;
}

enum head_change
head_compare(const struct head_keeper *k, const struct checkpoint *shown)
{
    const struct tree_head *kept = &k->kept.head;

    if (!head_is_kept(k))
        return HEAD_FIRST;
    if (strcmp(k->kept.origin, shown->origin) != 0)
        return comes_later(k->kept.origin, shown->origin) ? HEAD_RESTORED : HEAD_OTHER;
    if (shown->head.size != kept->size)
        return shown->head.size > kept->size ? HEAD_GREW : HEAD_SHRANK;
    return tree_hash_equal(&kept->root, &shown->head.root) ? HEAD_SAME : HEAD_REWRITTEN;
}

/* --- keeping and forgetting ------------------------------------------------------------------ */

int
head_keep(struct head_keeper *k, const struct checkpoint *shown, struct text note)
{
    struct checkpoint there = {0};
    struct fault fault;
    int fd = lock(k);

    if (fd < 0)
        return fd;
    int rc = load(k->path, &there, &fault);
    bool is_larger =
        rc == 1 && strcmp(there.origin, shown->origin) == 0 && there.head.size >= shown->head.size;
    rc = is_larger ? 0 : whole_file_write(k->path, 0600, note.at, note.len);
    (void)close(fd);
    if (!rc)
        k->kept = *shown;
    return rc;
}

int
head_forget(struct head_keeper *k)
{
    char aside[PATH_MAX + sizeof ".forgotten"];
    int fd = lock(k);

    if (fd < 0)
        return fd;
    (void)snprintf(aside, sizeof aside, "%s.forgotten", k->path);
    int rc = rename(k->path, aside) == 0 ? 1 : errno == ENOENT ? 0 : -errno;
    if (rc == 1 && fsync(fd))
        rc = -errno;
    (void)close(fd);
    if (rc >= 0)
        k->kept = (struct checkpoint){0};
    return rc;
}
