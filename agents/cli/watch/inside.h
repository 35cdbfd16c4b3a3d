/* A watch under way, for watch.c, which begins it and waits, hear.c, which takes
   what the feed tells, and work.c, which works that off. */
#ifndef AGENTS_CLI_WATCH_INSIDE_H
#define AGENTS_CLI_WATCH_INSIDE_H

#include "agents/cli/stream.h"
#include "agents/cli/watch/exec.h"
#include "agents/cli/watch/output.h"
#include "agents/cli/watch/queue.h"
#include "agents/cli/watch/show.h"
#include "agents/cli/watch/watch.h"

struct watching {
    const struct watch_option *o;
    struct talk *talk;
    struct feed *feed;
    struct stream stream;
    struct watch_queue queue;
    struct watch_state state;
    struct watch_show *show; /* `terminal`; NULL: it is written, or run */
    struct watch_show terminal;
    struct watch_output output;
    struct watch_exec exec;
    char aside[CONFIG_PATH];
    struct arena *scratch;
    int signals;
    unsigned done; /* since the state was saved */
    int64_t saved; /* when, of CLOCK_MONOTONIC */
    bool checked;  /* what is watched is there; before that nothing is kept */
    bool kept;     /* it was saved once: an end of any kind is gone on from */
    bool told;     /* something was written or run since */
    bool resumed;  /* from a state */
    bool live;     /* it was once */
    bool ends;     /* a signal, or a reader that left */
};

/* What the feed tells goes into the queue. */
extern const struct feed_events watch_events;

/* Does what can be done without waiting. An exit code. */
int watch_work_off(struct watching *w);

/* It ends: what is under way may yet end well, and how far it came is kept. */
int watch_stop(struct watching *w);

#endif
