#include "agents/libmaat/follow_inside.h"
#include "schema/must.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/wire/frame.h"

enum { MS = 1000, BACKOFF_MS = 200, BACKOFF_DOUBLINGS = 6 };

static struct texts
keep_texts(struct arena *arena, struct texts from)
{
    struct text *list = arena_take(arena, (from.count + 1) * sizeof *list);

    for (uint32_t i = 0; i < from.count; i++)
        list[i] = (struct text){arena_copy(arena, from.at[i].at, from.at[i].len), from.at[i].len};
    return (struct texts){list, from.count};
}

struct follow *
follow_new(const struct follow_filter *filter, const struct follow_events *events, void *context)
{
    struct follow *f = must(calloc(1, sizeof *f));

    f->kept = arena_new();
    f->scratch = arena_new();
    f->filter = (struct follow_filter){
        .plans = keep_texts(f->kept, filter->plans),
        .actions = keep_texts(f->kept, filter->actions),
        .themes = keep_texts(f->kept, filter->themes),
        .agencies = keep_texts(f->kept, filter->agencies),
        .want = filter->want,
    };
    f->events = events;
    f->context = context;
    return f;
}

void
follow_free(struct follow **f)
{
    if (*f) {
        follow_rows_free(&(*f)->rows);
        follow_plans_free(&(*f)->plans);
        arena_destroy(&(*f)->kept);
        arena_destroy(&(*f)->scratch);
        free(*f);
    }
    *f = NULL;
}

void
follow_resume(struct follow *f, int64_t upto)
{
    f->resumes = true;
    f->upto = upto;
}

void
follow_know_plan(struct follow *f, struct text id)
{
    follow_plans_know(&f->plans, id);
}

void
follow_know_head(struct follow *f, int64_t number, const uint8_t root[32])
{
    f->seen_number = number;
    memcpy(f->seen_root, root, sizeof f->seen_root);
}

/* --- a session ------------------------------------------------------------------------ */

/* Ids are never used twice, so what is still under way of an ended subscription is
   not taken for the new one's. */
void
follow_begin(struct follow *f, int64_t now)
{
    if (f->state == FOLLOW_OVER)
        return;
    f->state = FOLLOW_DUE;
    f->due = now;
    f->ended = 0;
}

void
follow_lost(struct follow *f)
{
    if (f->state != FOLLOW_OVER)
        f->state = FOLLOW_DOWN;
}

void
follow_restored(struct follow *f, int64_t last)
{
    if (f->state == FOLLOW_OVER || !f->resumes || f->upto <= last)
        return;
    f->state = FOLLOW_OVER;
    f->code = ERROR_OTHER_JOURNAL;
    (void)snprintf(f->reason, sizeof f->reason,
                   "the board was restored from a backup, and lacks what came after entry %" PRId64
                   ": what was told up to entry %" PRId64 " is not so any more; begin anew",
                   last, f->upto);
    if (f->events->over)
        f->events->over(f->context);
}

void
follow_hold_back(struct follow *f, bool hold)
{
    f->held_back = hold;
}

/* --- saying ---------------------------------------------------------------------------- */

/* Of plans whose rows did not come whole, rows come anew. */
static void
drop_what_is_not_whole(struct follow *f)
{
    for (size_t i = 0; i < f->plans.all.count; i++) {
        struct follow_plan *plan = f->plans.all.at[i];
        plan->held = plan->held && f->resumes;
        if (!plan->held)
            follow_rows_drop(&f->rows, plan->id);
    }
    f->plans.naming = false;
}

static struct texts
plans_held(struct follow *f)
{
    struct text *list = arena_take(f->scratch, (f->plans.all.count + 1) * sizeof *list);
    uint32_t count = 0;

    for (size_t i = 0; i < f->plans.all.count && count < PLANS_HELD_MAX; i++) {
        const struct follow_plan *plan = f->plans.all.at[i];
        if (plan->held)
            list[count++] = plan->id;
    }
    return (struct texts){list, count};
}

static void
fill_subscribe(struct follow *f, struct subscribe *s)
{
    const struct follow_filter *filter = &f->filter;

    *s = (struct subscribe){.id = f->id,
                            .plans = filter->plans,
                            .actions = filter->actions,
                            .themes = filter->themes,
                            .agencies = filter->agencies,
                            .want = filter->want,
                            .credit = FOLLOW_WINDOW};
    s->has.id = s->has.want = s->has.credit = 1;
    s->has.plans = filter->plans.count > 0;
    s->has.actions = filter->actions.count > 0;
    s->has.themes = filter->themes.count > 0;
    s->has.agencies = filter->agencies.count > 0;
    if (f->seen_number) {
        s->number = f->seen_number;
        s->root = (struct bytes){f->seen_root, sizeof f->seen_root};
        s->has.number = s->has.root = 1;
    }
    if (f->resumes) {
        s->from = f->upto;
        s->held = plans_held(f);
        s->has.from = 1;
        s->has.held = s->held.count > 0;
    }
}

/* Of more plans than a frame can name the rows come anew. */
static int
say_subscribe(struct follow *f, uint8_t *buf)
{
    struct subscribe s;
    size_t len;

    f->id = (f->id / FOLLOWS_MAX + 1) * FOLLOWS_MAX + f->slot;
    f->state = FOLLOW_ASKED;
    f->count = 0;
    f->unused = 0;
    arena_reset(f->scratch);
    drop_what_is_not_whole(f);
    fill_subscribe(f, &s);
    while ((len = frame_encode(SAY_SUBSCRIBE, &s, buf, FRAME_IN_MAX)) == 0) {
        s.held.count /= 2;
        s.has.held = s.held.count > 0;
    }
    return (int)len;
}

static int
say_unsubscribe(struct follow *f, uint8_t *buf)
{
    struct unsubscribe u = {.id = f->ended};

    u.has.id = 1;
    f->ended = 0;
    return (int)frame_encode(SAY_UNSUBSCRIBE, &u, buf, FRAME_IN_MAX);
}

static int
say_credit(struct follow *f, uint8_t *buf)
{
    struct credit c = {.id = f->id, .credit = f->unused};

    c.has.id = c.has.credit = 1;
    f->unused = 0;
    return (int)frame_encode(SAY_CREDIT, &c, buf, FRAME_IN_MAX);
}

static bool
grants(const struct follow *f)
{
    return f->unused >= FOLLOW_WINDOW / 2 && !f->held_back;
}

int
follow_next(struct follow *f, int64_t now, uint8_t *buf)
{
    if (f->state == FOLLOW_DOWN || f->state == FOLLOW_OVER)
        return 0;
    if (f->ended)
        return say_unsubscribe(f, buf);
    if (f->state == FOLLOW_DUE)
        return now >= f->due ? say_subscribe(f, buf) : 0;
    return grants(f) ? say_credit(f, buf) : 0;
}

int64_t
follow_due_ms(const struct follow *f, int64_t now)
{
    if (f->state == FOLLOW_DOWN || f->state == FOLLOW_OVER)
        return -1;
    if (f->ended || (f->state != FOLLOW_DUE && grants(f)))
        return 0;
    if (f->state != FOLLOW_DUE)
        return -1;
    return f->due <= now ? 0 : (f->due - now) / MS + 1;
}

/* --- what ends a subscription --------------------------------------------------------- */

void
follow_subscribe_anew(struct follow *f, int64_t now, const char *why)
{
    unsigned doublings = f->failed < BACKOFF_DOUBLINGS ? f->failed : BACKOFF_DOUBLINGS;

    f->state = FOLLOW_DUE;
    f->due = now + (f->failed ? (int64_t)BACKOFF_MS * MS << doublings : 0);
    f->failed++;
    if (f->events->again)
        f->events->again(f->context, why);
}
