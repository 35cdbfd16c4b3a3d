#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/wire/identity.h"

/* --- reading -------------------------------------------------------------- */

static bool
refuse_errno(struct fault *fault, enum fault_code code, const char *doing)
{
    return fault_set(fault, code, "", "%s: %s", doing, strerror(errno));
}

/* All of the file, or -1 with errno. */
static ssize_t
read_all(int fd, char *text, size_t size)
{
    size_t len = 0;
    ssize_t got;

    do {
        got = read(fd, text + len, size - len);
        len += got > 0 ? (size_t)got : 0;
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got < 0 ? -1 : (ssize_t)len;
}

static bool
check_needs(const struct identity *identity, unsigned needs, struct fault *fault)
{
    static const struct {
        unsigned part;
        const char *path;
    } parts[] = {
        {HAS_CLIENT, "client"},           {HAS_PUBLIC, "curve/public-key"},
        {HAS_SECRET, "curve/secret-key"}, {HAS_SERVER, "broker/server-key"},
        {HAS_ADDRESS, "broker/address"},  {HAS_SIGNING, "broker/signing-key"},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (needs & ~identity->has & parts[i].part)
            return fault_set(fault, FAULT_FIELD_MISSING, parts[i].path, "is not in the file");
    return true;
}

/* The mode is asked of the open file, not of its name, which may by then mean
   another. */
static bool
load_open(struct identity *out, int fd, struct fault *fault)
{
    char text[IDENTITY_FILE + 1];
    struct stat status;

    if (fstat(fd, &status) != 0)
        return refuse_errno(fault, FAULT_NOT_FOUND, "can't be looked at");
    if (!S_ISREG(status.st_mode))
        return fault_set(fault, FAULT_MALFORMED, "", "is not a file");
    ssize_t len = read_all(fd, text, sizeof text);
    if (len < 0)
        return refuse_errno(fault, FAULT_NOT_FOUND, "can't be read");
    bool ok = (size_t)len <= IDENTITY_FILE;
    if (!ok)
        (void)fault_set(fault, FAULT_LIMIT, "", "is larger than any key file");
    ok = ok && identity_read(out, text, (size_t)len, fault);
    explicit_bzero(text, sizeof text);
    if (ok && (out->has & HAS_SECRET) && (status.st_mode & (S_IRWXG | S_IRWXO)))
        return fault_set(fault, FAULT_NOT_PERMITTED, "curve/secret-key",
                         "others may read this secret (mode %04o): chmod 600 it, and if they may "
                         "have, make a new key",
                         status.st_mode & 07777U);
    return ok;
}

bool
identity_load(struct identity *out, const char *path, unsigned needs, struct fault *fault)
{
    memset(out, 0, sizeof *out);
    /* O_NONBLOCK, or a pipe of that name would hold us up. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 && errno == EACCES)
        return fault_set(fault, FAULT_NOT_PERMITTED, "",
                         "can't be opened: %s: do it as the user whose it is, or as root",
                         strerror(errno));
    if (fd < 0)
        return refuse_errno(fault, FAULT_NOT_FOUND, "can't be opened");
    bool ok = load_open(out, fd, fault) && check_needs(out, needs, fault);
    (void)close(fd);
    if (!ok)
        identity_wipe(out);
    return ok;
}

/* --- writing -------------------------------------------------------------- */

static int
write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, text, len);
        if (put < 0 && errno != EINTR)
            return -1;
        text += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
    return 0;
}

/* So that the name is durable too. */
static int
sync_folder_of(const char *path)
{
    char copy[PATH_MAX];

    (void)snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int rc = fsync(fd);
    (void)close(fd);
    return rc;
}

/* A new file, or none: what could not be written whole is taken away. With an owner it is
   given to that one before a secret is in it. */
static int
create(const struct identity *identity, const char *path, const struct stat *owner)
{
    char text[IDENTITY_FILE];
    size_t len = identity_write(identity, text);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int rc = fd < 0 ? -1 : 0;

    if (rc == 0 && owner)
        rc = fchown(fd, owner->st_uid, owner->st_gid);
    if (rc == 0)
        rc = write_all(fd, text, len);
    explicit_bzero(text, sizeof text);
    if (rc == 0)
        rc = fsync(fd);
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && rc == 0) {
        why = errno;
        rc = -1;
    }
    if (fd >= 0 && rc != 0)
        (void)unlink(path);
    errno = why;
    return rc;
}

bool
identity_save(const struct identity *identity, const char *path, struct fault *fault)
{
    if (create(identity, path, NULL) == 0 && sync_folder_of(path) == 0)
        return true;
    if (errno == EEXIST)
        return fault_set(fault, FAULT_RULE, "",
                         "is there already; a key file is never overwritten");
    return refuse_errno(fault, FAULT_NOT_FOUND, "can't be written");
}

/* Whoever had the old file has the new one, where root replaces it: or a program of less
   rights could not read what was done for it. NULL if that is us. */
static const struct stat *
find_owner(const char *old, struct stat *status)
{
    return stat(old, status) != 0 || status->st_uid == geteuid() ? NULL : status;
}

bool
identity_replace(const struct identity *identity, const char *path, struct fault *fault)
{
    char fresh[PATH_MAX];
    struct stat status;

    int len = snprintf(fresh, sizeof fresh, "%s.new", path);
    if (len < 0 || (size_t)len >= sizeof fresh) {
        errno = ENAMETOOLONG;
        return refuse_errno(fault, FAULT_NOT_FOUND, "can't be written");
    }
    (void)unlink(fresh); /* left by one that was killed here */
    if (create(identity, fresh, find_owner(path, &status)) == 0 && rename(fresh, path) == 0
        && sync_folder_of(path) == 0)
        return true;
    return refuse_errno(fault, FAULT_NOT_FOUND, "can't be replaced");
}
