#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/agent_inside.h"
#include "agents/agency/agent_key.h"
#include "agents/agency/events.h"
#include "agents/agency/refusals.h"
#include "schema/codec.h"
#include "schema/messages.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"
#include "schema/wire/program.h"

/* Beside the callers': the signals, the spool, the socket, the broker, and who watches. */
enum { MIB = 1024 * 1024, OWN_ITEMS = 5, SECOND = 1000000, CLOCK_SECONDS = 60 };

/* --- what the library tells --------------------------------------------------------- */

/* The library has read it by the same table. */
static void
read_record(struct agent *a, const struct record *r, const struct maat_record *from, void *out)
{
    struct fault fault;

    if (!record_decode(a->batch.arena, r, out, from->map, from->len, &fault))
        abort();
}

/* So much may be a host's that is kept by NTP, badly. */
static void
tell_clock(struct agent *a, const struct welcome *w)
{
    int64_t seconds = a->requests.clock_ahead / SECOND;
    bool off = seconds < -CLOCK_SECONDS || seconds > CLOCK_SECONDS;
    struct log_line line = agent_event(off ? AGENT_CLOCK_OFF : AGENT_CLOCK_RIGHT);

    if (!w->has.clock || off == a->clock_off)
        return;
    a->clock_off = off;
    if (off)
        log_number(&line, "seconds", seconds);
    log_write(&line);
}

static void
on_welcome(void *context, const struct maat_record *said)
{
    struct agent *a = context;
    struct log_line line = agent_event(AGENT_CONNECTED);
    struct welcome w;

    read_record(a, &welcome_record, said, &w);
    log_word(&line, "broker", maat_link_text(a->broker));
    log_text(&line, "client", w.client);
    log_text(&line, "board", w.board);
    log_write(&line);
    requests_welcome(&a->requests, &w, clock_microseconds(CLOCK_REALTIME));
    tell_clock(a, &w);
    int rc = mailboxes_take(&a->mailboxes, w.mailboxes);
    if (rc == 0)
        return;
    line = agent_event(AGENT_MAILBOXES_NOT_KEPT);
    log_word(&line, "file", a->mailboxes.path);
    log_word(&line, "reason", strerror(-rc));
    log_write(&line);
}

static void
on_settled(void *context, const struct maat_kept *kept)
{
    struct agent *a = context;

    a->settled = true;
    a->vitals.accepted += kept->state == MAAT_ACCEPTED;
    a->vitals.refused += kept->state == MAAT_NOT_ACCEPTED;
    verdicts_say(&a->verdicts, kept);
}

static void
on_error(void *context, const struct maat_record *said)
{
    struct log_line line = agent_event(AGENT_BROKER_SAYS_ERROR);
    struct error e;

    read_record(context, &error_record, said, &e);
    log_word(&line, "code", word_text(&wire_errors, (int)e.code));
    log_text(&line, "reason", e.reason);
    log_write(&line);
}

/* What moved keeps its order, so those who wait for a verdict can be told by
   counting. */
static void
on_forked(void *context, int64_t n, const struct maat_outbox_id *to)
{
    struct agent *a = context;
    struct log_line line = agent_event(AGENT_OUTBOX_FORKED);
    struct maat_outbox_id from = a->outbox;
    struct maat_kept kept = {.n = n - 1};
    int64_t moved = 0;

    a->outbox = *to;
    verdicts_use(&a->verdicts, to);
    while (a->callers && maat_outbox_next(a->outboxes, &from, MAAT_MOVED, kept.n, &kept) == 1)
        callers_renumber(a->callers, &from, kept.n, to, ++moved);
    log_number(&line, "n", n);
    log_word(&line, "reason",
             "the broker has something else under this n: two agents use one outbox, or it was "
             "restored from a copy; what was queued goes on in a new outbox");
    log_write(&line);
}

/* What was acknowledged and is lost there waits again. */
static void
on_restored(void *context, const struct maat_restored *r)
{
    struct log_line line = agent_event(AGENT_JOURNAL_RESTORED);

    (void)context;
    log_word(&line, "journal", r->journal);
    log_number(&line, "seen", r->seen);
    log_number(&line, "last", r->last);
    log_number(&line, "again", r->again);
    log_write(&line);
}

/* It comes again wherever there is something new to it. */
static void
on_shared(void *context, const struct maat_shared *shared)
{
    struct agent *a = context;
    struct log_line line = agent_event(shared->is ? AGENT_KEY_SHARED : AGENT_KEY_SHARED_NO_LONGER);
    char since[CLOCK_TEXT];

    requests_shared(&a->requests, shared);
    if (shared->is) {
        clock_print(shared->since, since);
        log_word(&line, "since", since);
        log_word(&line, "address", *shared->address ? shared->address : "unknown");
    }
    log_write(&line);
}

static void
on_dealt(void *context, const struct maat_outbox_id *outbox, int64_t n)
{
    struct agent *a = context;

    refusals_remove(a->refused, outbox, n);
    verdicts_expect(&a->verdicts); /* it may be queued again */
}

static const struct maat_events events = {.welcome = on_welcome,
                                          .settled = on_settled,
                                          .error = on_error,
                                          .forked = on_forked,
                                          .restored = on_restored,
                                          .shared = on_shared};

/* --- opening -------------------------------------------------------------------------- */

/* Threads inherit it, so before there are any. */
static int
take_signals(struct agent *a)
{
    a->signals = program_signals();
    return a->signals < 0 ? why_set(a->why, a->signals, "no signalfd: %s", strerror(-a->signals))
                          : 0;
}

static int
open_outbox(struct agent *a)
{
    const char *dir = text_string(a->batch.arena, a->options->outbox);
    struct maat_fault why;
    int rc = maat_outbox_open(&a->outboxes, dir, (size_t)a->options->outbox_mib * MIB, true, &why);

    if (rc)
        return why_set(a->why, rc, "%s", why.reason);
    if ((rc = maat_outbox_current(a->outboxes, false, &a->outbox)))
        return why_set(a->why, rc, "the outbox %s can't be used: %s", dir, maat_error_text(rc));
    mailboxes_load(&a->mailboxes, dir);
    batch_use(&a->batch, a->outboxes, &a->mailboxes.guard);
    return 0;
}

/* Tree heads are kept beside what waits. */
static int
open_broker(struct agent *a, const char *software)
{
    const struct maat_settings settings = {.key = a->key,
                                           .waits = true,
                                           .addresses = agent_key_addresses(a),
                                           .software = software,
                                           .outbox = a->outboxes,
                                           .alone = true,
                                           .forget = "maat-agent forget-head",
                                           .events = &events,
                                           .context = a};
    struct maat_fault why;

    return maat_open(&a->broker, &settings, &why) == MAAT_DONE
               ? 0
               : why_set(a->why, -EINVAL, "%s", why.reason);
}

static int
open_refusals(struct agent *a)
{
    (void)snprintf(a->refused, sizeof a->refused, "%.*s", (int)a->options->refused.len,
                   a->options->refused.at);
    int rc = refusals_make_folder(a->refused);
    return rc ? why_set(a->why, rc, "the folder of refusals %s can't be made: %s", a->refused,
                        strerror(-rc))
              : 0;
}

static int
open_spool(struct agent *a)
{
    int rc = a->options->has.spool ? spool_open(&a->spool, a->options, a->at != NULL, a->outboxes,
                                                &a->results, a->why)
                                   : 0;

    if (rc)
        return rc;
    rc = verdicts_open(&a->verdicts, a->outboxes, &a->outbox, a->results, a->refused);
    return rc ? why_set(a->why, rc, "the outbox can't be read: %s", maat_error_text(rc)) : 0;
}

static int
open_socket(struct agent *a)
{
    return a->options->has.socket ? callers_open(&a->callers, a->options, a->why) : 0;
}

static int
open_watch(struct agent *a, const char *software)
{
    a->vitals.started = clock_microseconds(CLOCK_REALTIME);
    return watched_begin(&a->watched, a->options, software, a->why);
}

static int
open_all(struct agent *a, const char *software)
{
    int rc = take_signals(a);

    if (rc == 0)
        rc = agent_key_load(a);
    if (rc == 0)
        rc = open_outbox(a);
    if (rc == 0)
        rc = open_refusals(a);
    if (rc == 0)
        rc = open_spool(a);
    if (rc == 0)
        rc = open_socket(a);
    if (rc == 0)
        rc = open_watch(a, software);
    if (rc == 0)
        rc = open_broker(a, software);
    if (rc)
        return rc;
    requests_init(&a->requests, a->outboxes, a->broker, a->spool, software, on_dealt, a);
    shown_plans_load(&a->requests.plans, text_string(a->batch.arena, a->options->outbox));
    requests_watch(&a->requests, &a->vitals, a->watched.outbox, &a->key);
    a->items = must(calloc((size_t)a->options->callers + OWN_ITEMS, sizeof *a->items));
    return 0;
}

static void
close_all(struct agent *a)
{
    watched_end(&a->watched);
    maat_close(&a->broker);
    if (a->verdicts.arena)
        (void)verdicts_note(&a->verdicts);
    verdicts_close(&a->verdicts);
    shown_plans_end(&a->requests.plans);
    spool_close(&a->spool);
    results_close(&a->results);
    callers_close(&a->callers);
    batch_end(&a->batch);
    maat_outbox_close(&a->outboxes);
    maat_key_free(&a->key);
    free(a->items);
    if (a->signals >= 0)
        (void)close(a->signals);
}

int
agent_run(const struct agent_option *o, const char *at, const char *software, struct why *why)
{
    struct agent *a = must(calloc(1, sizeof *a));

    a->options = o;
    a->why = why;
    a->at = at;
    a->signals = -1;
    batch_init(&a->batch);
    int rc = open_all(a, software);
    if (rc == 0) {
        struct log_line line = agent_event(AGENT_STARTED);
        log_word(&line, "software", software);
        log_text(&line, "socket", o->socket);
        log_text(&line, "spool", o->spool);
        log_write(&line);
        rc = agent_serve(a);
    }
    if (rc) {
        struct log_line line = agent_event(AGENT_FAILED);
        log_word(&line, "reason", why->text);
        log_write(&line);
        supervisor_failed(why->text);
    }
    close_all(a);
    log_left_out();
    free(a);
    return rc;
}
