/* What Prometheus is told: the format, and the tables of both programs. */
#include "schema/exposition.h"

#include <stdlib.h>

#include "agents/agency/vitals.h"
#include "broker/watched/metrics.h"
#include "tests/scraped.h"
#include "tests/t.h"

static char *
page_of(const struct metrics *metrics, const void *values)
{
    struct arena *arena = arena_new();
    struct text page = exposition_write(arena, metrics, values);
    char *text = strndup(page.at, page.len);

    CHECK(text);
    arena_destroy(&arena);
    return text;
}

/* --- numbers ---------------------------------------------------------------------------- */

struct sample {
    int64_t number, time, by_word[2];
    struct histogram h;
    const char *version;
};

TEST(exposition_writes_numbers_times_words_and_labels)
{
    static const int64_t bounds[] = {500, 1000000};
    static const char *const words[] = {"hot", "cold"};
    static const struct metric list[] = {
        {"a_things", "Things.", METRIC_GAUGE, .offset = offsetof(struct sample, number)},
        {"a_time_seconds", "A time.", METRIC_GAUGE, .unit = IN_MICROSECONDS,
         .offset = offsetof(struct sample, time)},
        {"a_cups_total", "Cups.", METRIC_COUNTER, .offset = offsetof(struct sample, by_word),
         .label = "tea", .words = words, .word_count = 2},
        {"a_wait_seconds", "Waits.", METRIC_HISTOGRAM, .unit = IN_MICROSECONDS,
         .offset = offsetof(struct sample, h)},
        {"a_build_info", "Which.", METRIC_INFO, .offset = offsetof(struct sample, version),
         .label = "version"},
    };
    struct sample s = {.number = -3,
                       .time = 1500000,
                       .by_word = {7, 0},
                       .h = {.bounds = bounds, .bound_count = 2},
                       .version = "1 \"x\" \\ \n"};

    histogram_add(&s.h, 500, 2);
    histogram_add(&s.h, 501, 1);
    histogram_add(&s.h, 1000001, 1);
    char *page = page_of(&(struct metrics){list, sizeof list / sizeof *list}, &s);
    scraped_check(page);
    CHECK_STR("# HELP a_things Things.\n# TYPE a_things gauge\na_things -3\n"
              "# HELP a_time_seconds A time.\n# TYPE a_time_seconds gauge\na_time_seconds 1.5\n"
              "# HELP a_cups_total Cups.\n# TYPE a_cups_total counter\n"
              "a_cups_total{tea=\"hot\"} 7\na_cups_total{tea=\"cold\"} 0\n"
              "# HELP a_wait_seconds Waits.\n# TYPE a_wait_seconds histogram\n"
              "a_wait_seconds_bucket{le=\"0.0005\"} 2\na_wait_seconds_bucket{le=\"1\"} 3\n"
              "a_wait_seconds_bucket{le=\"+Inf\"} 4\na_wait_seconds_sum 1.001502\n"
              "a_wait_seconds_count 4\n"
              "# HELP a_build_info Which.\n# TYPE a_build_info gauge\n"
              "a_build_info{version=\"1 \\\"x\\\" \\\\ \\n\"} 1\n",
              page);
    free(page);
}

TEST(exposition_writes_times_before_1970_and_none)
{
    static const struct {
        int64_t time;
        const char *text;
    } rows[] = {{0, "t 0\n"},
                {-1, "t -0.000001\n"},
                {-2500000, "t -2.5\n"},
                {INT64_MAX, "t 9223372036854.775807\n"}};

    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        static const struct metric m = {"t", "T.", METRIC_GAUGE, .unit = IN_MICROSECONDS};
        char *page = page_of(&(struct metrics){&m, 1}, &rows[i].time);
        CHECK(strstr(page, rows[i].text));
        free(page);
    }
}

/* --- the programs' tables ------------------------------------------------------------------ */

TEST(exposition_of_the_broker_is_as_prometheus_asks)
{
    struct vitals v = {.version = "1"};

    vitals_begin(&v, 1);
    v.version = "1";
    char *page = page_of(&broker_metrics, &v);
    scraped_check(page);
    for (unsigned i = 0; i < broker_metrics.count; i++)
        CHECK(strncmp(broker_metrics.at[i].name, "maat_broker_", 12) == 0);
    free(page);
}

TEST(exposition_of_the_agent_is_as_prometheus_asks)
{
    static const struct agent_vitals v = {.version = "1"};
    char *page = page_of(&agent_metrics, &v);

    scraped_check(page);
    for (unsigned i = 0; i < agent_metrics.count; i++)
        CHECK(strncmp(agent_metrics.at[i].name, "maat_agent_", 11) == 0);
    free(page);
}
