#include "broker/queries/past.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "broker/ledger/marks.h"
#include "schema/codec.h"
#include "schema/fold.h"
#include "schema/must.h"
#include "store/state_memory.h"

/* --- where a chain's past ends ------------------------------------------------------ */

/* An entry that must be there. 0 or negative. */
static int
read_entry(struct ledger *l, int64_t number, struct entry *out)
{
    int rc = ledger_entry(l, number, out);
    return rc == 1 ? 0 : rc < 0 ? rc : -EBADMSG;
}

static bool
is_after(const struct entry *entry, int64_t day)
{
    return entry->day > day;
}

static int
find_end(struct ledger *l, struct text plan, int32_t day, int64_t *number)
{
    struct state_key key = state_key_of_plan_chain(plan);
    struct chain chain;
    struct entry entry;
    int rc = state_get_chain(l->state, l->arena, &key, &chain);

    if (rc < 0 || (rc = marks_find(l, &key, &chain, is_after, day, number)))
        return rc;
    while (*number > l->durable) {
        if ((rc = read_entry(l, *number, &entry)))
            return rc;
        *number = entry.previous_in_plan;
    }
    return 0;
}

int
past_find(struct ledger *l, struct text plan, int32_t day, struct past_of *out)
{
    const struct text registry = {"", 0};
    int rc = 0;

    *out = (struct past_of){.day = day};
    (void)snprintf(out->plan, sizeof out->plan, "%.*s", (int)plan.len, plan.at);
    if (plan.len)
        rc = find_end(l, plan, day, &out->plan_end);
    return rc ? rc : find_end(l, registry, day, &out->registry_end);
}

/* --- folding it ----------------------------------------------------------------------- */

enum { KEPT_MAX = 8 << 20 };

struct chain_entry {
    int64_t number;
    int32_t day;
    struct bytes kept; /* none: to be read once more */
};

struct folding_past {
    struct journal *journal;
    const atomic_bool *stop;
    struct arena *arena;
    struct past *past;

    int64_t wanted;            /* the entry that is being read */
    int64_t previous;          /* and the one before it in its chain */
    struct chain_entry looked; /* as it is to be folded */
    struct arena *kept;        /* entries, as many as KEPT_MAX has room for */
    size_t kept_len;
};

/* A chain's entries of the day and earlier, newest first. */
struct chain_entries {
    struct chain_entry *at;
    size_t count, cap;
};

static void
add(struct chain_entries *n, const struct chain_entry *entry)
{
    if (n->count == n->cap) {
        n->cap = n->cap ? 2 * n->cap : MARK_EVERY;
        n->at = must(realloc(n->at, n->cap * sizeof *n->at));
    }
    n->at[n->count++] = *entry;
}

static int
read_one(struct folding_past *f, int64_t number,
         int (*each)(void *context, const struct journal_entry *entry))
{
    uint64_t next;

    if (atomic_load_explicit(f->stop, memory_order_relaxed))
        return -ECANCELED;
    arena_reset(f->arena);
    f->wanted = number;
    int rc = journal_read(f->journal, (uint64_t)number, 1, each, f, &next);
    return rc < 0 ? rc : next == (uint64_t)number ? -EBADMSG : 0;
}

/* Entries of a chain lie far apart, and to find one again costs as much as to fold it. */
static struct bytes
keep(struct folding_past *f, const struct journal_entry *stored)
{
    if (f->kept_len + stored->len > KEPT_MAX)
        return (struct bytes){NULL, 0};
    f->kept_len += stored->len;
    return (struct bytes){arena_copy(f->kept, stored->bytes, stored->len), (uint32_t)stored->len};
}

static int
look(void *context, const struct journal_entry *stored)
{
    struct folding_past *f = context;
    struct fault fault;
    struct entry entry;

    if (!record_decode(f->arena, &entry_record, &entry, stored->bytes, stored->len, &fault)
        || entry.previous_in_plan >= f->wanted)
        return -EBADMSG;
    f->previous = entry.previous_in_plan;
    f->looked = (struct chain_entry){.number = f->wanted, .day = entry.day};
    if (entry.day <= f->past->of.day)
        f->looked.kept = keep(f, stored);
    return 1;
}

static int
walk_back(struct folding_past *f, int64_t end, struct chain_entries *out)
{
    for (int64_t number = end; number > 0; number = f->previous) {
        int rc = read_one(f, number, look);
        if (rc)
            return rc;
        if (f->looked.day <= f->past->of.day)
            add(out, &f->looked);
    }
    return 0;
}

static int
apply_stored(void *context, const struct journal_entry *stored)
{
    struct folding_past *f = context;
    int rc =
        fold_alone(f->past->state, f->arena, (struct bytes){stored->bytes, (uint32_t)stored->len});

    return rc ? rc : 1;
}

static int
apply(struct folding_past *f, const struct chain_entry *entry)
{
    f->past->number = entry->number;
    if (!entry->kept.at)
        return read_one(f, entry->number, apply_stored);
    if (atomic_load_explicit(f->stop, memory_order_relaxed))
        return -ECANCELED;
    arena_reset(f->arena);
    return fold_alone(f->past->state, f->arena, entry->kept);
}

/* A day is counted once an entry of a later one comes, and the last at the end. */
static int
fold_merged(struct folding_past *f, const struct chain_entries *plan,
            const struct chain_entries *registry)
{
    size_t p = plan->count;
    size_t r = registry->count;
    int rc = 1;

    while (rc == 1 && (p || r)) {
        bool of_plan = p && (!r || plan->at[p - 1].number < registry->at[r - 1].number);
        const struct chain_entry *next = of_plan ? &plan->at[--p] : &registry->at[--r];
        if ((rc = past_counts_until(f->past, f->arena, f->stop, next->day - 1)) != 1)
            return rc;
        rc = apply(f, next);
        rc = rc ? rc : 1;
    }
    return rc == 1 ? past_counts_until(f->past, f->arena, f->stop, f->past->of.day) : rc;
}

int
past_fold(struct journal *journal, const struct past_of *of, const atomic_bool *stop,
          struct past *out)
{
    struct folding_past f = {
        .journal = journal, .stop = stop, .arena = arena_new(), .past = out, .kept = arena_new()};
    struct chain_entries plan = {0};
    struct chain_entries registry = {0};

    *out = (struct past){.of = *of, .state = state_memory_open()};
    int rc = walk_back(&f, of->plan_end, &plan);
    if (!rc)
        rc = walk_back(&f, of->registry_end, &registry);
    if (!rc) {
        if (plan.count)
            past_counts_begin(out, plan.at[plan.count - 1].day);
        rc = fold_merged(&f, &plan, &registry);
    }
    free(plan.at);
    free(registry.at);
    arena_destroy(&f.arena);
    arena_destroy(&f.kept);
    if (rc < 0)
        past_free(out);
    return rc < 0 ? rc : 0;
}

void
past_free(struct past *p)
{
    free(p->counts.at);
    p->counts = (struct past_counts){0};
    if (p->state)
        state_memory_close(&p->state);
}
