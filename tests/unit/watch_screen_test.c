/* The live screen as text: what fits, what is cut, what is scrolled to. */
#include "agents/cli/watch/screen.h"

#include <stdlib.h>
#include <string.h>

#include "tests/held_feed.h"
#include "tests/t.h"

struct bench {
    struct held_feed feed;
    struct watch_screen screen;
    char *text;
};

static void
add_row(struct bench *b, const char *id, enum rating rating, const char *title, int64_t changed)
{
    struct listed row = {.id = text_of(id),
                         .ref = text_of("1"),
                         .title = text_of(title),
                         .rating = rating,
                         .reasons = rating == RED ? 1u << WHY_OVERDUE : 0,
                         .changed = changed};

    row.has.id = row.has.ref = row.has.title = row.has.rating = row.has.reasons = 1;
    row.has.changed = 1;
    held_feed_put_action(&b->feed, &row, changed);
}

static void
bench_open(struct bench *b)
{
    struct plan_row plan = {.id = text_of("b"), .title = text_of("Plan\nB \033[2J")};

    *b = (struct bench){.text = NULL};
    held_feed_open(&b->feed);
    b->screen.feed = b->feed.feed;
    (void)snprintf(b->screen.header, SCREEN_HEADER, "A board");
    add_row(b, "a/1", RED, "Train \033[31mall", 5);
    add_row(b, "a/2", GREEN, "Support", 6);
    add_row(b, "b/1", RED, "Audit", 9);
    plan.has.id = plan.has.title = plan.has.marking = 1;
    held_feed_put_plan(&b->feed, &plan, 9);
}

static void
bench_close(struct bench *b)
{
    free(b->text);
    watch_screen_end(&b->screen);
    held_feed_close(&b->feed);
}

/* Line `number` of what is drawn, without what clears its rest. */
static const char *
line(struct bench *b, unsigned width, unsigned height, unsigned number)
{
    static char out[400];
    size_t len;

    free(b->text);
    b->text = watch_screen_draw(&b->screen, width, height, &len);
    CHECK_INT(len, strlen(b->text));
    CHECK(strncmp(b->text, "\033[H", 3) == 0);
    const char *at = b->text + 3;
    while (number--) {
        at = strstr(at, "\033[0m\033[K\r\n");
        CHECK(at != NULL);
        at += strlen("\033[0m\033[K\r\n");
    }
    const char *end = strstr(at, "\033[0m\033[K\r\n");
    (void)snprintf(out, sizeof out, "%.*s", end ? (int)(end - at) : 0, at);
    return out;
}

static unsigned
lines_of(struct bench *b, unsigned width, unsigned height)
{
    unsigned lines = 0;

    (void)line(b, width, height, 0);
    for (const char *at = b->text; (at = strchr(at, '\n')); at++)
        lines++;
    return lines;
}

TEST(watch_screen_shows_actions_plan_by_plan_and_what_happened_beneath)
{
    struct bench b;

    bench_open(&b);
    b.screen.begun = 8;
    watch_screen_add(&b.screen, text_of("first"));
    watch_screen_add(&b.screen, text_of("second"));
    CHECK_STR("A board", line(&b, 80, 24, 0));
    CHECK_STR("a  1 red, 1 green", line(&b, 80, 24, 1));
    CHECK_STR("  1           red     overdue                           Train ?[31mall",
              line(&b, 80, 24, 2));
    CHECK_STR("  2           green                                     Support",
              line(&b, 80, 24, 3));
    CHECK_STR("b  Plan B ?[2J  OFFICIAL  1 red", line(&b, 80, 24, 4));
    CHECK_STR("* 1           red     overdue                           Audit", line(&b, 80, 24, 5));
    CHECK_STR("--- newest first (q ends) ---", line(&b, 80, 24, 6));
    CHECK_STR("second", line(&b, 80, 24, 7));
    CHECK_STR("first", line(&b, 80, 24, 8));
    CHECK_INT(23, lines_of(&b, 80, 24));
    bench_close(&b);
}

TEST(watch_screen_colours_and_cuts_at_the_width)
{
    struct bench b;

    bench_open(&b);
    b.screen.coloured = true;
    watch_screen_add(&b.screen, text_of("\033[31mr\303\251d\033[0m and more"));
    CHECK_STR("\033[1ma\033[0m  \033[31m1 red\033[0m, \033[32m1 green\033[0m", line(&b, 80, 24, 1));
    CHECK_STR("\033[31mr\303\251d\033[0m a", line(&b, 5, 24, 7));
    CHECK_STR("A boa", line(&b, 5, 24, 0));
    b.screen.only = (struct watch_only){.has.rating = true, .rating = GREEN};
    CHECK_STR("\033[1ma\033[0m  \033[32m1 green\033[0m", line(&b, 80, 24, 1));
    CHECK(strstr(b.text, "Support") && !strstr(b.text, "Audit"));
    bench_close(&b);
}

TEST(watch_screen_scrolls_as_far_as_there_is_anything)
{
    struct bench b;

    bench_open(&b);
    CHECK_INT(9, lines_of(&b, 80, 10)); /* room for 4 of 5 lines */
    CHECK_STR("--- 1 to 4 of 5 lines (arrow keys, q ends) ---", line(&b, 80, 10, 5));
    watch_screen_scroll(&b.screen, 9);
    CHECK_STR("  2           green                                     Support",
              line(&b, 80, 10, 2));
    CHECK_STR("--- 2 to 5 of 5 lines (arrow keys, q ends) ---", line(&b, 80, 10, 5));
    watch_screen_scroll(&b.screen, -9);
    CHECK_STR("a  1 red, 1 green", line(&b, 80, 10, 1));
    for (unsigned height = 1; height < 12; height++)
        CHECK(lines_of(&b, 3, height) > 0);
    bench_close(&b);
}

TEST(watch_screen_forgets_the_oldest)
{
    struct bench b;
    char text[20];

    bench_open(&b);
    for (int i = 0; i < 2 * SCREEN_EVENTS + 3; i++) {
        int len = snprintf(text, sizeof text, "event %d", i);
        watch_screen_add(&b.screen, (struct text){text, (uint32_t)len});
    }
    CHECK_STR("event 402", line(&b, 80, 24, 7));
    CHECK_STR("event 401", line(&b, 80, 24, 8));
    CHECK_STR("", line(&b, 80, SCREEN_EVENTS + 20, SCREEN_EVENTS + 8));
    CHECK_STR("event 203", line(&b, 80, SCREEN_EVENTS + 20, SCREEN_EVENTS + 6));
    bench_close(&b);
}
