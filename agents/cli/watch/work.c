/* What was heard is written or run, in its order, and then noted as done. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/watch/aside.h"
#include "agents/cli/watch/inside.h"
#include "schema/wire/host_clock.h"

enum {
    BEHIND_MOST = 1024 * 1024, /* bytes that wait, before the broker is kept waiting */
    SAVE_ITEMS = 500,          /* things done between two saves */
    SAVE_IDLE_MS = 10000,      /* between saves of nothing but how far it is complete */
    MS = 1000,                 /* microseconds */
};

/* Tries are over: it is kept for a person, and the watch goes on. EXIT_DONE, or what is
   wrong was said. */
static int
set_aside(struct watching *w, const struct watch_item *item)
{
    int rc = watch_aside_put(w->aside, item->text, item->len);

    if (rc)
        return talk_complain(EXIT_MACHINE, "entry %" PRId64 " can't be set aside in %s: %s",
                             item->number, w->aside, strerror(-rc));
    return talk_complain(EXIT_DONE,
                         "entry %" PRId64 ": %s: %s, for the last time; it is set aside in %s",
                         item->number, w->exec.path, w->exec.why, w->aside);
}

static int
write_out(struct watching *w, const char *text, size_t len, bool *done)
{
    int rc = watch_output_write(&w->output, text, len);

    *done = rc == 1;
    w->ends = w->ends || rc == -EPIPE;
    return rc < 0 && rc != -EPIPE
               ? talk_complain(EXIT_MACHINE, "stdout can't be written: %s", strerror(-rc))
               : EXIT_DONE;
}

/* Programs are told of entries only. */
static int
do_plan(struct watching *w, const struct watch_item *item, bool *done)
{
    const bool json = w->talk->options.json;
    char line[ID_MAX + 64];
    int len = snprintf(line, sizeof line,
                       json         ? "{\"plan\":\"%s\",\"seen\":%s}\n"
                       : item->seen ? "     -  plan %s can be seen now%s\n"
                                    : "     -  plan %s can be seen no longer%s\n",
                       item->text,
                       !json        ? ""
                       : item->seen ? "true"
                                    : "false");

    *done = true;
    if (w->show)
        watch_screen_add(&w->show->screen, (struct text){line, (uint32_t)len - 1});
    return w->o->has.exec || w->show ? EXIT_DONE : write_out(w, line, (size_t)len, done);
}

static int
do_event(struct watching *w, const struct watch_item *item, bool *done)
{
    if (w->show) {
        watch_screen_add(&w->show->screen, (struct text){item->text, item->len});
        *done = true;
        return EXIT_DONE;
    }
    if (!w->o->has.exec)
        return write_out(w, item->text, item->len, done);
    int rc = watch_exec_work(&w->exec, item->number, item->text, item->len);
    *done = rc != 0;
    return rc < 0 ? set_aside(w, item) : EXIT_DONE;
}

/* *done, or not yet. An exit code. */
static int
do_item(struct watching *w, const struct watch_item *item, bool *done)
{
    switch (item->kind) {
    case WATCH_EVENT: return do_event(w, item, done);
    case WATCH_PLAN: return do_plan(w, item, done);
    case WATCH_PLAN_HELD:
    case WATCH_UPTO: break;
    }
    *done = true;
    return EXIT_DONE;
}

/* --- how far it came ---------------------------------------------------------------------- */

/* Of which journal it is. Once the feed is over it may be another that is there. */
static void
note_journal(struct watching *w)
{
    struct maat_head proven;
    enum wire_error code;
    const char *reason;

    if (feed_is_over(w->feed, &code, &reason))
        return;
    if (maat_head(w->talk->broker, &proven) && proven.number != w->state.kept.number)
        watch_state_head(&w->state, proven.number, proven.root);
    watch_state_epoch(&w->state, w->talk->welcome.epoch);
}

static int
save(struct watching *w)
{
    int rc;

    note_journal(w);
    w->kept = w->kept || w->state.resumes;
    w->done = 0;
    w->told = false;
    w->saved = clock_microseconds(CLOCK_MONOTONIC);
    if ((rc = watch_output_settle(&w->output, &w->state)))
        return talk_complain(EXIT_MACHINE, "stdout can't be written: %s", strerror(-rc));
    return watch_state_save(&w->state);
}

static void
note(struct watching *w, const struct watch_item *item)
{
    if (item->kind == WATCH_EVENT || item->kind == WATCH_UPTO)
        watch_state_upto(&w->state, item->number);
    else
        watch_state_plan(&w->state, text_of(item->text), item->seen);
    w->told = w->told || item->kind == WATCH_EVENT || item->kind == WATCH_PLAN;
    w->done++;
}

/* Where it begins is noted before anything is written; what was run at once; what was
   written, when all of it is or much was. */
static bool
is_to_be_saved(const struct watching *w)
{
    bool idle = clock_microseconds(CLOCK_MONOTONIC) - w->saved > (int64_t)SAVE_IDLE_MS * MS;

    if (!w->checked)
        return false;
    return (!w->kept && w->state.resumes) || w->done >= SAVE_ITEMS
           || (w->told && (w->o->has.exec || !w->queue.first)) || (w->done && idle);
}

int
watch_work_off(struct watching *w)
{
    int rc = EXIT_DONE;
    bool done = true;

    while (rc == EXIT_DONE && done && w->queue.first && !w->ends) {
        rc = do_item(w, w->queue.first, &done);
        if (rc != EXIT_DONE || !done)
            break;
        note(w, w->queue.first);
        watch_queue_drop(&w->queue);
        if (is_to_be_saved(w))
            rc = save(w);
    }
    feed_hold_back(w->feed, w->queue.bytes > BEHIND_MOST);
    return rc;
}

/* A program that is under way may yet end well. */
int
watch_stop(struct watching *w)
{
    if (watch_exec_close(&w->exec) == 1 && w->queue.first) {
        note(w, w->queue.first);
        watch_queue_drop(&w->queue);
    }
    return w->checked ? save(w) : EXIT_DONE;
}
