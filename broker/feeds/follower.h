/* One subscription, from the broker's side: what it sees, what it was told, and where
   it is. Without credit it is this and no more, however long.                   */
#ifndef BROKER_FEEDS_FOLLOWER_H
#define BROKER_FEEDS_FOLLOWER_H

#include "broker/feeds/page.h"
#include "broker/feeds/view.h"
#include "broker/outgoing.h"

enum sweep_kind {
    SWEEP_NONE,
    SWEEP_MISSING, /* STATE of the plans that it does not hold */
    SWEEP_PLAN,    /* all rows of one plan: an entry changed its settings */
    SWEEP_ALL_LED, /* of all plans, the actions that all lead: one changed an agency */
};

/* A walk over rows, plan by plan, in slices. */
struct sweep {
    enum sweep_kind kind;
    int64_t number;         /* that entry */
    uint32_t plan, end;     /* of the plans told: the next, and where it ends */
    bool begun;             /* the plan's own row was sent */
    struct state_key after; /* and its actions up to this */
    struct state_key until; /* amid a piece of the shelf that credit cut: where that ends */
};

struct follower {
    struct follower *next;
    struct session *to; /* held */
    unsigned greeting;  /* of the session, when it began */
    int64_t id;
    struct view *view;
    int64_t count;  /* of its last message */
    int64_t credit; /* left */
    bool starved;   /* the next message would not fit */

    struct plan_list *told; /* by PLANS; NULL: not yet */
    uint32_t told_count;    /* so many of them, so far */
    bool plans_told;        /* all of them */
    bool holds_all;         /* what it may see at first: from 0 on all rows come with entries */
    struct plan_list *held; /* plans whose rows it has */
    struct sweep sweep;
    int64_t swept;     /* the entry whose rows a sweep has sent */
    bool live;         /* LIVE was said */
    int64_t upto;      /* what it was told is complete to this number, */
    int64_t told_upto; /* which is the last that a message said */
    int64_t computed;  /* the number at which it was served or told last, if only of nothing */
    bool revoked;      /* its key was, at `computed`: over when that is durable */
    bool over;         /* to be taken out */
};

struct follower *follower_new(struct session *to, const struct subscribe *said, struct view *view);
void follower_free(struct follower *f, struct views *views);

/* Its client has ended it, or its session has ended or begun anew. */
bool follower_is_gone(const struct follower *f);

/* That, or its key was revoked: nothing more is said to it. */
bool follower_is_over(const struct follower *f);

/* Up to date as of `number` and these rights: nothing but new entries is missing. One
   that subscribed between two batches may be further. */
bool follower_is_level(const struct follower *f, int64_t number, uint64_t rights);

void follower_grant(struct follower *f, int64_t credit);

/* Queues the page for it, if its credit lets it: false, and starved, where not; or false
   where enough is on its way to it. */
bool follower_say(struct follower *f, struct outgoing *out, int64_t number, struct page *page);

/* The plans of its view are others than it was told: it hears of them next, and
   keeps of what it holds only what is among them. */
void follower_begin_plans(struct follower *f);

/* It has the rows of all the plans that it was told. */
void follower_hold_told(struct follower *f);

#endif
