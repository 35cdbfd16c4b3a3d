#include "tests/bench/peers/verdict.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/comparison.h"
#include "tests/t.h"

enum { CELL = 160 };

/* --- cells -------------------------------------------------------------------------------- */

/* 123456 as "123,456". */
static void
write_rate(double value, char out[CELL])
{
    long whole = (long)(value + 0.5);

    if (whole < 1000)
        (void)snprintf(out, CELL, "%ld", whole);
    else if (whole < 1000000)
        (void)snprintf(out, CELL, "%ld,%03ld", whole / 1000, whole % 1000);
    else
        (void)snprintf(out, CELL, "%ld,%03ld,%03ld", whole / 1000000, whole / 1000 % 1000,
                       whole % 1000);
}

static void
write_value(const struct figure *f, double value, char out[CELL])
{
    if (strcmp(f->unit, "1/s") == 0)
        write_rate(value, out);
    else
        (void)snprintf(out, CELL, "%.*f", value < 10 ? 2 : value < 100 ? 1 : 0, value);
}

/* The median, and the range unless it was taken once. */
static void
print_cell(const struct figures *all, const struct subject *of, const char *name, bool with_range,
           FILE *out)
{
    const struct figure *f = figures_find(all, of, name);
    char median[CELL] = "";
    char least[CELL];
    char most[CELL];

    if (!f) {
        (void)fprintf(out, "| ");
        return;
    }
    struct range r = figure_range(f);
    write_value(f, r.median, median);
    write_value(f, r.least, least);
    write_value(f, r.most, most);
    if (with_range && f->count > 1)
        (void)fprintf(out, "| %s (%s to %s) ", median, least, most);
    else
        (void)fprintf(out, "| %s ", median);
}

static const char *
durability(const struct contender *c, char out[CELL])
{
    if (!c->checked)
        return "not checked";
    (void)snprintf(out, CELL, "%s, %.2f syncs/ack", c->durable ? "yes" : "**NOT DURABLE**",
                   c->syncs);
    return out;
}

static void
print_header(const char *title, const char *const columns[], FILE *out)
{
    size_t count = 0;

    (void)fprintf(out, "\n%s\n\n", title);
    for (; columns[count]; count++)
        (void)fprintf(out, "| %s ", columns[count]);
    (void)fprintf(out, "|\n");
    while (count--)
        (void)fprintf(out, "| --- ");
    (void)fprintf(out, "|\n");
}

/* Was that measured of anybody? */
static bool
has_work(const struct figures *all, const char *work, const char *setting)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->at[i].work, work) == 0
            && (!setting || strcmp(all->at[i].setting, setting) == 0))
            return true;
    return false;
}

/* --- tables --------------------------------------------------------------------------------- */

static const char *const pushes[] = {"1x1", "8x1", "8x64", "64x64"};
enum { PUSHES = sizeof pushes / sizeof *pushes };
static const char *const followed[] = {"8x64, 8 followers", "8x64, 64 followers"};

static void
write_rates(const struct contest *c, const struct figures *all, FILE *out)
{
    static const char *const columns[] = {"acknowledged/s", "1x1",     "8x1", "8x64",
                                          "64x64",          "durable", NULL};
    char text[CELL];

    print_header("W1: pushes, producers x unacknowledged updates of each: median (least to most)",
                 columns, out);
    for (const struct contender *one = c->at; one < c->at + c->count; one++) {
        (void)fprintf(out, "| %s ", one->name);
        for (size_t k = 0; k < PUSHES; k++) {
            const struct subject of = {work_names[W1_PUSH], pushes[k], one->name};
            print_cell(all, &of, FIGURE_ACKNOWLEDGED, true, out);
        }
        (void)fprintf(out, "| %s |\n", durability(one, text));
    }
}

static void
write_latencies(const struct contest *c, const struct figures *all, FILE *out)
{
    static const char *const columns[] = {
        "ms; us an update", "1x1 p50", "p99",       "8x1 p50", "p99", "8x64 p50", "p99",
        "server",           "client",  "64x64 p50", "p99",     NULL};

    print_header("W1: from sending to the acknowledgement, and processor time", columns, out);
    for (const struct contender *one = c->at; one < c->at + c->count; one++) {
        (void)fprintf(out, "| %s ", one->name);
        for (size_t k = 0; k < PUSHES; k++) {
            const struct subject of = {work_names[W1_PUSH], pushes[k], one->name};
            print_cell(all, &of, FIGURE_P50, false, out);
            print_cell(all, &of, FIGURE_P99, false, out);
            if (strcmp(pushes[k], "8x64") != 0)
                continue;
            print_cell(all, &of, FIGURE_SERVER, false, out);
            print_cell(all, &of, FIGURE_CLIENT, false, out);
        }
        (void)fprintf(out, "|\n");
    }
}

static void
write_followers(const struct contest *c, const struct figures *all, const char *setting, FILE *out)
{
    static const char *const columns[] = {"",       "acknowledged/s", "slowest follower/s",
                                          "p50 ms", "p99 ms",         NULL};
    char title[CELL];

    (void)snprintf(title, sizeof title, "W2: %s of everything; from sending to a follower",
                   setting);
    print_header(title, columns, out);
    for (const struct contender *one = c->at; one < c->at + c->count; one++) {
        const struct subject of = {work_names[W2_FOLLOW], setting, one->name};
        if (!figures_find(all, &of, FIGURE_SLOWEST))
            continue;
        (void)fprintf(out, "| %s ", one->name);
        print_cell(all, &of, FIGURE_ACKNOWLEDGED, true, out);
        print_cell(all, &of, FIGURE_SLOWEST, true, out);
        print_cell(all, &of, FIGURE_P50, true, out);
        print_cell(all, &of, FIGURE_P99, true, out);
        (void)fprintf(out, "|\n");
    }
}

static void
write_received(const struct contest *c, const struct figures *all, FILE *out)
{
    static const char *const columns[] = {"", "how", "ms", NULL};

    print_header("W3: connect, and receive the last values of 100,000 keys", columns, out);
    for (const struct contender *one = c->at; one < c->at + c->count; one++)
        for (size_t i = 0; i < all->count; i++) {
            const struct figure *f = &all->at[i];
            const struct subject of = {f->work, f->setting, one->name};
            if (strcmp(f->by, one->name) != 0 || strcmp(f->name, FIGURE_RECEIVED) != 0)
                continue;
            (void)fprintf(out, "| %s | %s ", one->name, f->setting);
            print_cell(all, &of, FIGURE_RECEIVED, true, out);
            (void)fprintf(out, "|\n");
        }
}

static void
write_meanings(const struct contest *c, FILE *out)
{
    static const char *const columns[] = {
        "", "version", "set up as", "what an acknowledgement means", "durable", NULL};
    char text[CELL];

    print_header("Who they are", columns, out);
    for (const struct contender *one = c->at; one < c->at + c->count; one++)
        (void)fprintf(out, "| %s | %s | %s | %s | %s%s%s |\n", one->name, one->version, one->words,
                      one->means, durability(one, text), *one->trouble ? "; TROUBLE: " : "",
                      one->trouble);
}

void
verdict_write_tables(const struct contest *c, const struct figures *all, FILE *out)
{
    if (has_work(all, work_names[W1_PUSH], NULL)) {
        write_rates(c, all, out);
        write_latencies(c, all, out);
    }
    for (size_t i = 0; i < sizeof followed / sizeof *followed; i++)
        if (has_work(all, work_names[W2_FOLLOW], followed[i]))
            write_followers(c, all, followed[i], out);
    if (has_work(all, work_names[W3_RECEIVE], NULL))
        write_received(c, all, out);
    write_meanings(c, out);
}

/* --- targets --------------------------------------------------------------------------------- */

void
verdict_write_targets(const struct contest *c, const struct figures *all, FILE *out)
{
    static const char *const columns[] = {"",      "figure", "MAAT", "beside", "its",
                                          "ratio", "wanted", "",     NULL};
    struct comparison s;

    print_header("How MAAT stands (ratio: the median of the rounds' own)", columns, out);
    for (size_t i = 0; comparison_of(c, all, i, &s); i++) {
        char ours[CELL] = "";
        char theirs[CELL] = "";
        char ratio[CELL] = "";
        if (!has_work(all, s.work, NULL))
            continue;
        if (s.measured) {
            write_value(s.figure, s.ours, ours);
            write_value(s.figure, s.theirs, theirs);
            (void)snprintf(ratio, sizeof ratio, "%.2f", s.ratio);
        }
        (void)fprintf(out, "| %s %s | %s | %s | %s | %s | %s | at %s %.4g%s | %s |\n", s.work,
                      s.setting, s.name, ours, s.beside, theirs, ratio,
                      s.at_most ? "most" : "least", s.wanted, s.aim ? " (aim)" : "",
                      comparison_word(&s));
    }
}

void
verdict_write_json(const struct contest *c, const struct figures *all, FILE *out)
{
    struct comparison s;

    for (const struct contender *one = c->at; one < c->at + c->count; one++)
        (void)fprintf(out,
                      "{\"by\":\"%s\",\"version\":\"%s\",\"set_up_as\":\"%s\","
                      "\"means\":\"%s\",\"tls\":%s,\"durable\":%s,\"took_part\":%s}\n",
                      one->name, one->version, one->words, one->means, one->tls ? "true" : "false",
                      !one->checked  ? "null"
                      : one->durable ? "true"
                                     : "false",
                      *one->trouble ? "false" : "true");
    for (size_t i = 0; comparison_of(c, all, i, &s); i++)
        (void)fprintf(out,
                      "{\"work\":\"%s\",\"setting\":\"%s\",\"figure\":\"%s\",\"beside\":\"%s\","
                      "\"ratio\":%.3f,\"wanted\":%.4g,\"at_most\":%s,\"aim\":%s,"
                      "\"verdict\":\"%s\"}\n",
                      s.work, s.setting, s.name, s.beside, s.measured ? s.ratio : 0, s.wanted,
                      s.at_most ? "true" : "false", s.aim ? "true" : "false", comparison_word(&s));
}
