#include "agents/cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "agents/cli/seen.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/digest.h"

enum { SOURCE = 80, PRUNE_MOST = 10000 };

/* So long after its last verdict a run that was not seen to its end is over: the
   same command then means once more. */
#define RUN_OVER_AFTER (INT64_C(3600) * 1000000)

#define OUTBOX_MAP ((size_t)1 << 34)

struct run {
    struct sending *sending;
    struct outboxes *outboxes;
    struct outbox_id outbox;
    char source[SOURCE]; /* the name by which it is found again */
    size_t queued;       /* so many of the submissions are in the outbox */
    size_t said;         /* and of so many the result was said */
    int64_t newest;      /* entry that is known */
    int64_t begun;       /* the earlier run that it goes on with; 0: it is the first */
};

static int64_t
wall(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* The digest of all that is sent and of who sends it. */
static void
name_run(struct run *run)
{
    const struct sending *s = run->sending;
    uint8_t digest[DIGEST_SIZE] = {0};
    struct bytes so_far = {digest, DIGEST_SIZE};
    int len = snprintf(run->source, sizeof run->source, "maat ");

    submission_digest(KIND_BOARD, so_far, (struct bytes){s->talk->identity.public, CURVE_KEY},
                      digest);
    for (size_t i = 0; i < s->count; i++)
        submission_digest(s->list[i].sent.kind, so_far,
                          (struct bytes){s->list[i].same, DIGEST_SIZE}, digest);
    for (int i = 0; i < DIGEST_SIZE; i++)
        len += snprintf(run->source + len, sizeof run->source - (size_t)len, "%02x", digest[i]);
}

/* --- a stage ------------------------------------------------------------------------- */

/* Where the stage ends that begins at `from`: before one that must have seen an
   entry of this stage. */
static size_t
stage_end(const struct sending *s, size_t from)
{
    size_t i = from;

    while (i < s->count && s->list[i].after <= from)
        i++;
    return i;
}

static void
fill_in_seen(const struct run *run, struct submission *sub)
{
    static uint8_t encoded[BODY_MAX];
    const struct record *r = body_records[sub->sent.kind];
    struct talk *t = run->sending->talk;
    union body body;
    struct fault fault;

    arena_reset(run->sending->scratch);
    if (!record_decode(run->sending->scratch, r, &body, sub->body.at, sub->body.len, &fault))
        abort(); /* it was checked when it was added */
    seen_put(sub->sent.kind, &body, run->newest, t->welcome.epoch);
    size_t len = record_encode(r, &body, encoded, sizeof encoded);
    sub->body = (struct bytes){arena_copy(t->arena, encoded, len), (uint32_t)len};
}

static bool
fill_kept(const struct run *run, struct submission *sub, int64_t now, struct kept *out)
{
    uint8_t *nonce = arena_take(run->sending->talk->arena, NONCE_SIZE);

    if (sub->unseen)
        fill_in_seen(run, sub);
    *out = (struct kept){.state = KEPT_QUEUED,
                         .kind = sub->sent.kind,
                         .nonce = {nonce, NONCE_SIZE},
                         .body = sub->body,
                         .taken = now,
                         .source = text_of(run->source)};
    out->has.state = out->has.kind = out->has.nonce = out->has.body = 1;
    out->has.taken = out->has.source = 1;
    return getrandom(nonce, NONCE_SIZE, 0) == NONCE_SIZE;
}

/* The first one notes when the run began, by which it is found again. */
static int
queue_stage(struct run *run)
{
    struct sending *s = run->sending;
    const size_t end = stage_end(s, run->queued);
    struct kept *list = end > run->queued ? calloc(end - run->queued, sizeof *list) : NULL;
    const int64_t now = wall();
    const struct outbox_note note = {run->source, now};
    int64_t first;
    int rc = 0;

    if (!list)
        return -ENOMEM;
    for (size_t i = run->queued; i < end && !rc; i++)
        rc = fill_kept(run, &s->list[i], now, &list[i - run->queued]) ? 0 : -EIO;
    if (!rc)
        rc = outbox_queue(run->outboxes, &run->outbox, list, end - run->queued,
                          run->queued ? NULL : &note, &first);
    if (!rc)
        run->queued = end;
    free(list);
    return rc;
}

/* --- beginning, or going on ----------------------------------------------------------- */

/* The outbox of the same run, begun at `begun`: 1, or 0 if there is none, or a
   negative error. */
static int
find_run(struct run *run, int64_t begun)
{
    struct kept first;
    int rc;

    run->outbox = (struct outbox_id){{0}};
    while ((rc = outbox_each(run->outboxes, &run->outbox)) == 1) {
        rc = outbox_get(run->outboxes, run->sending->scratch, &run->outbox, 1, &first);
        if (rc < 0)
            return rc;
        if (rc == 1 && first.taken == begun && text_is(first.source, run->source))
            return 1;
    }
    return rc;
}

/* 1 where all of it has its verdict, and had it long ago. What was cut off before,
   and nobody can say how far it came, is gone on with whenever that is. */
static int
is_over(const struct run *run, const struct outbox_counts *counts)
{
    struct kept last;

    if (counts->row.queued || (size_t)counts->row.last < run->sending->count)
        return 0;
    int rc =
        outbox_get(run->outboxes, run->sending->scratch, &run->outbox, counts->row.last, &last);
    return rc == 1 ? wall() - last.settled > RUN_OVER_AFTER : rc;
}

/* An earlier run of the same that did not come to its end: 1, or 0 if there is none,
   or a negative error. */
static int
find_begun(struct run *run)
{
    struct outbox_counts counts;
    int64_t begun;
    int rc = outbox_noted(run->outboxes, run->source, &begun);

    if (rc || !begun || (rc = find_run(run, begun)) != 1)
        return rc;
    if ((rc = outbox_count(run->outboxes, &run->outbox, &counts))
        || (rc = is_over(run, &counts)) < 0)
        return rc;
    if (rc == 1)
        return 0;
    run->queued = (size_t)counts.row.last;
    run->begun = begun;
    return 1;
}

static void
say_goes_on(const struct run *run)
{
    char time[TIME_TEXT];

    time_format_in_london(run->begun, time);
    (void)talk_complain(EXIT_DONE, "going on with the same command of %s, which was cut off", time);
}

static int
begin_run(struct run *run)
{
    int rc = find_begun(run);

    if (rc == 1)
        say_goes_on(run);
    if (rc == 0)
        rc = outbox_current(run->outboxes, true, &run->outbox);
    if (rc == 0)
        rc = queue_stage(run);
    return rc == 1 ? 0 : rc;
}

static int
outbox_failed(int error)
{
    return talk_complain(EXIT_MACHINE,
                         "the outbox, in $XDG_STATE_HOME/maat or ~/.local/state/maat: %s. What was "
                         "not sent is kept: the same command again goes on",
                         outbox_error_text(error));
}

static int
open_outboxes(struct run *run)
{
    char folder[CONFIG_PATH];
    char why[OUTBOX_WHY];
    struct fault fault;

    if (!config_state_folder(folder, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    if (outboxes_open(&run->outboxes, folder, OUTBOX_MAP, why))
        return talk_complain(EXIT_MACHINE, "%s", why);
    (void)outbox_prune(run->outboxes, wall(), PRUNE_MOST);
    name_run(run);
    return EXIT_DONE;
}

static int
open_run(struct run *run)
{
    int rc = open_outboxes(run);

    if (rc != EXIT_DONE || (rc = begin_run(run)) == 0)
        return rc;
    outboxes_close(&run->outboxes);
    return outbox_failed(rc);
}

int
run_begun(struct sending *s, bool *begun)
{
    struct run run = {.sending = s};
    int rc = open_outboxes(&run);

    if (rc != EXIT_DONE)
        return rc;
    int found = find_begun(&run);
    outboxes_close(&run.outboxes);
    *begun = found == 1;
    return found < 0 ? outbox_failed(found) : EXIT_DONE;
}

/* --- sending ------------------------------------------------------------------------------ */

/* Patience is for a broker that says nothing, not for the length of the work. */
static enum client_outcome
settle(struct run *run)
{
    struct talk *t = run->sending->talk;
    struct outbox_counts before, after;
    enum client_outcome outcome;

    do {
        if (outbox_count(run->outboxes, &client_link(t->client)->outbox, &before))
            return CLIENT_MACHINE;
        outcome = client_settle(t->client, t->ms);
        if (outbox_count(run->outboxes, &client_link(t->client)->outbox, &after))
            return CLIENT_MACHINE;
    } while (outcome == CLIENT_UNREACHABLE && after.row.queued < before.row.queued);
    return outcome;
}

static void
take_result(struct run *run, struct submission *sub, const struct kept *kept)
{
    struct arena *arena = run->sending->talk->arena;
    struct sent *sent = &sub->sent;

    if (run->begun)
        sub->body =
            (struct bytes){arena_copy(arena, kept->body.at, kept->body.len), kept->body.len};
    sent->state = kept->state;
    KEEP(sent, kept, number);
    KEEP(sent, kept, code);
    KEEP(sent, kept, field);
    KEEP(sent, kept, reason);
    sent->field.at = arena_copy(arena, kept->field.at, kept->field.len);
    sent->reason.at = arena_copy(arena, kept->reason.at, kept->reason.len);
    if (kept->state == KEPT_ACKNOWLEDGED && kept->number > run->newest)
        run->newest = kept->number;
}

/* Of all that is in the outbox and was not said yet. */
static int
say_results(struct run *run)
{
    struct sending *s = run->sending;
    struct kept kept;

    for (; run->said < run->queued; run->said++) {
        struct submission *sub = &s->list[run->said];
        arena_reset(s->scratch);
        if (outbox_get(run->outboxes, s->scratch, &client_link(s->talk->client)->outbox,
                       (int64_t)run->said + 1, &kept)
            != 1)
            return talk_complain(EXIT_MACHINE, "the outbox can't be read");
        take_result(run, sub, &kept);
        sent_say(&sub->sent, s->talk->options.json);
    }
    return EXIT_DONE;
}

static int
stopped(const struct run *run, enum client_outcome outcome)
{
    const struct sending *s = run->sending;

    for (size_t i = run->said; i < s->count; i++)
        sent_say(&s->list[i].sent, s->talk->options.json);
    const struct link *link = client_link(s->talk->client);
    bool is_slow = outcome == CLIENT_UNREACHABLE && link->state == LINK_OPEN;
    bool is_told = outcome == CLIENT_UNREACHABLE && link->state == LINK_WAITING;
    static const char kept[] = ". What was not sent is kept: the same command again goes on";
    if (!is_slow && !is_told)
        return talk_ended(s->talk, outcome, kept);
    return talk_complain(client_exit_code(outcome), "%s (%s)%s",
                         is_slow ? "the broker has no answer yet" : "the broker takes nothing now",
                         is_told ? link->reason : client_state(s->talk->client), kept);
}

static int
worst_result(const struct sending *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].sent.state == KEPT_REFUSED)
            return EXIT_REFUSED;
    return EXIT_DONE;
}

static int
send_stages(struct run *run)
{
    struct sending *s = run->sending;

    client_begin(s->talk->client, run->outboxes, &run->outbox);
    for (;;) {
        enum client_outcome outcome = settle(run);
        int rc = say_results(run);
        if (rc != EXIT_DONE)
            return rc;
        if (outcome != CLIENT_DONE)
            return stopped(run, outcome);
        if (run->queued == s->count)
            break;
        if ((rc = queue_stage(run)))
            return outbox_failed(rc);
    }
    /* Said first: cut off here, it is said again, not done again. */
    (void)fflush(stdout);
    (void)outbox_forget(run->outboxes, run->source);
    return worst_result(s);
}

int
run_send(struct sending *s)
{
    struct run run = {.sending = s, .newest = s->talk->welcome.number};
    int rc = open_run(&run);

    if (rc != EXIT_DONE)
        return rc;
    rc = send_stages(&run);
    client_finish(s->talk->client);
    outboxes_close(&run.outboxes);
    return rc;
}
