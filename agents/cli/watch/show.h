/* A watch at a terminal: the live screen (screen.h) on it (terminal.h),
   drawn anew when something changed, a few times a second at most.

       watch_show_begin -> { watch_show_items, watch_show_polled, watch_show_draw }
           ... -> watch_show_end                                                     */
#ifndef AGENTS_CLI_WATCH_SHOW_H
#define AGENTS_CLI_WATCH_SHOW_H

#include "agents/cli/stream.h"
#include "agents/cli/watch/screen.h"
#include "agents/cli/watch/terminal.h"

struct watch_show {
    struct watch_screen screen;
    struct watch_terminal terminal;
    bool changed;
    int64_t drawn; /* when, of CLOCK_MONOTONIC */
};

void watch_show_begin(struct watch_show *s, const struct feed *feed, const struct watch_only *only);
void watch_show_end(struct watch_show *s);

/* What to poll for (TERMINAL_ITEMS at most), and for how long at most, in ms; negative:
   no matter. */
int watch_show_items(const struct watch_show *s, struct pollfd *items);
long watch_show_due_ms(const struct watch_show *s);

/* Takes what was typed: false where it is to end. */
bool watch_show_polled(struct watch_show *s);

/* If it is time. */
void watch_show_draw(struct watch_show *s, const struct stream *stream);

#endif
