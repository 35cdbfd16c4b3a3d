/* A feed as programs see it: what the follower (follow.h) tells, in plain C. */
#include <stdlib.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/days.h"
#include "schema/must.h"

struct maat_feed {
    struct follow *follow;
    struct maat_feed_events events;
    void *context;
    struct arena *arena; /* of what is being told */
    struct arena *held;  /* and of what was asked for */
};

/* --- what the follower tells ------------------------------------------------------------ */

/* In the arena; NULL of NULL. */
static const struct maat_record *
record_of(struct maat_feed *feed, const struct record *r, const void *rec)
{
    if (!rec)
        return NULL;
    struct maat_record *out = arena_take(feed->arena, sizeof *out);
    *out = inside_record(feed->arena, r->name, r, rec);
    return out;
}

static void
on_plan(void *context, struct text id, bool seen)
{
    struct maat_feed *feed = context;

    arena_reset(feed->arena);
    if (feed->events.plan)
        feed->events.plan(feed->context, text_string(feed->arena, id), seen);
}

static void
on_row(void *context, const struct listed *row)
{
    struct maat_feed *feed = context;

    arena_reset(feed->arena);
    if (feed->events.row)
        feed->events.row(feed->context, record_of(feed, &listed_record, row));
}

static void
on_live(void *context, int64_t upto)
{
    struct maat_feed *feed = context;

    if (feed->events.live)
        feed->events.live(feed->context, upto);
}

static void
on_happened(void *context, const struct follow_happening *h)
{
    struct maat_feed *feed = context;
    struct maat_happening what = {.count = h->count};

    if (!feed->events.happened)
        return;
    arena_reset(feed->arena);
    struct maat_change *changes = arena_take(feed->arena, (h->count + 1) * sizeof *changes);
    for (size_t i = 0; i < h->count; i++) {
        const struct follow_change *c = &h->changes[i];
        changes[i] = (struct maat_change){.action = text_string(feed->arena, c->action),
                                          .before = record_of(feed, &listed_record, c->before),
                                          .after = record_of(feed, &listed_record, c->after),
                                          .number = c->number};
    }
    what.changes = changes;
    what.entry = record_of(feed, &entry_record, h->entry);
    day_format(h->day, what.day);
    feed->events.happened(feed->context, &what);
}

static void
on_upto(void *context, int64_t upto)
{
    struct maat_feed *feed = context;

    if (feed->events.upto)
        feed->events.upto(feed->context, upto);
}

static void
on_again(void *context, const char *why)
{
    struct maat_feed *feed = context;

    if (feed->events.again)
        feed->events.again(feed->context, why);
}

static void
on_over(void *context)
{
    struct maat_feed *feed = context;

    if (feed->events.over)
        feed->events.over(feed->context, word_text(&wire_errors, (int)feed->follow->code),
                          feed->follow->reason);
}

static const struct follow_events follow_events = {
    .plan = on_plan,
    .row = on_row,
    .live = on_live,
    .happened = on_happened,
    .upto = on_upto,
    .again = on_again,
    .over = on_over,
};

/* --- beginning and ending ------------------------------------------------------------------ */

static struct maat_feed *
feed_new(const struct subscribe *s, const struct maat_feed_events *events, void *context)
{
    const struct follow_filter filter = {.plans = s->plans,
                                         .actions = s->actions,
                                         .themes = s->themes,
                                         .agencies = s->agencies,
                                         .want = s->has.want ? s->want : WANT_BOTH};
    struct maat_feed *feed = must(calloc(1, sizeof *feed));

    feed->events = *events;
    feed->context = context;
    feed->arena = arena_new();
    feed->held = arena_new();
    feed->follow = follow_new(&filter, &follow_events, feed);
    if (s->has.from)
        follow_resume(feed->follow, s->from);
    for (uint32_t i = 0; i < s->held.count; i++)
        follow_know_plan(feed->follow, s->held.at[i]);
    if (s->has.number && s->has.root)
        follow_know_head(feed->follow, s->number, s->root.at);
    return feed;
}

static void
feed_free(struct maat_feed **feed)
{
    follow_free(&(*feed)->follow);
    arena_destroy(&(*feed)->arena);
    arena_destroy(&(*feed)->held);
    free(*feed);
    *feed = NULL;
}

enum maat_outcome
maat_follow(struct maat *m, const void *subscription, size_t len,
            const struct maat_feed_events *events, void *context, struct maat_feed **out,
            struct maat_fault *why)
{
    struct subscribe s;
    struct fault fault;

    *out = NULL;
    arena_reset(m->arena);
    if (!inside_read_asked(m->arena, &subscribe_record, &s, subscription, len, &fault)) {
        inside_tell(why, &fault);
        return MAAT_WRONG;
    }
    struct maat_feed *feed = feed_new(&s, events, context);
    if (!client_follow(m->client, feed->follow)) {
        inside_say(why, "", "there are %d feeds of this connection already", (int)FOLLOWS_MAX);
        feed_free(&feed);
        return MAAT_REFUSED;
    }
    client_wake(m->client);
    *out = feed;
    return MAAT_DONE;
}

void
maat_unfollow(struct maat *m, struct maat_feed **feed)
{
    if (!*feed)
        return;
    client_unfollow(m->client, (*feed)->follow);
    client_wake(m->client);
    feed_free(feed);
}

void
maat_feed_hold(struct maat *m, struct maat_feed *feed, bool hold)
{
    if (feed->follow->held_back == hold)
        return;
    follow_hold_back(feed->follow, hold);
    client_wake(m->client);
}

/* --- what it holds --------------------------------------------------------------------------- */

static struct maat_record
hold(struct maat_feed *feed, const struct record *r, const void *rec)
{
    arena_reset(feed->held);
    return inside_record(feed->held, r->name, r, rec);
}

bool
maat_feed_action(struct maat_feed *feed, const char *id, struct maat_record *out, int64_t *number)
{
    const struct follow_row *row = follow_rows_find(&feed->follow->rows, text_of(id));

    if (!row || !row->now)
        return false;
    *out = hold(feed, &listed_record, row->now);
    *number = row->number;
    return true;
}

void
maat_feed_actions(struct maat_feed *feed, maat_page *each, void *context)
{
    const struct roll *all = &feed->follow->rows.all;
    bool goes_on = true;

    for (size_t i = 0; i < all->count && goes_on; i++) {
        const struct follow_row *row = all->at[i];
        if (!row->now)
            continue;
        const struct maat_record said = hold(feed, &listed_record, row->now);
        goes_on = each(context, &said);
    }
}

bool
maat_feed_plan(struct maat_feed *feed, const char *id, struct maat_record *out)
{
    const struct follow_plan *plan = follow_plans_find(&feed->follow->plans, text_of(id));

    if (!plan)
        return false;
    *out = (struct maat_record){plan_row_record.name, NULL, 0};
    if (plan->row)
        *out = hold(feed, &plan_row_record, plan->row);
    return true;
}
