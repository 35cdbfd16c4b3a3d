#include "agents/cli/watch/watch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agents/cli/watch/aside.h"
#include "agents/cli/watch/ask.h"
#include "agents/cli/watch/inside.h"
#include "agents/cli/watch/once.h"
#include "agents/cli/watch/since.h"
#include "schema/days.h"
#include "schema/wire/host_clock.h"
#include "schema/wire/program.h"

WATCH_OPTIONS(RECORD_TABLE)

enum { EXEC_SECONDS = 60, EXEC_TRIES = 5 };

const char watch_help[] =
    "maat watch da-2016 --since 2016-04-01\n"
    "  maat watch --json --state watch.state >> events.jsonl\n"
    "  maat watch --exec ./to-our-system --state to-our-system.state\n"
    "\n"
    "On a terminal: how every action stands, and beneath it what happens. Else a line an event,\n"
    "or with --json an object:\n"
    "  number   the journal's, by which an event is known\n"
    "  entry    time, client, kind, outcome ...; body: what was said, as in `maat log --json`\n"
    "  marking  of the plan\n"
    "  actions  what it names or moved, each with action, before, before_reasons, after,\n"
    "           reasons, row (as in `maat status --json`) and number, to which that is complete;\n"
    "           before is left out where it is not known: while it catches up with the past, a\n"
    "           row is already what it is today\n"
    "or, where a plan comes to be seen, or can be seen no longer: {\"plan\":ID,\"seen\":false}.\n"
    "\n"
    "Where the connection is lost it is dialled again, and nothing is missed or told twice. With\n"
    "--state that holds from run to run; written to a file, even for one that was killed. What\n"
    "goes into a pipe may, after a kill -9, be told again: its number says so.\n"
    "\n"
    "A program of --exec gets the object on its standard input, and what it prints comes out on\n"
    "stderr. An event counts as done when it ends with 0; one that was under way when the watch\n"
    "was killed is run again. Where it fails it is tried again; after the last try it is set "
    "aside,\n"
    "in FILE.set-aside beside the state file (without one, in ~/.local/state/maat), and the watch\n"
    "goes on.";

/* --- the loop ------------------------------------------------------------------------------- */

/* What the sink waits for: a reader, a program, a person. */
static int
sink_items(const struct watching *w, struct pollfd *items, long *ms)
{
    *ms = w->show ? watch_show_due_ms(w->show) : w->o->has.exec ? watch_exec_due_ms(&w->exec) : -1;
    if (w->show)
        return watch_show_items(w->show, items);
    if (w->o->has.exec)
        return watch_exec_items(&w->exec, items);
    items[0] = watch_output_item(&w->output, w->queue.first != NULL);
    return 1;
}

static int
wait_for_more(struct watching *w)
{
    struct pollfd items[STREAM_ITEMS] = {{.fd = w->signals, .events = POLLIN}};
    bool was_lost = w->stream.lost;
    long ms;
    int count = 1 + sink_items(w, items + 1, &ms);
    int rc = stream_turn(&w->stream, items, count, ms);

    w->ends = w->ends || (items[0].revents & POLLIN);
    if (w->show) {
        w->show->changed = w->show->changed || was_lost != w->stream.lost;
        w->ends = w->ends || !watch_show_polled(w->show);
    } else if (!w->o->has.exec) {
        watch_output_polled(&w->output, &items[1]);
        w->ends = w->ends || w->output.broken;
    }
    return rc;
}

/* A name that is mistyped would be watched for ever. */
static int
check_names(struct watching *w)
{
    const struct text *absent = w->resumed ? NULL : watch_ask_absent(w->feed);

    w->checked = !absent;
    return !absent ? EXIT_DONE
                   : talk_complain(EXIT_REFUSED, "%.*s: there is none such, or you may not see it",
                                   (int)absent->len, absent->at);
}

/* Said of the feed, or of the whole session. */
static bool
is_other_journal(const struct watching *w)
{
    static const char word[] = "other-journal";
    const struct maat *broker = w->talk->broker;
    enum wire_error code;
    const char *reason;

    return (feed_is_over(w->feed, &code, &reason) && code == ERROR_OTHER_JOURNAL)
           || (maat_link(broker) == MAAT_LINK_STOPPED
               && strncmp(maat_link_reason(broker), word, sizeof word - 1) == 0);
}

static int
serve(struct watching *w)
{
    int rc = EXIT_DONE;

    while (rc == EXIT_DONE && !w->ends) {
        rc = wait_for_more(w);
        if (rc == EXIT_DONE && w->live && !w->checked)
            rc = check_names(w);
        if (rc == EXIT_DONE)
            rc = watch_work_off(w);
        if (rc == EXIT_DONE && w->show)
            watch_show_draw(w->show, &w->stream);
    }
    int stopped = watch_stop(w);
    if (w->state.path[0] && is_other_journal(w))
        (void)talk_complain(EXIT_DONE,
                            "the state file %s is of the journal that was: once that is "
                            "understood, move it away to begin anew",
                            w->state.path);
    return rc != EXIT_DONE ? rc : stopped;
}

/* --- beginning ------------------------------------------------------------------------------- */

/* Where an earlier run ended; or where --since says; or now. */
static int
begin_feed(struct watching *w, const struct feed_filter *filter)
{
    const struct watch_kept *kept = &w->state.kept;
    int64_t from;
    int rc = EXIT_DONE;

    w->feed = feed_new(filter, &watch_events, w);
    w->resumed = w->state.resumes;
    for (size_t i = 0; i < w->state.plans.count; i++)
        feed_know_plan(w->feed, ((const struct watch_plan *)w->state.plans.at[i])->id);
    if (kept->has.number && kept->has.root)
        feed_know_head(w->feed, kept->number, kept->root.at);
    if (w->resumed) {
        feed_resume(w->feed, kept->upto);
    } else if (w->o->has.since && (rc = watch_since(w->talk, w->o->since, &from)) == EXIT_DONE) {
        feed_resume(w->feed, from);
        watch_state_upto(&w->state, from);
    }
    return rc;
}

static int
run_at_terminal(struct watching *w)
{
    const struct watch_only only = watch_only_of(w->o);

    watch_show_begin(&w->terminal, w->feed, &only);
    w->show = &w->terminal;
    w->stream.mute = true;
    int rc = serve(w);
    watch_show_end(w->show);
    w->show = NULL;
    return rc;
}

static int
run(struct watching *w, const struct feed_filter *filter)
{
    bool shows = !w->o->has.exec && !w->talk->options.json && watch_terminal_is_there();

    watch_output_begin(&w->output, &w->state);
    int rc = begin_feed(w, filter);
    if (rc == EXIT_DONE && (w->signals = program_signals()) < 0)
        rc = talk_complain(EXIT_MACHINE, "signals can't be waited for: %s", strerror(-w->signals));
    if (rc == EXIT_DONE) {
        w->scratch = arena_new();
        w->saved = clock_microseconds(CLOCK_MONOTONIC);
        rc = stream_begin(&w->stream, w->talk, w->feed);
        if (rc == EXIT_DONE)
            rc = shows ? run_at_terminal(w) : serve(w);
        stream_end(&w->stream);
        arena_destroy(&w->scratch);
        (void)close(w->signals);
    }
    watch_queue_free(&w->queue);
    feed_free(&w->feed);
    return rc;
}

static int
watch_on(struct talk *t, const struct feed_filter *filter, const struct watch_option *o)
{
    const char *state = o->has.state ? text_string(t->arena, o->state) : NULL;
    const struct watch_kept about = {.board = t->welcome.board,
                                     .client = t->welcome.client,
                                     .epoch = t->welcome.epoch,
                                     .filter = watch_ask_words(filter, o, t->arena)};
    struct watching w = {.o = o, .talk = t};
    struct fault fault;

    if (o->has.exec && !watch_aside_path(state, w.aside, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    if (o->has.exec
        && !watch_exec_open(&w.exec, text_string(t->arena, o->exec),
                            o->has.exec_seconds ? o->exec_seconds : EXEC_SECONDS,
                            o->has.exec_tries ? (unsigned)o->exec_tries : EXEC_TRIES))
        return talk_complain(EXIT_USAGE, "--exec: there is no program %.*s that may be run",
                             (int)o->exec.len, o->exec.at);
    int rc = watch_state_open(&w.state, state, &about);
    if (rc != EXIT_DONE)
        return rc;
    rc = run(&w, filter);
    watch_state_close(&w.state);
    return rc;
}

static bool
check_options(const struct watch_option *o, struct fault *fault)
{
    if (o->has.once && (o->has.since || o->has.state || o->has.exec))
        return fault_set(fault, FAULT_FIELD_INVALID, "once",
                         "is over at once: it takes no --since, --state or --exec");
    return true;
}

int
watch(const struct invocation *in, struct arena *arena)
{
    struct feed_filter filter;
    struct watch_option o;
    struct fault fault;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if (!check_options(&o, &fault) || !watch_ask_filter(in, &o, arena, &filter, &fault))
        return program_usage(in, &fault);
    if ((rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = o.has.once ? watch_once(&t, &filter, &o) : watch_on(&t, &filter, &o);
    talk_close(&t);
    return rc;
}
