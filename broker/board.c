#include "broker/board.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/events.h"
#include "schema/ids.h"
#include "schema/wire/identity.h"
#include "schema/wire/listening.h"
#include "schema/wire/settings.h"
#include "schema/wire/zpl.h"

enum { HEX = 2 * CHECKPOINT_KEY, FILE_SIZE = 64 * 1024, KEY_ITEMS = 5 };

void
board_path(const char *dir, const char *name, char path[BOARD_PATH])
{
    (void)snprintf(path, BOARD_PATH, "%s/%s", dir, name);
}

int
board_make_directory(const char *dir, struct why *why)
{
    struct dirent *entry;

    if (mkdir(dir, 0700) == 0)
        return 0;
    DIR *there = errno == EEXIST ? opendir(dir) : NULL;
    if (!there)
        return why_set(why, -errno, "%s can't be made: %s", dir, strerror(errno));
    do
        entry = readdir(there);
    while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    (void)closedir(there);
    return entry ? why_set(why, -ENOTEMPTY, "%s is not empty: a board needs a directory of its own",
                           dir)
                 : 0;
}

void
board_keys_wipe(struct board_keys *keys)
{
    explicit_bzero(keys, sizeof *keys);
}

int
board_open_journal(const char *dir, const struct board_keys *keys, size_t map_bytes,
                   struct journal **out, struct why *why)
{
    const struct journal_owner owner = {keys->name, keys->signed_by};
    char path[BOARD_PATH];

    board_path(dir, "journal", path);
    return journal_open_lmdb(out, path, &owner, map_bytes, why);
}

int
board_read_journal(const char *dir, const struct board_keys *keys, size_t map_bytes,
                   struct journal **out, struct why *why)
{
    const struct journal_owner owner = {keys->name, keys->signed_by};
    char path[BOARD_PATH];

    board_path(dir, "journal", path);
    return journal_read_lmdb(out, path, &owner, map_bytes, false, why);
}

/* --- the keys' file ----------------------------------------------------------- */

static void
print_hex(const uint8_t key[CHECKPOINT_KEY], char text[HEX + 1])
{
    for (int i = 0; i < CHECKPOINT_KEY; i++)
        (void)snprintf(text + 2 * (size_t)i, 3, "%02x", key[i]);
}

static bool
parse_hex(const char *text, uint8_t key[CHECKPOINT_KEY])
{
    unsigned byte;

    if (strlen(text) != HEX || strspn(text, "0123456789abcdef") != HEX)
        return false;
    for (int i = 0; i < CHECKPOINT_KEY; i++) {
        if (sscanf(text + 2 * (size_t)i, "%2x", &byte) != 1) /* NOLINT: two digits, seen above */
            return false;
        key[i] = (uint8_t)byte;
    }
    return true;
}

static int
write_new(const char *path, const char *text, struct why *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t len = strlen(text);

    if (fd < 0)
        return why_set(why, -errno, "%s can't be made: %s", path, strerror(errno));
    bool ok = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
    int error = errno;
    if (close(fd) || !ok)
        return why_set(why, -error, "%s can't be written: %s", path, strerror(error));
    return 0;
}

int
board_keys_create(const char *dir, const char *name, struct board_keys *out, struct why *why)
{
    char path[BOARD_PATH];
    char text[2048];
    char public[CURVE_TEXT + 1];
    char secret[CURVE_TEXT + 1];
    char signing[HEX + 1];

    *out = (struct board_keys){0};
    (void)snprintf(out->name, sizeof out->name, "%s", name);
    if (curve_generate(out->public, out->secret)
        || getrandom(out->signing, sizeof out->signing, 0) != sizeof out->signing
        || checkpoint_public_key(out->signing, out->signed_by))
        return why_set(why, -EIO, "no keys can be made: the system gives no random bytes");
    curve_print(out->public, public);
    curve_print(out->secret, secret);
    print_hex(out->signing, signing);
    (void)snprintf(text, sizeof text,
                   "#   The board's own keys. Whoever has this file can speak as the board.\n"
                   "board = \"%s\"\n"
                   "curve\n    public-key = \"%s\"\n    secret-key = \"%s\"\n"
                   "signing-key = \"%s\"\n",
                   out->name, public, secret, signing);
    board_path(dir, "board.zpl", path);
    int rc = write_new(path, text, why);
    explicit_bzero(text, sizeof text);
    explicit_bzero(secret, sizeof secret);
    explicit_bzero(signing, sizeof signing);
    return rc;
}

/* A whole file, which is a page or two; in the arena, or NULL with errno. */
static char *
read_file(struct arena *arena, const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    char *text = NULL;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && st.st_size <= FILE_SIZE) {
        text = arena_take(arena, FILE_SIZE);
        ssize_t got = read(fd, text, FILE_SIZE);
        *len = got > 0 ? (size_t)got : 0;
    } else {
        errno = EFBIG;
    }
    (void)close(fd);
    return text;
}

static bool
take_key(const struct zpl_item *item, struct board_keys *out, unsigned *found)
{
    static const char *const paths[] = {"board", "curve", "curve/public-key", "curve/secret-key",
                                        "signing-key"};
    unsigned which = 0;

    while (which < KEY_ITEMS && strcmp(item->path, paths[which]) != 0)
        which++;
    *found |= 1u << which;
    switch (which) {
    case 0:
        (void)snprintf(out->name, sizeof out->name, "%.*s", ID_MAX, item->value);
        return id_valid(text_of(out->name));
    case 1: return true;
    case 2: return curve_parse(item->value, out->public);
    case 3: return curve_parse(item->value, out->secret);
    case 4: return parse_hex(item->value, out->signing);
    default: return false;
    }
}

static int
read_keys(const char *path, const char *text, size_t len, struct board_keys *out, struct why *why)
{
    struct zpl zpl = zpl_begin(text, len);
    struct zpl_item item;
    struct fault fault;
    unsigned found = 0;
    int rc;

    *out = (struct board_keys){0};
    while ((rc = zpl_next(&zpl, &item, &fault)) > 0)
        if (!take_key(&item, out, &found)) {
            rc = why_set(why, -EINVAL,
                         "%s: line %d does not hold what it should: restore the file from a backup",
                         path, item.line);
            break;
        }
    explicit_bzero(&item, sizeof item);
    if (rc == -1)
        return why_set(why, -EINVAL, "%s: %s: restore the file from a backup", path, fault.reason);
    if (rc)
        return rc;
    return found == (1u << KEY_ITEMS) - 1
               ? 0
               : why_set(why, -EINVAL, "%s lacks a key: restore it from a backup", path);
}

/* Where the service manager has them in its keeping (LoadCredential=), that is what counts. */
void
board_keys_path(const char *dir, char path[BOARD_PATH])
{
    const char *kept = getenv("CREDENTIALS_DIRECTORY");

    board_path(kept ? kept : dir, "board.zpl", path);
    if (kept && access(path, F_OK) != 0)
        board_path(dir, "board.zpl", path);
}

int
board_keys_load(const char *dir, struct board_keys *out, struct why *why)
{
    struct arena *arena = arena_new();
    char path[BOARD_PATH];
    struct stat st;
    size_t len = 0;
    int rc;

    board_keys_path(dir, path);
    const char *text = read_file(arena, path, &len);
    if (!text && errno == EACCES)
        rc = why_set(why, BOARD_NO_KEYS,
                     "%s can't be read: %s: do it as the broker's user, or as root", path,
                     strerror(errno));
    else if (!text)
        rc = why_set(
            why, BOARD_NO_KEYS,
            "%s can't be read: %s. Is %s a board's directory? `maat-broker init` makes one.", path,
            strerror(errno), dir);
    else if (stat(path, &st) == 0 && (st.st_mode & 077))
        rc = why_set(why, BOARD_NO_KEYS,
                     "%s holds the board's keys, and others may read it: chmod 600 it", path);
    else
        rc = read_keys(path, text, len, out, why);
    if (!rc && checkpoint_public_key(out->signing, out->signed_by))
        rc = why_set(why, -EIO, "libcrypto makes no Ed25519 key of that in %s", path);
    arena_destroy(&arena);
    return rc;
}

/* --- settings ------------------------------------------------------------------- */

void
board_settings_path(const char *dir, char path[BOARD_PATH])
{
    board_path(dir, "broker.zpl", path);
    if (access(path, F_OK) != 0)
        (void)snprintf(path, BOARD_PATH, "%s", BROKER_CONFIG);
}

bool
board_settings(const char *dir, struct arena *arena, struct option_values *values,
               struct run_option *out, struct fault *fault)
{
    char path[BOARD_PATH];
    struct why why;

    board_settings_path(dir, path);
    if (access(path, F_OK) == 0 && !settings_read(arena, path, &run_option_record, values, fault))
        return false;
    if (!options_decode(arena, &run_option_record, values, out, fault))
        return false;
    run_option_defaults(out);
    return !out->has.metrics
           || listening_may(text_string(arena, out->metrics), out->metrics_open, &why)
           || fault_set(fault, FAULT_FIELD_INVALID, "metrics", "%s", why.text);
}

/* --- files of the first clients ---------------------------------------------------- */

static const char *const first_clients[] = {"operator.zpl", "lead.zpl"};
enum { FIRST_CLIENTS = sizeof first_clients / sizeof *first_clients };

static void
take_addresses(struct identity *to, const struct texts *addresses)
{
    to->address_count = 0;
    for (uint32_t k = 0; k < addresses->count && k < IDENTITY_ADDRESSES; k++)
        (void)snprintf(to->address[to->address_count++], sizeof to->address[0], "%.*s",
                       (int)addresses->at[k].len, addresses->at[k].at);
    to->has |= to->address_count ? HAS_ADDRESS : 0;
}

/* Where no file of theirs says it any more: they were given away, as they should be. */
static void
find_announced(const char *dir, struct identity *to)
{
    struct arena *arena = arena_new();
    struct option_values none = {0};
    struct run_option o;
    struct fault fault;

    if (board_settings(dir, arena, &none, &o, &fault))
        take_addresses(to, &o.announce);
    arena_destroy(&arena);
}

static void
find_addresses(const char *dir, struct identity *to)
{
    char path[BOARD_PATH];
    struct identity id;
    struct fault fault;

    for (size_t i = 0; i < FIRST_CLIENTS && !(to->has & HAS_ADDRESS); i++) {
        board_path(dir, first_clients[i], path);
        if (!identity_load(&id, path, HAS_ADDRESS, &fault))
            continue;
        memcpy(to->address, id.address, sizeof to->address);
        to->address_count = id.address_count;
        to->has |= HAS_ADDRESS;
        identity_wipe(&id);
    }
}

bool
board_write_client(const char *dir, const char *path, const char *client,
                   const uint8_t public[CURVE_KEY], const uint8_t secret[CURVE_KEY],
                   const struct board_keys *keys, bool *found, struct fault *fault)
{
    struct identity id = {.has = HAS_CLIENT | HAS_PUBLIC | HAS_SECRET | HAS_SERVER | HAS_SIGNING};

    (void)snprintf(id.client, sizeof id.client, "%s", client);
    memcpy(id.public, public, CURVE_KEY);
    memcpy(id.secret, secret, CURVE_KEY);
    memcpy(id.server, keys->public, CURVE_KEY);
    memcpy(id.signing, keys->signed_by, CHECKPOINT_KEY);
    find_addresses(dir, &id);
    if (!(id.has & HAS_ADDRESS))
        find_announced(dir, &id);
    *found = id.has & HAS_ADDRESS;
    bool ok = identity_save(&id, path, fault);
    identity_wipe(&id);
    return ok;
}

static void
tell_not_written(const char *path, const char *reason)
{
    struct log_line line = broker_event(BROKER_ADDRESS_NOT_WRITTEN);

    log_word(&line, "file", path);
    log_word(&line, "reason", reason);
    log_write(&line);
}

void
board_announce(const char *dir, const struct texts *addresses)
{
    char path[BOARD_PATH];
    struct identity id;
    struct fault fault;

    for (size_t i = 0; i < FIRST_CLIENTS; i++) {
        board_path(dir, first_clients[i], path);
        if (!identity_load(&id, path, HAS_SECRET, &fault))
            continue; /* it was given away: it knows its broker, or is told of it */
        take_addresses(&id, addresses);
        if (!identity_replace(&id, path, &fault))
            tell_not_written(path, fault.reason);
        identity_wipe(&id);
    }
}
