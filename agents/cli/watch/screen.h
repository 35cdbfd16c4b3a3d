/* The live screen of a watch, as text: how every action stands, plan by plan, and
   beneath it what happened, newest first. Draws nothing itself: terminal.h does.

       watch_screen_add ... -> watch_screen_draw ... -> watch_screen_end             */
#ifndef AGENTS_CLI_WATCH_SCREEN_H
#define AGENTS_CLI_WATCH_SCREEN_H

#include "agents/cli/feed.h"
#include "agents/cli/watch/only.h"

enum { SCREEN_EVENTS = 200, SCREEN_HEADER = 600 };

struct watch_screen {
    const struct feed *feed;
    struct watch_only only;
    bool coloured;
    char header[SCREEN_HEADER]; /* which board, and how the connection is */
    int64_t begun;              /* entries after this one happened before one's eyes; 0: none did */
    size_t top;                 /* the first line of the actions that is shown */
    size_t page;                /* so many were shown; set by drawing */
    char *events[SCREEN_EVENTS]; /* a ring; owned */
    size_t newest, count;
};

/* A line about what happened; copied. */
void watch_screen_add(struct watch_screen *s, struct text line);

/* Moves the actions by so many lines; as far as there are any. */
void watch_screen_scroll(struct watch_screen *s, long lines);

/* The whole screen, of `height` lines at most `width` columns wide, each with what
   clears the rest of it; for free(). */
char *watch_screen_draw(struct watch_screen *s, unsigned width, unsigned height, size_t *len);

void watch_screen_end(struct watch_screen *s);

#endif
