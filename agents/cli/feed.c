#include "agents/cli/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/must.h"

enum { SUBSCRIPTION = PLANS_HELD_MAX * 2 * ID_MAX };

struct feed {
    struct feed_filter filter;
    const struct feed_events *events;
    void *context;
    struct subscribe wanted; /* beside the filter: where it goes on */
    struct arena *kept;      /* of its whole life */
    struct arena *told;      /* of what is being told */
    struct text *plans;      /* wanted.held, with room */
    uint32_t cap;
    struct maat *broker; /* borrowed, once it has begun */
    struct maat_feed *feed;
    bool has_upto;
    int64_t upto;
    bool over;
    enum wire_error code;
    char reason[MAAT_REASON];
};

/* --- what the library tells ---------------------------------------------------------------- */

static const void *
read_record(struct feed *f, const struct record *r, const struct maat_record *from)
{
    if (!from)
        return NULL;
    void *out = arena_take(f->told, r->size);
    talk_read(f->told, r, from, out);
    return out;
}

static void
on_plan(void *context, const char *id, bool seen)
{
    struct feed *f = context;

    if (f->events->plan)
        f->events->plan(f->context, text_of(id), seen);
}

static void
on_row(void *context, const struct maat_record *row)
{
    struct feed *f = context;

    arena_reset(f->told);
    if (f->events->row)
        f->events->row(f->context, read_record(f, &listed_record, row));
}

static void
complete(struct feed *f, int64_t upto)
{
    f->upto = upto;
    f->has_upto = true;
}

static void
on_live(void *context, int64_t upto)
{
    struct feed *f = context;

    complete(f, upto);
    if (f->events->live)
        f->events->live(f->context, upto);
}

static void
on_happened(void *context, const struct maat_happening *what)
{
    struct feed *f = context;

    if (!f->events->happened)
        return;
    arena_reset(f->told);
    struct feed_change *changes = arena_take(f->told, (what->count + 1) * sizeof *changes);
    for (size_t i = 0; i < what->count; i++) {
        const struct maat_change *c = &what->changes[i];
        changes[i] = (struct feed_change){.action = text_of(c->action),
                                          .before = read_record(f, &listed_record, c->before),
                                          .after = read_record(f, &listed_record, c->after),
                                          .number = c->number};
    }
    const struct feed_happening h = {read_record(f, &entry_record, what->entry), changes,
                                     what->count};
    f->events->happened(f->context, &h);
}

static void
on_upto(void *context, int64_t upto)
{
    struct feed *f = context;

    complete(f, upto);
    if (f->events->upto)
        f->events->upto(f->context, upto);
}

static void
on_again(void *context, const char *why)
{
    struct feed *f = context;

    if (f->events->again)
        f->events->again(f->context, why);
}

static void
on_over(void *context, const char *code, const char *reason)
{
    struct feed *f = context;

    f->over = true;
    f->code = (enum wire_error)word_find(&wire_errors, code, strlen(code));
    (void)snprintf(f->reason, sizeof f->reason, "%s", reason);
}

static const struct maat_feed_events feed_events = {.plan = on_plan,
                                                    .row = on_row,
                                                    .live = on_live,
                                                    .happened = on_happened,
                                                    .upto = on_upto,
                                                    .again = on_again,
                                                    .over = on_over};

/* --- its life -------------------------------------------------------------------------------- */

struct feed *
feed_new(const struct feed_filter *filter, const struct feed_events *events, void *context)
{
    struct feed *f = must(calloc(1, sizeof *f));

    f->filter = *filter;
    f->events = events;
    f->context = context;
    f->kept = arena_new();
    f->told = arena_new();
    return f;
}

void
feed_free(struct feed **f)
{
    if (*f) {
        arena_destroy(&(*f)->kept);
        arena_destroy(&(*f)->told);
        free((*f)->plans);
        free(*f);
    }
    *f = NULL;
}

void
feed_resume(struct feed *f, int64_t upto)
{
    f->wanted.from = upto;
    f->wanted.has.from = 1;
    complete(f, upto);
}

void
feed_know_plan(struct feed *f, struct text id)
{
    if (f->wanted.held.count == PLANS_HELD_MAX)
        return; /* no board has so many; that one of them went is not told */
    if (f->wanted.held.count == f->cap) {
        f->cap = f->cap ? 2 * f->cap : 16;
        f->plans = must(realloc(f->plans, f->cap * sizeof *f->plans));
    }
    f->plans[f->wanted.held.count++] = (struct text){arena_copy(f->kept, id.at, id.len), id.len};
    f->wanted.held.at = f->plans;
    f->wanted.has.held = 1;
}

void
feed_know_head(struct feed *f, int64_t number, const uint8_t root[32])
{
    f->wanted.number = number;
    f->wanted.root = (struct bytes){arena_copy(f->kept, root, 32), 32};
    f->wanted.has.number = f->wanted.has.root = 1;
}

int
feed_begin(struct feed *f, struct talk *t)
{
    static uint8_t encoded[SUBSCRIPTION];
    struct subscribe s = f->wanted;
    struct maat_fault why;

    s.plans = f->filter.plans;
    s.actions = f->filter.actions;
    s.themes = f->filter.themes;
    s.agencies = f->filter.agencies;
    s.want = f->filter.want;
    s.has.id = s.has.plans = s.has.actions = s.has.themes = s.has.agencies = s.has.want = 1;
    size_t len = record_encode(&subscribe_record, &s, encoded, sizeof encoded);
    f->broker = t->broker;
    enum maat_outcome outcome =
        maat_follow(t->broker, encoded, len, &feed_events, f, &f->feed, &why);
    return outcome == MAAT_DONE
               ? EXIT_DONE
               : talk_complain(maat_exit_code(outcome), "%s: %s", why.field, why.reason);
}

void
feed_end(struct feed *f)
{
    if (f->feed)
        maat_unfollow(f->broker, &f->feed);
}

bool
feed_is_over(const struct feed *f, enum wire_error *code, const char **reason)
{
    *code = f->code;
    *reason = f->reason;
    return f->over;
}

void
feed_hold_back(struct feed *f, bool hold)
{
    if (f->feed)
        maat_feed_hold(f->broker, f->feed, hold);
}

/* --- what it holds ------------------------------------------------------------------------ */

bool
feed_upto(const struct feed *f, int64_t *upto)
{
    *upto = f->upto;
    return f->has_upto;
}

const struct feed_filter *
feed_filter(const struct feed *f)
{
    return &f->filter;
}

/* For as long as the arena's work. */
static void
keep_record(struct arena *arena, const struct record *r, const struct maat_record *from, void *out)
{
    const struct maat_record kept = {from->name, arena_copy(arena, from->map, from->len),
                                     from->len};
    talk_read(arena, r, &kept, out);
}

bool
feed_action(const struct feed *f, struct arena *arena, struct text id, struct listed *out,
            int64_t *number)
{
    struct maat_record said;

    if (!f->feed || !maat_feed_action(f->feed, text_string(arena, id), &said, number))
        return false;
    keep_record(arena, &listed_record, &said, out);
    return true;
}

bool
feed_plan(const struct feed *f, struct arena *arena, struct text id, struct plan_row *out,
          bool *known)
{
    struct maat_record said;

    if (!f->feed || !maat_feed_plan(f->feed, text_string(arena, id), &said))
        return false;
    *known = said.map != NULL;
    if (*known)
        keep_record(arena, &plan_row_record, &said, out);
    return true;
}

struct listing_all {
    struct arena *arena;
    struct listed *at; /* owned */
    size_t count, cap;
};

static bool
list_one(void *context, const struct maat_record *said)
{
    struct listing_all *all = context;

    if (all->count == all->cap) {
        all->cap = all->cap ? 2 * all->cap : 64;
        all->at = must(realloc(all->at, all->cap * sizeof *all->at));
    }
    keep_record(all->arena, &listed_record, said, &all->at[all->count++]);
    return true;
}

struct feed_actions
feed_actions(const struct feed *f, struct arena *arena)
{
    struct listing_all all = {.arena = arena};

    if (f->feed)
        maat_feed_actions(f->feed, list_one, &all);
    struct feed_actions out = {.count = all.count};
    if (all.count)
        out.at = arena_copy(arena, all.at, all.count * sizeof *all.at);
    free(all.at);
    return out;
}
