#include "agents/cli/watch_event.h"
#include "agents/cli/watch_inside.h"

static void
on_plan(void *context, struct text id, bool seen)
{
    struct watching *w = context;

    watch_queue_add(&w->queue, w->live || w->resumed ? WATCH_PLAN : WATCH_PLAN_HELD, 0, seen, id);
}

static void
on_happened(void *context, const struct follow_happening *h)
{
    struct watching *w = context;
    struct watch_event e;

    if (!h->entry)
        return;
    arena_reset(w->scratch);
    watch_event_make(&e, w->scratch, w->feed, h);
    if (w->o->has.rag && !watch_event_is(&e, w->o->rag))
        return;
    struct text text = w->o->has.exec || w->talk->options.json
                           ? watch_event_json(w->scratch, &e)
                           : watch_event_line(w->scratch, &e, false);
    watch_queue_add(&w->queue, WATCH_EVENT, h->entry->number, false, text);
}

static void
on_upto(void *context, int64_t upto)
{
    struct watching *w = context;

    watch_queue_add(&w->queue, WATCH_UPTO, upto, false, text_of(""));
}

static void
on_live(void *context, int64_t upto)
{
    struct watching *w = context;

    (void)upto;
    w->live = true;
}

static void
on_again(void *context, const char *why)
{
    (void)context;
    (void)talk_complain(EXIT_DONE, "the feed begins anew where it was: %s", why);
}

const struct follow_events watch_events = {
    .plan = on_plan, .happened = on_happened, .upto = on_upto, .live = on_live, .again = on_again};
