#include "agents/cli/sending/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agents/cli/sending/run_name.h"
#include "agents/cli/sending/seen.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/wire/host_clock.h"

enum { PRUNE_MOST = 10000 };

/* So long after its last verdict a run that was not seen to its end is over: the
   same command then means once more. */
#define RUN_OVER_AFTER (INT64_C(3600) * 1000000)

struct run {
    struct sending *sending;
    struct maat_outbox *outboxes;
    struct maat_outbox_id outbox;
    char source[RUN_NAME]; /* the name by which it is found again */
    size_t queued;         /* so many of the submissions are in the outbox */
    size_t said;           /* and of so many the result was said */
    int64_t newest;        /* entry that is known */
    int64_t begun;         /* the earlier run that it goes on with; 0: it is the first */
};

static void
name_run(struct run *run)
{
    const struct sending *s = run->sending;
    struct run_name name;

    run_name_begin(&name, maat_key_public(s->talk->key));
    for (size_t i = 0; i < s->count; i++)
        run_name_add(&name, s->list[i].sent.kind, s->list[i].same);
    run_name_print(&name, run->source);
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

/* The first one notes when the run began, by which it is found again. */
static int
queue_stage(struct run *run)
{
    struct sending *s = run->sending;
    const size_t end = stage_end(s, run->queued);
    const size_t count = end - run->queued;
    struct maat_submission *list = count ? calloc(count, sizeof *list) : NULL;
    const struct maat_note note = {run->source, clock_microseconds(CLOCK_REALTIME)};
    int64_t first;

    if (!list)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct submission *sub = &s->list[run->queued + i];
        if (sub->unseen)
            fill_in_seen(run, sub);
        list[i] =
            (struct maat_submission){.kind = word_text(&submission_kinds, (int)sub->sent.kind),
                                     .body = sub->body.at,
                                     .len = sub->body.len,
                                     .source = run->source,
                                     .taken = note.place};
    }
    int rc = maat_outbox_queue(run->outboxes, &run->outbox, list, count, &note, run->queued ? 0 : 1,
                               &first);
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
    struct maat_kept first;
    int rc;

    run->outbox = (struct maat_outbox_id){{0}};
    while ((rc = maat_outbox_each(run->outboxes, &run->outbox)) == 1) {
        rc = maat_outbox_get(run->outboxes, &run->outbox, 1, &first);
        if (rc < 0)
            return rc;
        if (rc == 1 && first.taken == begun && strcmp(first.source, run->source) == 0)
            return 1;
    }
    return rc;
}

/* 1 where all of it has its verdict, and had it long ago. What was cut off before,
   and nobody can say how far it came, is gone on with whenever that is. */
static int
is_over(const struct run *run, const struct maat_counts *counts)
{
    struct maat_kept last;

    if (counts->queued || (size_t)counts->last < run->sending->count)
        return 0;
    int rc = maat_outbox_get(run->outboxes, &run->outbox, counts->last, &last);
    return rc == 1 ? clock_microseconds(CLOCK_REALTIME) - last.settled > RUN_OVER_AFTER : rc;
}

/* An earlier run of the same that did not come to its end: 1, or 0 if there is none,
   or a negative error. */
static int
find_begun(struct run *run)
{
    struct maat_counts counts;
    int64_t begun;
    int rc = maat_outbox_noted(run->outboxes, run->source, &begun);

    if (rc || !begun || (rc = find_run(run, begun)) != 1)
        return rc;
    if ((rc = maat_outbox_count(run->outboxes, &run->outbox, &counts))
        || (rc = is_over(run, &counts)) < 0)
        return rc;
    if (rc == 1)
        return 0;
    run->queued = (size_t)counts.last;
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
        rc = maat_outbox_current(run->outboxes, true, &run->outbox);
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
                         maat_error_text(error));
}

static int
open_outboxes(struct run *run)
{
    char folder[CONFIG_PATH];
    struct maat_fault why;
    struct fault fault;

    if (!config_state_folder(folder, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    if (maat_outbox_open(&run->outboxes, folder, 0, false, &why))
        return talk_complain(EXIT_MACHINE, "%s", why.reason);
    (void)maat_outbox_prune(run->outboxes, PRUNE_MOST);
    name_run(run);
    return EXIT_DONE;
}

static int
open_run(struct run *run)
{
    int rc = open_outboxes(run);

    if (rc != EXIT_DONE || (rc = begin_run(run)) == 0)
        return rc;
    maat_outbox_close(&run->outboxes);
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
    maat_outbox_close(&run.outboxes);
    *begun = found == 1;
    return found < 0 ? outbox_failed(found) : EXIT_DONE;
}

/* --- sending ------------------------------------------------------------------------------ */

static int64_t
count_queued(struct run *run)
{
    struct maat_counts counts;
    int rc =
        maat_outbox_count(run->outboxes, maat_outbox_in_use(run->sending->talk->broker), &counts);
    return rc ? rc : counts.queued;
}

/* Patience is for a broker that says nothing, not for the length of the work. */
static enum maat_outcome
settle(struct run *run)
{
    struct talk *t = run->sending->talk;
    int64_t before, after;
    enum maat_outcome outcome;

    do {
        before = count_queued(run);
        outcome = maat_settle(t->broker, t->ms);
        after = count_queued(run);
        if (before < 0 || after < 0)
            return MAAT_MACHINE;
    } while (outcome == MAAT_UNREACHABLE && after < before);
    return outcome;
}

static void
take_refusal(struct arena *arena, struct sent *sent, const struct maat_kept *kept)
{
    int code = word_find(&fault_codes, kept->code, strlen(kept->code));

    sent->state = SENT_REFUSED;
    sent->code = (enum fault_code)code;
    sent->field = text_copy(arena, text_of(kept->field));
    sent->reason = text_copy(arena, text_of(kept->reason));
    sent->has.code = sent->has.field = sent->has.reason = 1;
}

static void
take_result(struct run *run, struct submission *sub, const struct maat_kept *kept)
{
    struct arena *arena = run->sending->talk->arena;
    struct sent *sent = &sub->sent;

    if (run->begun)
        sub->body =
            (struct bytes){arena_copy(arena, kept->body, kept->body_len), (uint32_t)kept->body_len};
    sent->number = kept->number;
    sent->has.number = kept->number > 0;
    if (kept->state == MAAT_NOT_ACCEPTED)
        take_refusal(arena, sent, kept);
    if (kept->state != MAAT_ACCEPTED)
        return;
    sent->state = SENT_ACKNOWLEDGED;
    if (kept->number > run->newest)
        run->newest = kept->number;
}

/* Of all that is in the outbox and was not said yet. */
static int
say_results(struct run *run)
{
    struct sending *s = run->sending;
    const struct maat_outbox_id *outbox = maat_outbox_in_use(s->talk->broker);
    struct maat_kept kept;

    for (; run->said < run->queued; run->said++) {
        struct submission *sub = &s->list[run->said];
        if (maat_outbox_get(run->outboxes, outbox, (int64_t)run->said + 1, &kept) != 1)
            return talk_complain(EXIT_MACHINE, "the outbox can't be read");
        take_result(run, sub, &kept);
        sent_say(&sub->sent, s->talk->options.json);
    }
    return EXIT_DONE;
}

static int
stopped(const struct run *run, enum maat_outcome outcome)
{
    static const char kept[] = ". What was not sent is kept: the same command again goes on";
    const struct sending *s = run->sending;
    const struct maat *broker = s->talk->broker;

    for (size_t i = run->said; i < s->count; i++)
        sent_say(&s->list[i].sent, s->talk->options.json);
    bool is_slow = outcome == MAAT_UNREACHABLE && maat_link(broker) == MAAT_LINK_OPEN;
    bool is_told = outcome == MAAT_UNREACHABLE && maat_link(broker) == MAAT_LINK_WAITING;
    if (!is_slow && !is_told)
        return talk_ended(s->talk, outcome, kept);
    return talk_complain(maat_exit_code(outcome), "%s (%s)%s",
                         is_slow ? "the broker has no answer yet" : "the broker takes nothing now",
                         is_told ? maat_link_reason(broker) : maat_link_text(broker), kept);
}

static int
worst_result(const struct sending *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].sent.state == SENT_REFUSED)
            return EXIT_REFUSED;
    return EXIT_DONE;
}

static int
send_stages(struct run *run)
{
    struct sending *s = run->sending;

    maat_use_outbox(s->talk->broker, run->outboxes, &run->outbox);
    for (;;) {
        enum maat_outcome outcome = settle(run);
        int rc = say_results(run);
        if (rc != EXIT_DONE)
            return rc;
        if (outcome != MAAT_DONE)
            return stopped(run, outcome);
        if (run->queued == s->count)
            break;
        if ((rc = queue_stage(run)))
            return outbox_failed(rc);
    }
    /* Said first: cut off here, it is said again, not done again. */
    const char *const done[] = {run->source};
    (void)fflush(stdout);
    (void)maat_outbox_forget(run->outboxes, done, 1);
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
    maat_use_outbox(s->talk->broker, NULL, NULL);
    maat_outbox_close(&run.outboxes);
    return rc;
}
