#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/agent_inside.h"
#include "agents/agency/log.h"
#include "agents/agency/refusals.h"
#include "schema/wire/program.h"

enum { MIB = 1024 * 1024 };

int
agent_because(struct agent *a, int rc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(a->why, sizeof a->why, format, args);
    va_end(args);
    return rc;
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
    a->signals = program_signals();
    return a->signals < 0 ? agent_because(a, a->signals, "no signalfd: %s", strerror(-a->signals))
                          : 0;
}

static int
load_key(struct agent *a)
{
    const struct texts *brokers = &a->options->broker;
    const char *path = string_of(a, a->options->key);
    struct fault fault;

    if (!identity_load(&a->identity, path, HAS_SECRET | HAS_PUBLIC | HAS_SERVER, &fault))
        return agent_because(a, -EINVAL, "key %s: %s %s", path, fault.field, fault.reason);
    for (uint32_t i = 0; i < brokers->count; i++) {
        char *address = a->identity.address[i];
        (void)snprintf(address, sizeof a->identity.address[i], "%.*s", (int)brokers->at[i].len,
                       brokers->at[i].at);
        if (!identity_is_address(address))
            return agent_because(a, -EINVAL,
                                 "broker %s is no address: tcp://HOST:PORT or ipc://PATH is meant",
                                 address);
    }
    if (brokers->count) {
        a->identity.address_count = brokers->count;
        a->identity.has |= HAS_ADDRESS;
    }
    return a->identity.has & HAS_ADDRESS
               ? 0
               : agent_because(a, -EINVAL, "key %s does not say where the broker is: give --broker",
                               path);
}

static int
open_outbox(struct agent *a)
{
    const char *dir = string_of(a, a->options->outbox);
    char why[HEAD_WHY];
    int rc = outboxes_open(&a->outboxes, dir, (size_t)a->options->outbox_mib * MIB, why);

    if (rc)
        return agent_because(a, rc, "%s", why);
    rc = outboxes_lock(a->outboxes, dir);
    if (rc == -EWOULDBLOCK)
        return agent_because(a, rc, "another agent uses the outbox %s: one outbox, one agent", dir);
    if (rc || (rc = outbox_current(a->outboxes, false, &a->outbox)))
        return agent_because(a, rc, "the outbox %s can't be used: %s", dir, outbox_error_text(rc));
    if ((rc = head_open(&a->head, dir, &a->identity, "maat-agent forget-head", why)))
        return agent_because(a, rc, "%s", why);
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
    return rc ? agent_because(a, rc, "the folder of refusals %s can't be made: %s", a->refused,
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
        return agent_because(a, rc, "%s", why);
    rc = verdicts_open(&a->verdicts, a->outboxes, &a->outbox, a->results, a->refused);
    return rc ? agent_because(a, rc, "the outbox can't be read: %s", outbox_error_text(rc)) : 0;
}

static int
open_socket(struct agent *a)
{
    char why[CALLERS_WHY];
    int rc = a->options->has.socket ? callers_open(&a->callers, a->options, why) : 0;
    return rc ? agent_because(a, rc, "%s", why) : 0;
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
        return agent_because(a, -ENOMEM, "no memory");
    client_keep_head(a->client, &a->head);
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
        rc = agent_serve(a);
    }
    memcpy(why, a->why, sizeof a->why);
    close_all(a);
    free(a);
    return rc;
}
