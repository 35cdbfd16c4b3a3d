#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agents/agency/agent_inside.h"
#include "agents/agency/agent_key.h"
#include "agents/agency/events.h"
#include "schema/json.h"
#include "schema/wire/host_clock.h"

enum {
    SECOND = 1000000,
    TICK_MS = 1000,
    NOTE_SECONDS = 30,
    PUT_OFF_SECONDS = 5,
    PRUNE_SECONDS = 3600,
    PRUNED_AT_ONCE = 10000,
};

/* The signals, the broker, who watches, the spool and the callers. */
static int
wait_for_event(struct agent *a)
{
    struct signalfd_siginfo signal;
    nfds_t count = 0;

    a->items[count++] = (struct pollfd){.fd = a->signals, .events = POLLIN};
    a->items[count++] = (struct pollfd){.fd = maat_fd(a->broker), .events = POLLIN};
    a->items[count++] = (struct pollfd){.fd = watched_fd(&a->watched), .events = POLLIN};
    if (a->spool && spool_item(a->spool).fd >= 0)
        a->items[count++] = spool_item(a->spool);
    a->callers_at = a->items + count;
    if (a->callers) {
        callers_items(a->callers, a->callers_at);
        count += callers_count(a->callers);
    }
    if (poll(a->items, count, a->left ? 0 : TICK_MS) < 0 && errno != EINTR)
        return why_set(a->why, -errno, "poll: %s", strerror(errno));
    a->asked = a->items[2].revents != 0;
    if (a->items[0].revents && read(a->signals, &signal, sizeof signal) == sizeof signal)
        a->stopping = true;
    if (a->stopping) {
        struct log_line line = agent_event(AGENT_STOPPING);
        log_write(&line);
        supervisor_stopping();
    }
    return 0;
}

/* What can't be queued for want of room is not lost: callers are told, the spool
   stays as it is. */
static int
queue(struct agent *a)
{
    const struct maat_note *notes = NULL;
    size_t note_count = a->spool ? spool_notes(a->spool, &notes) : 0;
    const char *later = NULL;
    int64_t first = 0;
    int rc = batch_commit(&a->batch, &a->outbox, notes, note_count, &first);

    if (rc && !maat_error_is_full(rc))
        return rc;
    if (rc || a->batch.count)
        requests_tell_room(&a->requests, rc == 0);
    if (rc == 0)
        a->vitals.queued += a->batch.count;
    if (rc)
        later = "the disk of the agent's outbox is full: nothing is taken until there is room";
    if (note_count)
        verdicts_expect(&a->verdicts);
    if (a->callers)
        callers_queued(a->callers, a->batch.arena, &a->outbox, first, later);
    return a->spool ? spool_queued(a->spool, rc == 0) : 0;
}

static int
take(struct agent *a)
{
    a->left = false;
    batch_begin(&a->batch, clock_microseconds(CLOCK_REALTIME));
    if (a->spool)
        a->left |= spool_take(a->spool, &a->batch);
    if (a->callers) {
        callers_read(a->callers, a->callers_at, clock_microseconds(CLOCK_MONOTONIC));
        a->left |= callers_take(a->callers, &a->batch, requests_answer, &a->requests);
    }
    int rc = queue(a);
    if (a->callers)
        callers_flush(a->callers); /* they go on while the broker is heard */
    return rc;
}

/* That the broker takes nothing, once it goes on for longer than a day takes to begin there,
   or the broker to start anew; and that it does again, by the first verdict. */
static void
tell_put_off(struct agent *a, enum maat_link link)
{
    int64_t now = clock_microseconds(CLOCK_MONOTONIC);

    if (a->settled && a->told_put_off) {
        struct log_line line = agent_event(AGENT_TAKEN_AGAIN);
        log_write(&line);
    }
    if (a->settled || !a->up) {
        a->put_off = 0;
        a->told_put_off = false;
    }
    if (link != MAAT_LINK_WAITING || a->told_put_off)
        return;
    if (!a->put_off)
        a->put_off = now;
    if (now - a->put_off < (int64_t)PUT_OFF_SECONDS * SECOND)
        return;
    struct log_line line = agent_event(AGENT_PUT_OFF);
    log_word(&line, "reason", maat_link_reason(a->broker));
    log_write(&line);
    a->told_put_off = true;
}

/* What a person must know of the connection, once; that it is there says on_welcome. */
static void
tell_connection(struct agent *a)
{
    enum maat_link link = maat_link(a->broker);
    bool up = link == MAAT_LINK_OPEN || link == MAAT_LINK_WAITING;
    bool stopped = link == MAAT_LINK_STOPPED;

    if ((a->up && !up) || (stopped && !a->stopped)) {
        struct log_line line = agent_event(stopped ? AGENT_LINK_STOPPED : AGENT_CONNECTION_LOST);
        log_word(&line, "reason", maat_link_text(a->broker));
        log_write(&line);
    }
    a->up = up;
    a->stopped = stopped;
    tell_put_off(a, link);
    agent_key_tell(a);
}

/* An acknowledgement that can't be noted will be said again. */
static int
exchange(struct agent *a)
{
    int rc = maat_step(a->broker);

    if (maat_error_is_full(rc)) {
        requests_tell_room(&a->requests, false);
        maat_begin_again(a->broker);
        rc = 0;
    }
    tell_connection(a);
    if (rc == 0 && a->settled)
        requests_tell_room(&a->requests, true);
    if (rc == 0 && a->settled && a->callers) {
        rc = callers_settle(a->callers, a->batch.arena, a->outboxes);
        callers_flush(a->callers);
    }
    a->settled = false;
    return rc;
}

/* That it is alive, and how it stands. */
static int
tell_supervisor(struct agent *a, int64_t now)
{
    char status[SUPERVISOR_STATUS];
    struct maat_counts counts;
    int rc = maat_outbox_count(a->outboxes, maat_outbox_in_use(a->broker), &counts);

    if (rc)
        return rc;
    (void)snprintf(status, sizeof status, "%s, %" PRId64 " waiting, %" PRId64 " refused",
                   maat_link_text(a->broker), counts.queued, counts.refused);
    supervisor_alive(&a->supervisor, now, status);
    return 0;
}

/* To whoever asked how it is. */
static int
show(struct agent *a)
{
    struct agent_vitals *v = &a->vitals;
    struct agent_status s;

    if (!a->asked || !watched_is_asked(&a->watched))
        return 0;
    int rc = requests_status(&a->requests, a->batch.arena, &s);
    if (rc)
        return rc;
    struct text json = record_to_json(a->batch.arena, &agent_status_record, &s);
    (void)snprintf(v->status, sizeof v->status, "%.*s", (int)json.len, json.at);
    v->host = a->batch.wall;
    v->clock_ahead = s.clock_ahead;
    v->waiting = s.queued;
    v->oldest_age = s.oldest ? v->host - s.oldest : 0;
    v->undealt = s.refused;
    v->spool_files = s.spool;
    v->callers = a->callers ? callers_count(a->callers) - 1 : 0; /* less the socket */
    v->full = !s.room;
    memcpy(v->rejected, a->batch.refused, sizeof v->rejected);
    v->shared = s.shared;
    for (int state = 0; state < LINK_STATE_COUNT; state++)
        v->link[state] = state == (int)s.link;
    watched_show(&a->watched, v);
    return 0;
}

/* What is done now and then. */
static int
tidy(struct agent *a)
{
    int64_t now = clock_microseconds(CLOCK_MONOTONIC);
    int rc = 0;

    if (a->verdicts.behind && a->note_at > now + SECOND)
        a->note_at = now + SECOND;
    if (now >= a->note_at) {
        a->note_at = now + (int64_t)NOTE_SECONDS * SECOND;
        rc = verdicts_note(&a->verdicts);
    }
    if (a->spool && now >= a->prune_at) {
        a->prune_at = now + (int64_t)PRUNE_SECONDS * SECOND;
        spool_prune(a->spool, a->batch.wall);
    }
    if (now < a->tidy_at || rc)
        return rc;
    a->tidy_at = now + SECOND;
    agent_key_look(a);
    rc = maat_outbox_prune(a->outboxes, PRUNED_AT_ONCE);
    return rc && !maat_error_is_full(rc) ? rc : tell_supervisor(a, now);
}

int
agent_serve(struct agent *a)
{
    int rc = 0;

    supervisor_ready(&a->supervisor);
    while (!a->stopping && !rc) {
        if ((rc = wait_for_event(a)))
            return rc;
        if (!(rc = take(a)) && !(rc = exchange(a)) && !(rc = show(a)))
            rc = tidy(a);
    }
    return rc ? why_set(a->why, rc, "the outbox's folder can't be read or written: %s",
                        maat_error_text(rc))
              : 0;
}
