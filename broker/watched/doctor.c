#include "broker/watched/doctor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "broker/board.h"
#include "broker/watched/status.h"
#include "schema/commands.h"
#include "schema/wire/checkup.h"
#include "schema/wire/hub.h"
#include "schema/wire/listening.h"
#include "version.h"

enum { KNOCK_MS = 5000, ADDRESS = 300 };

struct visit {
    struct checkup checkup;
    struct arena *arena;
    const char *dir;
    struct board_keys keys;
    struct run_option options;
    struct broker_status status; /* of the broker that runs */
};

/* --- what lies in the directory -------------------------------------------------------- */

static void
look_at_keys(struct visit *v, bool *known)
{
    struct why why;

    *known = board_keys_load(v->dir, &v->keys, &why) == 0;
    if (*known)
        (void)checkup_line(&v->checkup, true, "keys", "board %s", v->keys.name);
    else
        (void)checkup_line(&v->checkup, false, "keys", "%s", why.text);
}

static bool
look_at_settings(struct visit *v)
{
    struct option_values values = {0};
    char path[BOARD_PATH];
    struct fault fault;

    board_settings_path(v->dir, path);
    if (board_settings(v->dir, v->arena, &values, &v->options, &fault))
        return checkup_line(&v->checkup, true, "settings", "%s%s", path,
                            access(path, F_OK) == 0 ? "" : " is not there: all as it is without");
    return checkup_line(&v->checkup, false, "settings", "%s%s%s", fault.field,
                        fault.field[0] ? ": " : "", fault.reason);
}

/* What was run as another user, root say, leaves files that the service can't write. */
static bool
look_at_file(struct visit *v, uid_t owner, const char *name)
{
    char path[BOARD_PATH];
    struct stat st;

    board_path(v->dir, name, path);
    if (stat(path, &st))
        return errno == ENOENT
                   ? true
                   : checkup_line(&v->checkup, false, "files", "%s: %s", path, strerror(errno));
    if (st.st_uid != owner)
        return checkup_line(&v->checkup, false, "files",
                            "%s is another user's than the directory: chown -R --reference=%s %s",
                            path, v->dir, v->dir);
    if (st.st_mode & (S_IRWXO | S_IWGRP))
        return checkup_line(&v->checkup, false, "files",
                            "%s is open to others, mode %04o: chmod o=,g-w %s", path,
                            (unsigned)st.st_mode & 07777, path);
    return true;
}

static void
look_at_files(struct visit *v)
{
    static const char *const names[] = {"board.zpl",        "journal",  "journal/data.mdb",
                                        "journal/lock.mdb", "state",    "state/data.mdb",
                                        "state/lock.mdb",   "lock",     "broker.zpl",
                                        "operator.zpl",     "lead.zpl", STATUS_SOCKET};
    struct stat st;
    bool ok = stat(v->dir, &st) == 0;
    char journal[BOARD_PATH];

    for (unsigned i = 0; ok && i < sizeof names / sizeof *names; i++)
        ok = look_at_file(v, st.st_uid, names[i]);
    board_path(v->dir, "journal/data.mdb", journal);
    if (ok && access(journal, F_OK))
        (void)checkup_line(&v->checkup, false, "files",
                           "%s: %s: restore it from a backup (maat-broker restore)", journal,
                           strerror(errno));
    else if (ok)
        (void)checkup_line(&v->checkup, true, "files", "all the same user's, and nobody else's");
}

/* No file is newer than now, unless the clock went back. */
static void
look_at_clock(struct visit *v)
{
    char path[BOARD_PATH];
    struct stat st;
    time_t now = time(NULL);

    board_path(v->dir, "journal/data.mdb", path);
    if (stat(path, &st) || st.st_mtime <= now + 1)
        (void)checkup_line(&v->checkup, true, "clock", "no earlier than the journal");
    else
        (void)checkup_line(&v->checkup, false, "clock",
                           "this host's clock is %" PRId64 " seconds behind the journal's newest "
                           "write: set it right, and have it kept by NTP (timedatectl)",
                           (int64_t)(st.st_mtime - now));
}

/* --- the broker that runs ---------------------------------------------------------------- */

static void
knock_at(struct visit *v, const char *address)
{
    int rc = hub_knock(v->keys.public, address, KNOCK_MS);

    if (rc == 0)
        (void)checkup_line(&v->checkup, true, "handshake", "%s turns away who has no key", address);
    else if (rc == HUB_UNGUARDED)
        (void)checkup_line(&v->checkup, false, "handshake",
                           "%s lets in whoever comes: stop the broker, and tell its makers",
                           address);
    else
        (void)checkup_line(&v->checkup, false, "handshake",
                           "%s: %s: what answers there is not this board's broker, or answers "
                           "nobody: see who else has that port, or restart it",
                           address, strerror(-rc));
}

static void
look_at_version(struct visit *v)
{
    static const char own[] = "maat-broker " VERSION;

    if (text_is(v->status.software, own))
        (void)checkup_line(&v->checkup, true, "version", "%s", own);
    else
        (void)checkup_line(&v->checkup, false, "version",
                           "%.*s runs, and this is %s: restart the broker",
                           (int)v->status.software.len, v->status.software.at, own);
}

static void
look_at_broker(struct visit *v)
{
    const struct broker_status *s = &v->status;

    (void)checkup_line(&v->checkup, s->well, "health", "%.*s", s->well ? 4 : (int)s->trouble.len,
                       s->well ? "well" : s->trouble.at);
    look_at_version(v);
    if (s->sharing)
        (void)checkup_line(
            &v->checkup, false, "keys",
            "%" PRId64 " programs share a key that was meant for one: event=key-shared in "
            "the log says whose; ask that agency, and revoke the key if it knows of one only",
            s->sharing);
    for (uint32_t i = 0; i < s->addresses.count; i++)
        knock_at(v, text_string(v->arena, s->addresses.at[i]));
}

/* --- a broker that does not run ------------------------------------------------------------ */

/* As it would be listened on: `*` is all of this host's. */
static void
try_to_listen(struct visit *v, struct text listen)
{
    char address[ADDRESS], bound[LISTENING_BOUND];
    struct why why;
    static const char all[] = "tcp://*:";

    if (listen.len > strlen(all) && memcmp(listen.at, all, strlen(all)) == 0)
        (void)snprintf(address, sizeof address, "tcp://0.0.0.0:%.*s",
                       (int)(listen.len - strlen(all)), listen.at + strlen(all));
    else
        (void)snprintf(address, sizeof address, "%.*s", (int)listen.len, listen.at);
    if (strncmp(address, "tcp://", 6) != 0)
        return;
    int fd = listening_tcp(address, true, bound, &why);
    if (fd >= 0)
        (void)close(fd);
    (void)checkup_line(&v->checkup, fd >= 0, "listen", "%s", fd >= 0 ? address : why.text);
}

static void
look_for_broker(struct visit *v)
{
    struct why why;
    int rc = broker_status_ask(v->arena, v->dir, &v->status, &why);

    if (rc == 0) {
        look_at_broker(v);
        return;
    }
    if (rc == -ENOENT || rc == -ECONNREFUSED)
        (void)checkup_line(&v->checkup, false, "running",
                           "no: start it with `maat-broker run %s`, or see its log for why it "
                           "ended",
                           v->dir);
    else
        (void)checkup_line(&v->checkup, false, "running", "%s", why.text);
    for (uint32_t i = 0; i < v->options.listen.count; i++)
        try_to_listen(v, v->options.listen.at[i]);
}

/* --- all of it ----------------------------------------------------------------------------- */

static void
look_at_announced(struct visit *v)
{
    const struct texts *announce = &v->options.announce;

    for (uint32_t i = 0; i < announce->count; i++)
        (void)checkup_resolve(&v->checkup, text_string(v->arena, announce->at[i]));
}

int
broker_doctor(struct arena *arena, const char *dir)
{
    struct visit *v = arena_take(arena, sizeof *v);
    bool known;

    *v = (struct visit){.arena = arena, .dir = dir};
    if (!checkup_folder(&v->checkup, "directory", dir))
        return checkup_end(&v->checkup);
    look_at_keys(v, &known);
    look_at_files(v);
    if (look_at_settings(v) && known) {
        (void)checkup_disk(&v->checkup, dir, v->options.reserve_mib << 20);
        look_at_clock(v);
        look_at_announced(v);
        look_for_broker(v);
    }
    board_keys_wipe(&v->keys);
    return checkup_end(&v->checkup);
}
