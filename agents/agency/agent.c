#include "agents/agency/agent.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "agents/agency/callers.h"
#include "agents/agency/log.h"
#include "agents/agency/mailboxes.h"
#include "agents/agency/refusals.h"
#include "agents/agency/requests.h"
#include "agents/agency/spool.h"
#include "agents/agency/verdicts.h"
#include "agents/libmaat/client.h"

enum {
    MIB = 1024 * 1024,
    SECOND = 1000000,
    TICK_MS = 1000,
    NOTE_SECONDS = 30,
    PRUNE_SECONDS = 60,
    PRUNED_AT_ONCE = 10000,
};

/* What is open, from the key to the socket; closed in reverse. */
struct agent {
    const struct agent_option *options;
    struct identity identity;
    struct outboxes *outboxes;
    struct outbox_id outbox;
    struct mailboxes mailboxes;
    struct batch batch;
    struct client_session *client;
    struct callers *callers;
    struct results *results; /* with the spool */
    struct spool *spool;     /* NULL: none */
    struct verdicts verdicts;
    struct requests requests;
    zmq_pollitem_t *items;
    zmq_pollitem_t *callers_at;
    char refused[AGENT_PATH + 1];
    int64_t note_at, prune_at; /* of a clock that never jumps */
    int signals;
    bool stopping;
    bool settled; /* a verdict came in this turn */
    bool left;    /* lines were left for the next batch */
    char why[AGENT_WHY];
};

__attribute__((format(printf, 3, 4))) static int
because(struct agent *a, int rc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(a->why, sizeof a->why, format, args);
    va_end(args);
    return rc;
}

static int64_t
microseconds(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static const char *
string_of(struct agent *a, struct text text)
{
    return arena_string(a->batch.arena, text.at, text.len);
}

/* --- what the link tells ----------------------------------------------------------- */

static void
on_welcome(void *context, const struct welcome *w)
{
    struct agent *a = context;
    struct log_line line = log_event("connected");

    log_word(&line, "broker", client_state(a->client));
    log_text(&line, "client", w->client);
    log_text(&line, "board", w->board);
    agent_log(&line);
    requests_welcome(&a->requests, w);
    int rc = mailboxes_take(&a->mailboxes, w->mailboxes);
    if (rc == 0)
        return;
    line = log_event("mailboxes-not-kept");
    log_word(&line, "file", a->mailboxes.path);
    log_word(&line, "reason", strerror(-rc));
    agent_log(&line);
}

static void
on_settled(void *context, int64_t n, enum kept_state state)
{
    struct agent *a = context;

    (void)state;
    a->settled = true;
    verdicts_say(&a->verdicts, n);
}

static void
on_error(void *context, const struct error *e)
{
    struct log_line line = log_event("broker-says-error");

    (void)context;
    log_word(&line, "code", word_text(&wire_errors, (int)e->code));
    log_text(&line, "reason", e->reason);
    agent_log(&line);
}

/* What moved keeps its order, so those who wait for a verdict can be told by
   counting. */
static void
on_forked(void *context, int64_t n, const struct outbox_id *to)
{
    struct agent *a = context;
    struct log_line line = log_event("outbox-forked");
    struct outbox_id from = a->outbox;
    struct kept kept;
    int64_t moved = 0;
    int64_t at = n - 1;

    a->outbox = *to;
    verdicts_use(&a->verdicts, to);
    while (a->callers
           && outbox_next(a->outboxes, a->batch.arena, &from, KEPT_MOVED, &at, &kept) == 1)
        callers_renumber(a->callers, &from, at, to, ++moved);
    log_number(&line, "n", n);
    log_word(&line, "reason",
             "the broker has something else under this n: two agents use one outbox, or it was "
             "restored from a copy; what was queued goes on in a new outbox");
    agent_log(&line);
}

static void
on_dealt(void *context, const struct outbox_id *outbox, int64_t n)
{
    struct agent *a = context;
    refusals_remove(a->refused, outbox, n);
}

static const struct link_events link_events = {
    .welcome = on_welcome, .settled = on_settled, .error = on_error, .forked = on_forked};

/* --- opening -------------------------------------------------------------------------- */

/* Threads inherit it, so before there are any. */
static int
take_signals(struct agent *a)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    a->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return a->signals < 0 ? because(a, -errno, "no signalfd: %s", strerror(errno)) : 0;
}

static int
load_key(struct agent *a)
{
    const struct texts *brokers = &a->options->broker;
    const char *path = string_of(a, a->options->key);
    struct fault fault;

    if (!identity_load(&a->identity, path, HAS_SECRET | HAS_PUBLIC | HAS_SERVER, &fault))
        return because(a, -EINVAL, "key %s: %s %s", path, fault.field, fault.reason);
    for (uint32_t i = 0; i < brokers->count; i++) {
        char *address = a->identity.address[i];
        (void)snprintf(address, sizeof a->identity.address[i], "%.*s", (int)brokers->at[i].len,
                       brokers->at[i].at);
        if (!identity_is_address(address))
            return because(a, -EINVAL,
                           "broker %s is no address: tcp://HOST:PORT or ipc://PATH is meant",
                           address);
    }
    if (brokers->count) {
        a->identity.address_count = brokers->count;
        a->identity.has |= HAS_ADDRESS;
    }
    return a->identity.has & HAS_ADDRESS
               ? 0
               : because(a, -EINVAL, "key %s does not say where the broker is: give --broker",
                         path);
}

static int
open_outbox(struct agent *a)
{
    const char *dir = string_of(a, a->options->outbox);
    char why[OUTBOX_WHY];
    int rc = outboxes_open(&a->outboxes, dir, (size_t)a->options->outbox_mib * MIB, why);

    if (rc)
        return because(a, rc, "%s", why);
    rc = outboxes_lock(a->outboxes, dir);
    if (rc == -EWOULDBLOCK)
        return because(a, rc, "another agent uses the outbox %s: one outbox, one agent", dir);
    if (rc || (rc = outbox_current(a->outboxes, false, &a->outbox)))
        return because(a, rc, "the outbox %s can't be used: %s", dir, outbox_error_text(rc));
    mailboxes_load(&a->mailboxes, dir);
    batch_use(&a->batch, a->outboxes, &a->mailboxes.guard);
    return 0;
}

static int
open_refusals(struct agent *a)
{
    (void)snprintf(a->refused, sizeof a->refused, "%.*s", (int)a->options->refused.len,
                   a->options->refused.at);
    int rc = refusals_make_folder(a->refused);
    return rc ? because(a, rc, "the folder of refusals %s can't be made: %s", a->refused,
                        strerror(-rc))
              : 0;
}

static int
open_spool(struct agent *a)
{
    char why[SPOOL_WHY];
    int rc = 0;

    if (a->options->has.spool) {
        a->results = results_open(string_of(a, a->options->spool));
        rc = spool_open(&a->spool, a->options, a->outboxes, a->results, why);
    }
    if (rc)
        return because(a, rc, "%s", why);
    rc = verdicts_open(&a->verdicts, a->outboxes, &a->outbox, a->results, a->refused);
    return rc ? because(a, rc, "the outbox can't be read: %s", outbox_error_text(rc)) : 0;
}

static int
open_socket(struct agent *a)
{
    char why[CALLERS_WHY];
    int rc = a->options->has.socket ? callers_open(&a->callers, a->options, why) : 0;
    return rc ? because(a, rc, "%s", why) : 0;
}

static int
open_all(struct agent *a, const char *software)
{
    int rc = take_signals(a);

    if (rc == 0)
        rc = load_key(a);
    if (rc == 0)
        rc = open_outbox(a);
    if (rc == 0)
        rc = open_refusals(a);
    if (rc == 0)
        rc = open_spool(a);
    if (rc == 0)
        rc = open_socket(a);
    if (rc)
        return rc;
    a->client = client_open(&a->identity, a->outboxes, &a->outbox, software, &link_events, a);
    if (!a->client)
        return because(a, -ENOMEM, "no memory");
    requests_init(&a->requests, a->outboxes, a->client, a->spool, software, on_dealt, a);
    a->items = calloc((size_t)a->options->callers + 3 + PEER_POLL_ITEMS, sizeof *a->items);
    if (!a->items)
        abort();
    return 0;
}

static void
close_all(struct agent *a)
{
    client_close(&a->client);
    if (a->verdicts.arena)
        (void)verdicts_note(&a->verdicts);
    verdicts_close(&a->verdicts);
    spool_close(&a->spool);
    results_close(&a->results);
    callers_close(&a->callers);
    batch_end(&a->batch);
    outboxes_close(&a->outboxes);
    identity_wipe(&a->identity);
    free(a->items);
    if (a->signals >= 0)
        (void)close(a->signals);
}

/* --- turns ------------------------------------------------------------------------------ */

/* The signals, the spool, the callers, and, last, the broker. */
static int
wait_for_event(struct agent *a)
{
    struct signalfd_siginfo signal;
    long ms = client_timeout(a->client);
    int count = 0;

    a->items[count++] = (zmq_pollitem_t){.fd = a->signals, .events = ZMQ_POLLIN};
    if (a->spool && spool_item(a->spool).fd >= 0)
        a->items[count++] = spool_item(a->spool);
    a->callers_at = a->items + count;
    if (a->callers) {
        callers_items(a->callers, a->callers_at);
        count += (int)callers_count(a->callers);
    }
    count += client_items(a->client, a->items + count);
    if (ms > TICK_MS)
        ms = TICK_MS;
    if (zmq_poll(a->items, count, a->left ? 0 : ms) < 0 && errno != EINTR)
        return because(a, -errno, "poll: %s", strerror(errno));
    if (read(a->signals, &signal, sizeof signal) == sizeof signal)
        a->stopping = true;
    return 0;
}

/* What can't be queued for want of room is not lost: callers are told, the spool
   stays as it is. */
static int
queue(struct agent *a)
{
    const char *later = NULL;
    int64_t first = 0;
    int rc = batch_commit(&a->batch, &a->outbox, a->spool ? spool_note(a->spool) : NULL, &first);

    if (rc && !outbox_is_full(rc))
        return rc;
    if (rc || a->batch.count)
        requests_tell_room(&a->requests, rc == 0);
    if (rc)
        later = "the disk of the agent's outbox is full: nothing is taken until there is room";
    if (a->callers)
        callers_queued(a->callers, a->batch.arena, &a->outbox, first, later);
    return a->spool ? spool_queued(a->spool, rc == 0) : 0;
}

static int
take(struct agent *a)
{
    a->left = false;
    batch_begin(&a->batch, microseconds(CLOCK_REALTIME));
    if (a->spool)
        a->left |= spool_take(a->spool, &a->batch);
    if (a->callers) {
        callers_read(a->callers, a->callers_at, microseconds(CLOCK_MONOTONIC));
        a->left |= callers_take(a->callers, &a->batch, requests_answer, &a->requests);
    }
    return queue(a);
}

/* An acknowledgement that can't be noted will be said again. */
static int
exchange(struct agent *a)
{
    int rc = client_step(a->client);

    if (outbox_is_full(rc)) {
        requests_tell_room(&a->requests, false);
        client_begin_again(a->client);
        rc = 0;
    }
    if (rc == 0 && a->settled && a->callers)
        rc = callers_settle(a->callers, a->batch.arena, a->outboxes);
    a->settled = false;
    if (rc == 0 && a->callers)
        callers_flush(a->callers);
    return rc;
}

/* What is done now and then. */
static int
tidy(struct agent *a)
{
    int64_t now = microseconds(CLOCK_MONOTONIC);
    int rc = 0;

    if (now >= a->note_at) {
        a->note_at = now + NOTE_SECONDS * SECOND;
        rc = verdicts_note(&a->verdicts);
    }
    if (now < a->prune_at || rc)
        return rc;
    a->prune_at = now + PRUNE_SECONDS * SECOND;
    if (a->spool)
        spool_prune(a->spool, a->batch.wall);
    rc = outbox_prune(a->outboxes, a->batch.wall, PRUNED_AT_ONCE);
    return outbox_is_full(rc) ? 0 : rc;
}

static int
serve(struct agent *a)
{
    int rc = 0;

    while (!a->stopping && !rc) {
        if ((rc = wait_for_event(a)))
            return rc;
        if (!(rc = take(a)) && !(rc = exchange(a)))
            rc = tidy(a);
    }
    return rc ? because(a, rc, "the outbox can't be read or written: %s", outbox_error_text(rc))
              : 0;
}

int
agent_run(const struct agent_option *o, const char *software, char why[AGENT_WHY])
{
    struct agent *a = calloc(1, sizeof *a);

    if (!a)
        abort();
    a->options = o;
    a->signals = -1;
    batch_init(&a->batch);
    int rc = open_all(a, software);
    if (rc == 0) {
        struct log_line line = log_event("started");
        log_word(&line, "software", software);
        log_text(&line, "socket", o->socket);
        log_text(&line, "spool", o->spool);
        agent_log(&line);
        rc = serve(a);
    }
    memcpy(why, a->why, sizeof a->why);
    close_all(a);
    free(a);
    return rc;
}
