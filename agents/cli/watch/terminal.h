/* The terminal of a live screen: its other screen, keys without echo, its size; given
   back as it was whenever the watch ends or is stopped. What is said on stderr meanwhile
   is kept, and said then.

       watch_terminal_enter -> { watch_terminal_items, watch_terminal_take, _size, _show }
           ... -> watch_terminal_leave                                               */
#ifndef AGENTS_CLI_WATCH_TERMINAL_H
#define AGENTS_CLI_WATCH_TERMINAL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum { TERMINAL_ITEMS = 2 };

enum watch_key {
    KEY_NONE,
    KEY_END,
    KEY_UP,
    KEY_DOWN,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_TOP,
    KEY_REDRAW, /* it has another size, or was away */
};

struct watch_terminal {
    struct termios was;
    bool keys;   /* stdin is a terminal */
    int signals; /* a signalfd: size, stop, hangup */
    int said;    /* what is kept of stderr, */
    int stderr_was;
};

/* Does stdout show a screen? */
bool watch_terminal_is_there(void);

void watch_terminal_enter(struct watch_terminal *t);
void watch_terminal_leave(struct watch_terminal *t);

/* What to poll for; and the next of what came, KEY_NONE when that is all. */
int watch_terminal_items(const struct watch_terminal *t, struct pollfd items[TERMINAL_ITEMS]);
enum watch_key watch_terminal_take(struct watch_terminal *t);

void watch_terminal_size(unsigned *width, unsigned *height);
void watch_terminal_show(const char *text, size_t len);

#endif
