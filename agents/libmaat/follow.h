/* A feed, followed: the rows as they are now, then each entry with the rows that it
   moved; or the entries after a number on. A state machine in the manner of link.h,
   without a socket, the clock an argument (microseconds of one that never jumps):

       follow_new -> follow_resume, follow_know_plan, follow_know_head where it goes on
           -> { follow_begin after each WELCOME, { follow_next -> send } { follow_hear }
                ... follow_lost } -> follow_free

   client_follow (client.h) drives it on a connection. Entries are handed over in
   their order and each once, whatever becomes of the connection: an entry at or
   before `upto` is never handed over again by this follower, nor by a later one that
   resumes from there.

   What an entry moved: its rows come with it, newest state first known. Of several
   entries of one message that move the same action the last one is said to have moved
   it; and where the row that was held is newer than the entry (a follower that catches
   up holds rows of today) what it was before is not known. */
#ifndef AGENTS_LIBMAAT_FOLLOW_H
#define AGENTS_LIBMAAT_FOLLOW_H

#include "agents/libmaat/follow_plans.h"
#include "agents/libmaat/follow_rows.h"

enum {
    FOLLOW_WINDOW = 4 * 1024 * 1024, /* bytes that may be under way */
    FOLLOWS_MAX = 16,                /* on one connection */
    FOLLOW_REASON = 350,
};

/* SUBSCRIBE_FIELDS: one of each list that is not empty. */
struct follow_filter {
    struct texts plans, actions, themes, agencies;
    enum feed_want want;
};

struct follow_change {
    struct text action;
    const struct listed *before; /* NULL: not held, or not known of then */
    const struct listed *after;  /* NULL: no longer what the filter lets through */
    int64_t number;              /* `after` is complete to this journal number */
};

struct follow_happening {
    const struct entry *entry; /* NULL: rows moved, and no entry that may be seen says why */
    const struct follow_change *changes;
    size_t count;
    int32_t day; /* of the ratings */
};

/* What the follower tells. Each may be NULL; all lives for the call. */
struct follow_events {
    void (*plan)(void *context, struct text id, bool seen); /* came, or went with its rows */
    void (*row)(void *context,
                const struct listed *row);     /* of the snapshot, or of a plan that came */
    void (*live)(void *context, int64_t upto); /* the snapshot is whole */
    void (*happened)(void *context, const struct follow_happening *h);
    void (*upto)(void *context, int64_t upto);     /* all to here was handed over: go on from it */
    void (*again)(void *context, const char *why); /* it had to subscribe anew */
    void (*over)(void *context);                   /* for good: `code` and `reason` say why */
};

enum follow_state {
    FOLLOW_DOWN,  /* no session */
    FOLLOW_DUE,   /* SUBSCRIBE is to be said */
    FOLLOW_ASKED, /* and was; rows come */
    FOLLOW_LIVE,  /* entries come */
    FOLLOW_OVER,
};

struct follow {
    struct follow_filter filter; /* copies, in `kept` */
    const struct follow_events *events;
    void *context;
    struct arena *kept;    /* of its whole life */
    struct arena *scratch; /* of a message */
    enum follow_state state;
    unsigned slot;   /* which of the connection's followers: makes ids its own */
    int64_t id;      /* of the subscription */
    int64_t ended;   /* a subscription to be ended; 0: none */
    int64_t count;   /* of the last message */
    int64_t due;     /* when to subscribe */
    int64_t unused;  /* credit to be granted again */
    unsigned failed; /* subscriptions in a row that came to nothing */
    bool resumes;    /* `upto` is meant */
    bool held_back;
    enum wire_error code;       /* over: why, for a program */
    char reason[FOLLOW_REASON]; /* and for a person */
    int64_t upto;
    int64_t seen_number; /* a tree head that was seen; 0: none */
    uint8_t seen_root[32];
    struct follow_plans plans;
    struct follow_rows rows;
};

struct follow *follow_new(const struct follow_filter *filter, const struct follow_events *events,
                          void *context);
void follow_free(struct follow **f);

/* --- before it begins ------------------------------------------------------------- */

/* Entries after this number, 0 for all; else it begins with the rows as they are. */
void follow_resume(struct follow *f, int64_t upto);

/* A plan that could be seen then: it is told when it can be no longer. */
void follow_know_plan(struct follow *f, struct text id);

/* The newest tree head then, so that another journal is noticed. */
void follow_know_head(struct follow *f, int64_t number, const uint8_t root[32]);

/* --- on a connection ---------------------------------------------------------------- */

void follow_begin(struct follow *f, int64_t now);
void follow_lost(struct follow *f);

/* The journal was restored from a backup, and has its entries up to `last` alone: a
   follower that is past it is over, since what it was told is gone. */
void follow_restored(struct follow *f, int64_t last);

/* The next frame to say, into `buf` (FRAME_IN_MAX bytes): its length, or 0. */
int follow_next(struct follow *f, int64_t now, uint8_t *buf);

/* Hears PLANS, STATE, LIVE, EVENT or ERROR, whose frame had `len` bytes. False where
   that is no affair of this follower. */
bool follow_hear(struct follow *f, int64_t now, enum message_kind kind, const union message *m,
                 size_t len);

/* Milliseconds until follow_next may have something to say by itself; negative: never. */
int64_t follow_due_ms(const struct follow *f, int64_t now);

/* Grants nothing for what was heard until it is let go again: for whoever can't keep
   up. At most FOLLOW_WINDOW bytes still come. */
void follow_hold_back(struct follow *f, bool hold);

#endif
