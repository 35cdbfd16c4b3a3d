#include "broker/run.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "broker/access.h"
#include "broker/board.h"
#include "broker/events.h"
#include "broker/loop/loop.h"
#include "broker/watched/watching.h"
#include "schema/must.h"
#include "schema/wire/program.h"
#include "schema/wire/supervisor.h"
#include "store/environment.h"
#include "store/lock.h"
#include "store/state_lmdb.h"

enum { SELF_TEST_MS = 5000, LINGER_MS = 500 };

/* What is open, from the lock to the sockets; closed in reverse. */
struct running {
    const char *dir;
    const struct run_option *options;
    int lock, signals;
    struct board_keys keys;
    struct journal *journal;
    struct keeping keeping;
    struct arena *arena;
    struct ledger ledger;
    char mailboxes[LIST_MAX][TITLE_MAX + 1];
    const char *mailbox[LIST_MAX];
    struct guard guard;
    struct zap *zap;
    struct hub *hub;
    struct watching watching;
};

/* --- the directory ------------------------------------------------------------------ */

/* Threads inherit it, so before there are any. */
static int
take_signals(struct running *b, struct why *why)
{
    b->signals = program_signals();
    return b->signals < 0 ? why_set(why, b->signals, "no signalfd: %s", strerror(-b->signals)) : 0;
}

/* Is the state a fold of this journal? 1, 0 or negative. */
static int
state_fits(struct journal *journal, const struct state_mark *mark)
{
    struct tree_hash root;

    if (mark->applied == 0)
        return 1;
    int rc = journal_root_at(journal, (uint64_t)mark->applied, &root);
    if (rc)
        return rc == JOURNAL_NOT_FOUND ? 0 : rc;
    return tree_hash_equal(&root, &mark->root);
}

static int
open_state_once(struct running *b, const char *path, struct state_mark *mark, struct why *why)
{
    struct state *state;
    int rc =
        state_lmdb_open(&state, path, b->keys.name, (size_t)b->options->state_gib * GIB, mark, why);

    if (rc)
        return rc;
    if ((rc = state_fits(b->journal, mark)) != 1) {
        state_lmdb_close(&state);
        return rc < 0 ? why_set(why, rc, "%s: the journal can't be read: %s", b->dir,
                                journal_error_text(rc))
                      : why_set(why, STATE_UNFIT, "%s is of another journal", path);
    }
    b->keeping = keeping_in_lmdb(state, mark->applied);
    return 0;
}

/* A state that doesn't fit is made anew: the journal is the truth. */
static int
open_state(struct running *b, struct why *why)
{
    char path[BOARD_PATH];
    struct state_mark mark;

    board_path(b->dir, "state", path);
    int rc = open_state_once(b, path, &mark, why);
    if (rc != STATE_UNFIT)
        return rc;
    struct log_line line = broker_event(BROKER_STATE_REBUILT);
    log_word(&line, "reason", why->text);
    log_write(&line);
    if ((rc = state_lmdb_remove(path)))
        return why_set(why, rc, "%s can't be removed: %s", path, strerror(-rc));
    return open_state_once(b, path, &mark, why);
}

static void
tell_progress(int64_t done, int64_t size)
{
    static time_t told;
    time_t now = time(NULL);
    char doing[100];

    if (now == told)
        return;
    told = now;
    struct log_line line = broker_event(BROKER_STATE_CATCHES_UP);
    log_number(&line, "done", done);
    log_number(&line, "of", size);
    log_write(&line);
    (void)snprintf(doing, sizeof doing, "the state catches up: entry %" PRId64 " of %" PRId64, done,
                   size);
    supervisor_starting(doing);
}

static int
open_ledger(struct running *b, struct why *why)
{
    b->arena = arena_new();
    int rc = ledger_open(&b->ledger, &b->keeping, b->journal, b->arena, tell_progress);
    if (rc)
        return why_set(why, rc,
                       "%s/state can't follow the journal past entry %" PRId64
                       ": %s. Run `maat-broker verify %s`",
                       b->dir, b->ledger.number, journal_error_text(rc), b->dir);
    if (b->ledger.number == 0)
        return why_set(why, -EINVAL,
                       "%s/journal is empty: `maat-broker init` was cut off; remove the "
                       "directory and make it again",
                       b->dir);
    return 0;
}

static int
open_directory(struct running *b, struct why *why)
{
    int rc;

    if ((rc = board_keys_load(b->dir, &b->keys, why)))
        return rc;
    if ((b->lock = lock_take(b->dir, why)) < 0)
        return b->lock;
    if ((rc = board_open_journal(b->dir, &b->keys, (size_t)b->options->journal_gib * GIB,
                                 &b->journal, why))
        || (rc = open_state(b, why))
        || (rc = watching_begin(&b->watching, b->dir, b->keys.name, b->options, why)))
        return rc;
    return open_ledger(b, why);
}

static void
close_board(struct running *b)
{
    watching_end(&b->watching);
    hub_close(&b->hub);
    zap_stop(&b->zap);
    ledger_close(&b->ledger);
    arena_destroy(&b->arena);
    if (b->keeping.state)
        state_lmdb_close(&b->keeping.state);
    journal_close(&b->journal);
    board_keys_wipe(&b->keys);
    if (b->signals >= 0)
        (void)close(b->signals);
    if (b->lock >= 0)
        lock_release(&b->lock);
}

/* --- the sockets ---------------------------------------------------------------------- */

static const char *
what_is_wrong(int rc)
{
    switch (-rc) {
    case EINVAL: return "write tcp://HOST:PORT or ipc://PATH";
    case ENODEV:
    case EADDRNOTAVAIL:
        return "this host has no such address: tcp://*:PORT is all that it has; `announce` is for "
               "what others call it";
    case EADDRINUSE: return "another program listens there";
    default: return strerror(-rc);
    }
}

static int
bind_all(struct running *b, struct why *why)
{
    const struct texts *listen = &b->options->listen;

    for (uint32_t i = 0; i < listen->count; i++) {
        char address[HUB_ENDPOINT + 1];
        (void)snprintf(address, sizeof address, "%.*s", (int)listen->at[i].len, listen->at[i].at);
        int rc = hub_bind(b->hub, address);
        if (rc)
            return why_set(why, rc, "%s can't be listened on: %s", address, what_is_wrong(rc));
    }
    return 0;
}

static int
open_sockets(struct running *b, struct why *why)
{
    struct zap_table *table;
    int rc = access_build_table(&b->ledger, &table);

    if (rc == 0)
        rc = zap_start(&b->zap, &table);
    if (rc)
        return why_set(why, rc, "no handler for those who come in: %s", strerror(-rc));
    if ((rc = hub_open(&b->hub, b->keys.secret, (int)b->options->window + FEED_MESSAGES_MAX)))
        return why_set(why, rc, "no socket can be opened: %s", strerror(-rc));
    if ((rc = bind_all(b, why)))
        return rc;
    rc = hub_self_test(b->hub, SELF_TEST_MS);
    if (rc > 0)
        return why_set(why, -EACCES, "an unknown key was let in: not served");
    return rc ? why_set(why, rc, "it can't be shown that unknown keys are turned away: %s",
                        strerror(-rc))
              : 0;
}

/* Where clients find it: what an operator says, or what was bound. */
static void
announce(struct running *b)
{
    struct text bound[HUB_ADDRESSES];
    struct texts addresses = {bound, 0};

    for (; hub_endpoint(b->hub, addresses.count); addresses.count++) {
        bound[addresses.count] = text_of(hub_endpoint(b->hub, addresses.count));
        printf("%s\n", hub_endpoint(b->hub, addresses.count));
    }
    board_announce(b->dir, b->options->announce.count ? &b->options->announce : &addresses);
    (void)fflush(stdout);
    struct log_line line = broker_event(BROKER_SERVING);
    log_word(&line, "board", b->keys.name);
    log_number(&line, "number", b->ledger.number);
    log_write(&line);
}

static void
take_mailboxes(struct running *b)
{
    const struct texts *list = &b->options->mailboxes;

    for (uint32_t i = 0; i < list->count; i++) {
        (void)snprintf(b->mailboxes[i], sizeof b->mailboxes[i], "%.*s", (int)list->at[i].len,
                       list->at[i].at);
        b->mailbox[i] = b->mailboxes[i];
    }
    b->guard = (struct guard){b->mailbox, list->count};
}

static int
serve(struct running *b, struct why *why)
{
    const struct loop_parts parts = {.dir = b->dir,
                                     .ledger = &b->ledger,
                                     .hub = b->hub,
                                     .zap = b->zap,
                                     .signals = b->signals,
                                     .monitor = b->watching.monitor,
                                     .guard = &b->guard,
                                     .options = b->options,
                                     .signing = b->keys.signing};

    announce(b);
    watching_tell(&b->watching, b->hub);
    int rc = loop_run(&parts, why);
    /* What was said last is still on its way. */
    zsock_set_linger(hub_socket(b->hub), LINGER_MS);
    return rc;
}

/* A feed's messages of 100 KiB and more come and go all the time. Mapped and given back
   one by one, as glibc does from 128 KiB on, their pages cost a sixth of the broker's
   time with 8 followers; kept, they cost 9 MiB (tests/bench/RESULTS.md). */
static void
keep_memory(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, 8 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

static void
tell_failure(const struct why *why)
{
    struct log_line line = broker_event(BROKER_FAILED);

    log_word(&line, "reason", why->text);
    log_write(&line);
    supervisor_failed(why->text);
}

int
broker_run(const char *dir, const struct run_option *options, struct why *why)
{
    struct running *b = must(calloc(1, sizeof *b));

    b->dir = dir;
    b->options = options;
    b->lock = b->signals = -1;
    keep_memory();
    take_mailboxes(b);
    int rc = take_signals(b, why);
    if (rc == 0)
        rc = open_directory(b, why);
    if (rc == 0)
        rc = open_sockets(b, why);
    if (rc == 0)
        rc = serve(b, why);
    if (rc)
        tell_failure(why);
    close_board(b);
    log_left_out();
    free(b);
    return rc;
}
