#include "broker/loop/loop.h"

#include <errno.h>
#include <malloc.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "broker/events.h"
#include "broker/loop/inside.h"
#include "schema/days.h"
#include "schema/wire/host_clock.h"

enum {
    COPIED = 1024,    /* bytes of a frame, at most */
    SILENT_PINGS = 3, /* a session that misses so many is over */
    MINUTE = 60,
};
#define FREE_MOST ((size_t)32 << 20) /* beyond what comes and goes with a feed's messages */
#define LATELY (10 * LOOP_MS)
#define STOP_WITHIN (4 * LOOP_SECOND)

static void
read_clocks(struct loop *l)
{
    l->now.host = clock_microseconds(CLOCK_REALTIME);
    l->now.steady = clock_microseconds(CLOCK_MONOTONIC);
    l->ledger->pending.now = l->now.steady;
}

/* --- frames in and out ----------------------------------------------------------- */

static void
let_go_of(void *data, void *parcel)
{
    (void)data;
    parcel_free(parcel);
}

/* A short frame is copied by the wire at less cost than it takes to tell when that has
   done with it. */
static int
hand_over(struct hub *hub, const struct hub_route *route, struct parcel *frame)
{
    if (frame->len > COPIED) {
        parcel_hand(frame);
        return hub_hand(hub, route, frame->at, frame->len, let_go_of, frame);
    }
    int rc = hub_send(hub, route, frame->at, frame->len);
    parcel_free(frame);
    return rc;
}

/* A peer that reads nothing is let go: what it was to hear is told when it comes
   again. */
static void
deliver(void *context, struct session *to, struct parcel *frame)
{
    struct loop *l = context;
    int rc = hand_over(l->with->hub, &to->route, frame);

    if (rc == HUB_SENT)
        return;
    if (rc < 0)
        l->sending = rc;
    struct log_line line =
        broker_event(rc == HUB_FULL ? BROKER_SESSION_READS_NOTHING : BROKER_SESSION_GONE);
    log_text(&line, "client", to->author.client);
    log_write(&line);
    sessions_end(l->service.sessions, to);
}

/* What it asks of the past waits with the past; `past` is there when it comes
   again. */
static int
handle(struct loop *l, struct hub_frame *frame, const struct past *past)
{
    uint64_t queued = outgoing_count(&l->out);
    l->service.waiting = past_queue_waiting(l->pasts, frame->key);
    l->service.frame = frame;
    int rc = service_take_again(&l->service, &frame->route, frame->key, frame->data, frame->len,
                                past, l->now);

    if (rc < 0)
        held_push(&l->held, frame, INT64_MAX);
    else if (rc == SERVICE_LATER)
        past_queue_add(l->pasts, frame, &l->service.wanted);
    else if (outgoing_count(&l->out) != queued)
        held_push(&l->held, frame, l->ledger->number);
    else
        hub_release(frame);
    return rc < 0 ? rc : 0;
}

int
loop_handle(struct loop *l, struct hub_frame *frame)
{
    return handle(l, frame, NULL);
}

/* One at a time: what is asked of the past waits longer than what is submitted. */
static int
take_past(struct loop *l)
{
    struct hub_frame frame;
    struct past past;
    int result;

    if (!past_queue_take(l->pasts, &frame, &past, &result))
        return 0;
    if (result) {
        held_push(&l->held, &frame, INT64_MAX);
        return result;
    }
    int rc = handle(l, &frame, &past);
    past_queue_keep(l->pasts, &past, l->now.steady);
    return rc;
}

static void
tell_day(int32_t rated)
{
    struct log_line line = broker_event(BROKER_DAY_RATED);
    char day[DAY_TEXT];

    day_format(rated, day);
    log_word(&line, "day", day);
    log_write(&line);
}

/* Nothing else is judged until a day that has begun is rated: in slices, between
   which all else goes on. */
static int
rate_new_day(struct loop *l)
{
    bool may = loop_may_read(l) && l->service.intake.closed == OPEN_TO_ALL;
    int32_t before = l->ledger->rated;
    int rc = may ? newday_step(&l->newday, l->now.host, NEWDAY_ROWS) : 0;

    if (rc >= 0 && l->ledger->rated != before)
        tell_day(l->ledger->rated);
    l->rating = rc == 1;
    return rc < 0 ? rc : 0;
}

/* --- who follows -------------------------------------------------------------------- */

/* Who follows is told of a batch while the journal writes it. */
static int
hand_over_and_tell(struct loop *l)
{
    l->service.feeds.busy = l->now.steady - l->last_fold < LATELY;
    return feeds_step(&l->service.feeds, loop_hand_over(l), l->now);
}

/* What was judged while the journal was at a batch is its next one at once: it need not wait
   until the loop has judged more. */
static int
take_report_and_go_on(struct loop *l)
{
    int rc = loop_take_report(l);

    outgoing_release(&l->out, l->ledger->durable);
    held_release(&l->held, l->ledger->durable);
    return rc == 0 && !l->syncing && l->ledger->pending.oldest ? hand_over_and_tell(l) : rc;
}

/* --- time ------------------------------------------------------------------------------ */

/* What is left behind by clients who came and went is given back where it is whole pages:
   it takes 0.1 ms when there is little, which is when nothing is submitted, and up to 8. */
static void
give_back_memory(struct loop *l)
{
    size_t free = mallinfo2().fordblks;
    if (free < l->free_least)
        l->free_least = free;
    bool quiet = l->now.steady - l->last_fold >= LOOP_SECOND;
    if (quiet ? free == l->free_least : free - l->free_least < FREE_MOST)
        return;
    (void)malloc_trim(0);
    l->free_least = free;
}

static void
check(struct loop *l)
{
    int64_t patience = SILENT_PINGS * l->with->options->ping_ms * LOOP_MS;

    if (l->now.steady < l->next_check)
        return;
    l->next_check = l->now.steady + LOOP_SECOND;
    give_back_memory(l);
    (void)clock_read(&l->ledger->clock, l->now.host); /* a quiet week is no jump */
    loop_mind_room(l);
    loop_mind_journal(l);
    loop_tell_strangers(l);
    past_queue_tidy(l->pasts, l->now.steady);
    size_t over = sessions_expire(l->service.sessions, l->now.steady - patience);
    if (over) {
        struct log_line line = broker_event(BROKER_SESSIONS_EXPIRED);
        log_number(&line, "count", (int64_t)over);
        log_write(&line);
    }
    if (++l->checks % MINUTE == 0)
        keeping_mind(l->ledger->keeping);
    loop_tell_supervisor(l);
}

static void
earlier(int64_t *due, int64_t other)
{
    if (other < *due)
        *due = other;
}

static long
timeout_ms(const struct loop *l)
{
    int64_t feeds = feeds_due(&l->service.feeds);
    int64_t due = l->rating && loop_may_read(l) ? 0 : l->next_check;

    if (feeds != INT64_MAX)
        earlier(&due, l->now.steady + feeds);
    earlier(&due, loop_state_due(l));
    int64_t left = due - l->now.steady;
    return left <= 0 ? 0 : (long)((left + LOOP_MS - 1) / LOOP_MS);
}

/* --- turns ------------------------------------------------------------------------------ */

static int
wait_for_event(struct loop *l)
{
    struct signalfd_siginfo signal;
    zmq_pollitem_t items[] = {
        {.fd = l->with->signals, .events = ZMQ_POLLIN},
        {.fd = journal_actor_fd(l->actor), .events = ZMQ_POLLIN},
        {.fd = past_queue_fd(l->pasts), .events = ZMQ_POLLIN},
        {.fd = worker_fd(l->writer), .events = ZMQ_POLLIN},
        {.fd = l->with->monitor ? monitor_fd(l->with->monitor) : -1, .events = ZMQ_POLLIN},
        {.socket = zsock_resolve(hub_socket(l->with->hub)), .events = ZMQ_POLLIN},
    };

    if (zmq_poll(items, loop_may_read(l) ? 6 : 5, timeout_ms(l)) < 0 && errno != EINTR)
        return -errno;
    l->asked = items[4].revents != 0;
    read_clocks(l);
    if (read(l->with->signals, &signal, sizeof signal) == sizeof signal && !l->stop_by) {
        struct log_line line = broker_event(BROKER_STOPPING);
        log_write(&line);
        supervisor_stopping();
        l->service.intake.closed = CLOSED_STOPPING;
        l->stop_by = l->now.steady + STOP_WITHIN;
    }
    return 0;
}

static int
turn(struct loop *l)
{
    int rc = wait_for_event(l);

    if (rc)
        return rc;
    rc = take_report_and_go_on(l);
    if (rc == 0)
        rc = take_past(l);
    if (rc == 0)
        rc = rate_new_day(l);
    if (rc == 0)
        rc = loop_drain(l);
    if (rc == 0)
        rc = loop_mind_state(l);
    if (rc < 0 && (rc = loop_recover(l, rc)))
        return rc;
    if ((rc = hand_over_and_tell(l)) < 0 && (rc = loop_recover(l, rc)))
        return rc;
    check(l);
    outgoing_release(&l->out, l->ledger->durable);
    held_release(&l->held, l->ledger->durable);
    loop_show(l);
    return l->sending;
}

static bool
is_over(const struct loop *l)
{
    return l->stop_by && !l->ledger->pending.oldest && outgoing_is_empty(&l->out)
           && loop_has_kept(l);
}

static int
serve(struct loop *l, struct why *why)
{
    while (!is_over(l)) {
        if (l->stop_by && l->now.steady >= l->stop_by)
            return why_set(why, -ETIMEDOUT,
                           "the journal was not written in time: what it has "
                           "acknowledged is safe");
        int rc = turn(l);
        if (rc)
            return why_set(why, rc, "the broker can't go on: %s", journal_error_text(rc));
    }
    return 0;
}

int
loop_run(const struct loop_parts *parts, struct why *why)
{
    struct loop l = {.with = parts, .ledger = parts->ledger, .accepting = true};
    int rc = journal_begin_generation(parts->ledger->journal, &l.generation);

    if (rc == 0)
        rc = journal_actor_start(&l.actor, parts->ledger->journal);
    if (rc == 0)
        rc = past_queue_start(&l.pasts, parts->ledger->journal);
    if (rc == 0)
        rc = keeping_start_writer(&l.writer);
    if (rc) {
        journal_actor_stop(&l.actor);
        past_queue_stop(&l.pasts);
        return why_set(why, rc, "the journal can't be written: %s", journal_error_text(rc));
    }
    held_init(&l.held);
    outgoing_init(&l.out, deliver, &l);
    newday_init(&l.newday, parts->ledger);
    service_init(&l.service, parts->ledger, &l.out, parts->guard, parts->options, parts->signing);
    l.folded = parts->ledger->number;
    l.strangers = l.strangers_before = (int64_t)zap_rejected(parts->zap); /* by the self test */
    read_clocks(&l);
    l.first_fold = l.last_fold = l.now.steady;
    supervisor_ready(&l.supervisor);
    vitals_begin(&l.vitals, l.now.host);
    rc = serve(&l, why);
    journal_actor_stop(&l.actor);
    past_queue_stop(&l.pasts);
    worker_stop(&l.writer);
    held_end(&l.held);
    outgoing_end(&l.out);
    newday_end(&l.newday);
    service_end(&l.service);
    return rc;
}
