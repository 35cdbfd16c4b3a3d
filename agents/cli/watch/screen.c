#include "agents/cli/watch/screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "agents/cli/showing/listing.h"
#include "agents/cli/showing/printable.h"
#include "agents/cli/status.h"
#include "schema/ids.h"
#include "schema/must.h"

enum { LINE = 2000, REF_WIDTH = 10, WHY_WIDTH = 32, EVENTS_LEAST = 4 };

void
watch_screen_add(struct watch_screen *s, struct text line)
{
    s->newest = (s->newest + 1) % SCREEN_EVENTS;
    free(s->events[s->newest]);
    s->events[s->newest] = must(strndup(line.at, line.len));
    s->count += s->count < SCREEN_EVENTS;
}

void
watch_screen_end(struct watch_screen *s)
{
    for (size_t i = 0; i < SCREEN_EVENTS; i++)
        free(s->events[i]);
}

/* --- a line --------------------------------------------------------------------------- */

/* Bytes of a sequence that turns a colour on or off; 0: there is none. */
static size_t
colour_at(const char *text)
{
    size_t len = 2;

    if (text[0] != '\033' || text[1] != '[')
        return 0;
    while (text[len] && text[len] != 'm')
        len++;
    return len + (text[len] == 'm');
}

/* As much as fits; colours take no room, and end with the line. */
static void
put_line(FILE *out, const char *text, unsigned width)
{
    const size_t len = strlen(text);
    unsigned left = width;
    utf8proc_int32_t c;

    for (size_t at = 0; at < len && text[at] != '\n';) {
        utf8proc_ssize_t step = (utf8proc_ssize_t)colour_at(text + at);
        if (!step) {
            step = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                    (utf8proc_ssize_t)(len - at), &c);
            int columns = step > 0 ? utf8proc_charwidth(c) : 1;
            step = step > 0 ? step : 1;
            if (columns > (int)left)
                break;
            left -= columns > 0 ? (unsigned)columns : 0;
        }
        (void)fwrite(text + at, 1, (size_t)step, out);
        at += (size_t)step;
    }
    (void)fputs("\033[0m\033[K\r\n", out);
}

/* A text of others, in a line. */
static const char *
plain(struct text text, char out[TITLE_MAX + 1])
{
    (void)snprintf(out, TITLE_MAX + 1, "%.*s", (int)text.len, text.at);
    printable_make(out);
    for (char *at = out; (at = strchr(at, '\n'));)
        *at = ' ';
    return out;
}

/* --- the actions ------------------------------------------------------------------------- */

/* Lines are counted, and those that are to be seen are drawn. */
struct drawing {
    struct watch_screen *screen;
    struct feed_actions actions;
    struct arena *arena; /* of the drawing */
    FILE *out;
    unsigned width;
    size_t lines; /* so far, of all there are */
    size_t end;   /* the first that is no longer seen */
};

static bool
is_seen(struct drawing *d)
{
    size_t line = d->lines++;
    return line >= d->screen->top && line < d->end;
}

static const char *
colour(const struct watch_screen *s, enum rating rating)
{
    return s->coloured ? listing_colour(rating) : "";
}

/* "da-2016  Domestic abuse action plan  OFFICIAL  2 red, 3 amber" */
static void
draw_plan(struct drawing *d, struct text id, const unsigned counts[RATING_COUNT])
{
    struct plan_row plan;
    bool known = false;
    const char *between = "  ";
    char title[TITLE_MAX + 1];
    char line[LINE];

    if (!is_seen(d))
        return;
    (void)feed_plan(d->screen->feed, d->arena, id, &plan, &known);
    int len = snprintf(line, sizeof line, "%s%.*s%s", d->screen->coloured ? "\033[1m" : "",
                       (int)id.len, id.at, d->screen->coloured ? "\033[0m" : "");
    if (known)
        len += snprintf(line + len, sizeof line - (size_t)len, "  %s  %s", plain(plan.title, title),
                        word_text(&markings, (int)plan.marking));
    for (int i = RATING_COUNT - 1; i >= 0; i--)
        if (counts[i]) {
            len += snprintf(line + len, sizeof line - (size_t)len, "%s%s%u %s%s", between,
                            colour(d->screen, (enum rating)i), counts[i], word_text(&ratings, i),
                            d->screen->coloured ? "\033[0m" : "");
            between = ", ";
        }
    put_line(d->out, line, d->width);
}

/* "* 1.1       red    overdue, silent       Train all": the star where it has changed. */
static void
draw_action(struct drawing *d, const struct listed *a)
{
    const struct text ref = path_second(a->id);
    bool changed = d->screen->begun && a->changed > d->screen->begun;
    char title[TITLE_MAX + 1];
    char why[STATUS_WHY];
    char line[LINE];

    if (!is_seen(d))
        return;
    status_why(a, why);
    (void)snprintf(line, sizeof line, "%c %-*.*s  %s%-6s%s  %-*s  %s", changed ? '*' : ' ',
                   REF_WIDTH, (int)ref.len, ref.at, colour(d->screen, a->rating),
                   word_text(&ratings, (int)a->rating), d->screen->coloured ? "\033[0m" : "",
                   WHY_WIDTH, why, plain(a->title, title));
    put_line(d->out, line, d->width);
}

/* From `at` on, those of one plan; where the next begins. */
static size_t
draw_plan_whole(struct drawing *d, size_t at)
{
    const struct watch_screen *s = d->screen;
    const struct listed *all = d->actions.at;
    const struct text id = path_first(all[at].id);
    unsigned counts[RATING_COUNT] = {0};
    unsigned wanted = 0;
    size_t end = at;

    for (; end < d->actions.count && text_equal(path_first(all[end].id), id); end++)
        if (watch_only_wants(&s->only, &all[end])) {
            counts[all[end].rating]++;
            wanted++;
        }
    if (wanted)
        draw_plan(d, id, counts);
    for (; at < end; at++)
        if (watch_only_wants(&s->only, &all[at]))
            draw_action(d, &all[at]);
    return end;
}

/* Counts the lines of all, and draws what is to be seen of them. */
static void
draw_actions(struct drawing *d)
{
    d->lines = 0;
    for (size_t at = 0; at < d->actions.count;)
        at = draw_plan_whole(d, at);
    for (size_t i = d->lines < d->end ? d->lines : d->end; i < d->end; i++)
        put_line(d->out, "", d->width);
}

/* --- the whole ---------------------------------------------------------------------------- */

static void
draw_events(const struct watch_screen *s, FILE *out, unsigned width, size_t lines)
{
    for (size_t i = 0; i < lines; i++)
        put_line(out,
                 i < s->count ? s->events[(s->newest + SCREEN_EVENTS - i) % SCREEN_EVENTS] : "",
                 width);
}

void
watch_screen_scroll(struct watch_screen *s, long lines)
{
    s->top = lines < 0 && (size_t)-lines > s->top ? 0 : s->top + (size_t)lines;
}

/* Three fifths are for the actions, if they need it; one line each for the header and
   what is between; the last line is left alone, lest the terminal scrolls. */
char *
watch_screen_draw(struct watch_screen *s, unsigned width, unsigned height, size_t *len)
{
    const size_t room = height > EVENTS_LEAST + 4 ? height - 3 : EVENTS_LEAST + 1;
    char between[120];
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    struct drawing all = {.screen = s, .arena = arena_new(), .out = out, .width = width};

    if (!out)
        abort();
    all.actions = feed_actions(s->feed, all.arena);
    draw_actions(&all);
    s->page = room * 3 / 5 < all.lines ? room * 3 / 5 : all.lines;
    if (s->top + s->page > all.lines)
        s->top = all.lines - s->page;
    (void)fputs("\033[H", out);
    put_line(out, s->header, width);
    all.end = s->top + s->page;
    draw_actions(&all);
    (void)snprintf(between, sizeof between,
                   s->page < all.lines ? "--- %zu to %zu of %zu lines (arrow keys, q ends) ---"
                                       : "--- newest first (q ends) ---",
                   s->top + 1, s->top + s->page, all.lines);
    put_line(out, between, width);
    draw_events(s, out, width, room - s->page);
    (void)fputs("\033[J", out);
    arena_destroy(&all.arena);
    if (fclose(out))
        abort();
    return text;
}
