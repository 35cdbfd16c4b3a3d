/* One subscription as its client hears it, and what a client makes of it: the plans
   that it sees, the newest row of each, how far it is; and that no message is missing.
   Names are those of feed_model.h.                                              */
#ifndef TESTS_FOLLOWED_H
#define TESTS_FOLLOWED_H

#include "schema/messages.h"
#include "tests/feed_model.h"

enum { FOLLOWED_ACTIONS = MODEL_PLANS * MODEL_REFS, FOLLOWED_THEMES = 4 };

/* What it asks for: a bit for each place; only where `by` says so. */
struct followed_filter {
    bool by_plans, by_actions, by_themes, by_agencies;
    unsigned plans, actions, themes, agencies;
    enum feed_want want;
};

struct followed_row {
    bool there;
    int32_t day;
    int rating;
    uint64_t digest; /* of its bytes */
};

/* What a client keeps, and goes on from: as of `upto`. */
struct followed_state {
    bool live;
    int64_t upto;
    unsigned plans;
    struct followed_row plan_rows[MODEL_PLANS], actions[FOLLOWED_ACTIONS];
};

struct followed {
    struct followed_filter filter;
    struct followed_state now, kept; /* kept: when it had dealt with an EVENT or LIVE */
    int64_t count, last_entry;
    unsigned gathered; /* of PLANS that go on in the next message */
};

uint64_t followed_digest(const struct record *r, const void *row);

/* A plan's row, but for what its rating entries leave there. */
uint64_t followed_digest_of_plan(const struct plan_row *row);

/* Takes in a message of it: NULL, or what is wrong with it. */
const char *followed_hear(struct followed *f, enum message_kind kind, const union message *m);

/* Subscribes: again, from what was kept, where that is something. The lists are in
   the arena. */
void followed_subscribe(struct followed *f, struct arena *arena, struct subscribe *out);

/* Has PLANS been heard whole? */
static inline bool
followed_knows_plans(const struct followed *f)
{
    return f->count > 0 && !f->gathered;
}

#endif
