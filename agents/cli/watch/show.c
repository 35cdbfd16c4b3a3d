#include "agents/cli/watch/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/cli/showing/listing.h"
#include "agents/cli/showing/printable.h"
#include "schema/wire/host_clock.h"

enum { MS = 1000, BETWEEN_MS = 100 };

void
watch_show_begin(struct watch_show *s, const struct feed *feed, const struct watch_only *only)
{
    *s = (struct watch_show){.changed = true};
    s->screen.feed = feed;
    s->screen.only = *only;
    s->screen.coloured = listing_is_coloured();
    watch_terminal_enter(&s->terminal);
}

void
watch_show_end(struct watch_show *s)
{
    watch_terminal_leave(&s->terminal);
    watch_screen_end(&s->screen);
}

int
watch_show_items(const struct watch_show *s, struct pollfd *items)
{
    return watch_terminal_items(&s->terminal, items);
}

long
watch_show_due_ms(const struct watch_show *s)
{
    int64_t left = BETWEEN_MS - (clock_microseconds(CLOCK_MONOTONIC) - s->drawn) / MS;
    return !s->changed ? -1 : left > 0 ? (long)left : 0;
}

bool
watch_show_polled(struct watch_show *s)
{
    enum watch_key key;

    while ((key = watch_terminal_take(&s->terminal)) != KEY_NONE) {
        const long page = s->screen.page > 1 ? (long)s->screen.page - 1 : 1;
        s->changed = true;
        s->drawn = 0; /* whoever types wants to see it */
        switch (key) {
        case KEY_END: return false;
        case KEY_UP: watch_screen_scroll(&s->screen, -1); break;
        case KEY_DOWN: watch_screen_scroll(&s->screen, 1); break;
        case KEY_PAGE_UP: watch_screen_scroll(&s->screen, -page); break;
        case KEY_PAGE_DOWN: watch_screen_scroll(&s->screen, page); break;
        case KEY_TOP: s->screen.top = 0; break;
        case KEY_REDRAW:
        case KEY_NONE: break;
        }
    }
    return true;
}

/* "Riverside Safeguarding Board  board/lead  entry 17" */
static void
write_header(struct watch_screen *s, const struct stream *stream)
{
    const struct welcome *w = &stream->talk->welcome;
    const char *how = stream->lost ? maat_link_text(stream->talk->broker) : "";
    char title[SCREEN_HEADER];
    int64_t upto;
    const bool begun = feed_upto(stream->feed, &upto);

    (void)snprintf(title, sizeof title, "%.*s", (int)w->title.len, w->title.at);
    printable_make(title);
    (void)snprintf(s->header, sizeof s->header, "%s%.300s%s  %.*s  %s %" PRId64 "%s%.200s",
                   s->coloured ? "\033[7m" : "", title, s->coloured ? "\033[0m" : "",
                   (int)w->client.len, w->client.at, begun ? "complete to entry" : "begins; entry",
                   upto, stream->lost ? "  CONNECTION LOST, dialling: " : "", how);
}

void
watch_show_draw(struct watch_show *s, const struct stream *stream)
{
    unsigned width;
    unsigned height;
    size_t len;

    if (watch_show_due_ms(s) != 0)
        return;
    write_header(&s->screen, stream);
    watch_terminal_size(&width, &height);
    char *text = watch_screen_draw(&s->screen, width, height, &len);
    watch_terminal_show(text, len);
    free(text);
    s->changed = false;
    s->drawn = clock_microseconds(CLOCK_MONOTONIC);
}
