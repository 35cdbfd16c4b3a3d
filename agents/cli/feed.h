/* A feed with the records of the house: what libmaat tells of it, decoded.

       feed_new -> feed_resume, feed_know_plan, feed_know_head where it goes on
           -> feed_begin (stream.h does) -> events ... -> feed_end -> feed_free       */
#ifndef AGENTS_CLI_FEED_H
#define AGENTS_CLI_FEED_H

#include "agents/cli/talk.h"

/* SUBSCRIBE_FIELDS: one of each list that is not empty; borrowed. */
struct feed_filter {
    struct texts plans, actions, themes, agencies;
    enum feed_want want;
};

struct feed_change {
    struct text action;
    const struct listed *before; /* NULL: not held, or not known of then */
    const struct listed *after;  /* NULL: no longer what the filter lets through */
    int64_t number;              /* `after` is complete to this journal number */
};

struct feed_happening {
    const struct entry *entry; /* NULL: rows moved, and no entry that may be seen says why */
    const struct feed_change *changes;
    size_t count;
};

/* As those of maat.h. Each may be NULL; all lives for the call. */
struct feed_events {
    void (*plan)(void *context, struct text id, bool seen);
    void (*row)(void *context, const struct listed *row);
    void (*live)(void *context, int64_t upto);
    void (*happened)(void *context, const struct feed_happening *h);
    void (*upto)(void *context, int64_t upto);
    void (*again)(void *context, const char *why);
};

struct feed;

struct feed *feed_new(const struct feed_filter *filter, const struct feed_events *events,
                      void *context);
void feed_free(struct feed **f);

/* Before it begins: entries after this number, 0 for all; a plan that could be seen then;
   the newest tree head then. */
void feed_resume(struct feed *f, int64_t upto);
void feed_know_plan(struct feed *f, struct text id);
void feed_know_head(struct feed *f, int64_t number, const uint8_t root[32]);

/* EXIT_DONE, or what is wrong was said. */
int feed_begin(struct feed *f, struct talk *t);
void feed_end(struct feed *f);

/* The broker has ended it for good: why. */
bool feed_is_over(const struct feed *f, enum wire_error *code, const char **reason);

/* Everything to this number was told, and from here it goes on; false: nothing yet. */
bool feed_upto(const struct feed *f, int64_t *upto);

/* Its filter, as it was given. */
const struct feed_filter *feed_filter(const struct feed *f);

/* What it holds, decoded into the arena: an action as it is, and the number to which that
   is complete; a plan's row, `known` where it has come. False where it is not held. */
bool feed_action(const struct feed *f, struct arena *arena, struct text id, struct listed *out,
                 int64_t *number);
bool feed_plan(const struct feed *f, struct arena *arena, struct text id, struct plan_row *out,
               bool *known);

/* All actions that it holds, in order of their ids, in the arena. */
struct feed_actions {
    const struct listed *at;
    size_t count;
};
struct feed_actions feed_actions(const struct feed *f, struct arena *arena);

/* While held back little more comes: for whoever can't keep up. */
void feed_hold_back(struct feed *f, bool hold);

#endif
