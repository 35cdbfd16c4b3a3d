#include "agents/cli/watch/event.h"
#include "agents/cli/watch/inside.h"

static void
show_change(const struct watching *w)
{
    if (w->show)
        w->show->changed = true;
}

static void
on_row(void *context, const struct listed *row)
{
    (void)row;
    show_change(context);
}

static struct text
text_of_event(const struct watching *w, const struct watch_event *e)
{
    if (w->show)
        return watch_event_brief(w->scratch, e, w->show->screen.coloured);
    return w->o->has.exec || w->talk->options.json ? watch_event_json(w->scratch, e)
                                                   : watch_event_line(w->scratch, e);
}

static void
on_plan(void *context, struct text id, bool seen)
{
    struct watching *w = context;

    watch_queue_add(&w->queue, w->live || w->resumed ? WATCH_PLAN : WATCH_PLAN_HELD, 0, seen, id);
}

static void
on_happened(void *context, const struct feed_happening *h)
{
    struct watching *w = context;
    struct watch_event e;

    show_change(w);
    if (!h->entry)
        return;
    arena_reset(w->scratch);
    watch_event_make(&e, w->scratch, w->feed, h);
    const struct watch_only only = watch_only_of(w->o);
    if (!watch_event_is(&e, &only))
        return;
    watch_queue_add(&w->queue, WATCH_EVENT, h->entry->number, false, text_of_event(w, &e));
}

static void
on_upto(void *context, int64_t upto)
{
    struct watching *w = context;

    show_change(w);
    watch_queue_add(&w->queue, WATCH_UPTO, upto, false, text_of(""));
}

static void
on_live(void *context, int64_t upto)
{
    struct watching *w = context;

    if (w->show && !w->live)
        w->show->screen.begun = upto;
    w->live = true;
}

static void
on_again(void *context, const char *why)
{
    (void)context;
    (void)talk_complain(EXIT_DONE, "the feed begins anew where it was: %s", why);
}

const struct feed_events watch_events = {.plan = on_plan,
                                         .row = on_row,
                                         .happened = on_happened,
                                         .upto = on_upto,
                                         .live = on_live,
                                         .again = on_again};
