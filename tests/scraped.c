#include "tests/scraped.h"

#include <ctype.h>
#include <stdlib.h>

#include "schema/wire/monitor_ask.h"
#include "tests/t.h"

enum { NAME = 128, TYPE = 16, LINE = 1024 };

/* The metric whose lines are being read. */
struct reading {
    char name[NAME], type[TYPE];
    unsigned samples;
    double bucket; /* the last one's bound, */
    double so_far; /* and how many it holds; -1: there was none */
    bool infinite; /* the bucket that holds all was seen */
};

static bool
ends_in(const char *name, const char *end)
{
    size_t len = strlen(name);
    return len >= strlen(end) && strcmp(name + len - strlen(end), end) == 0;
}

/* The end of the name that begins here. */
static const char *
after_name(const char *at)
{
    if (!isalpha((unsigned char)*at) && *at != '_')
        return at;
    while (isalnum((unsigned char)*at) || *at == '_')
        at++;
    return at;
}

static void
check_name(const struct reading *m)
{
    static const char *const short_units[] = {"_ms", "_us", "_sec", "_kb", "_mb", "_mib"};

    if ((strcmp(m->type, "counter") == 0) != ends_in(m->name, "_total"))
        FAIL_WITH("%s: counters, and nothing else, end in _total", m->name);
    for (unsigned i = 0; i < sizeof short_units / sizeof *short_units; i++)
        if (ends_in(m->name, short_units[i]))
            FAIL_WITH("%s: units are seconds and bytes, in full", m->name);
    for (const char *at = m->name; *at; at++)
        if (isupper((unsigned char)*at))
            FAIL_WITH("%s: has capitals", m->name);
}

/* `label="value"` or several; the place after "}". */
static const char *
after_labels(const char *at, const char *line)
{
    do {
        const char *name = ++at;
        at = after_name(at);
        if (at == name || strncmp(at, "=\"", 2) != 0)
            FAIL_WITH("no label: %s", line);
        for (at += 2; *at != '"'; at++) {
            if (!*at || (*at == '\\' && (!at[1] || !strchr("\\\"n", at[1]))))
                FAIL_WITH("a label's value does not end: %s", line);
            at += *at == '\\';
        }
        at++;
    } while (*at == ',');
    if (*at != '}')
        FAIL_WITH("labels do not end: %s", line);
    return at + 1;
}

static void
take_bucket(struct reading *m, const char *labels, double value, const char *line)
{
    static const char le[] = "{le=\"";

    CHECK(strncmp(labels, le, strlen(le)) == 0);
    bool infinite = strncmp(labels + strlen(le), "+Inf\"", 5) == 0;
    double bound = strtod(labels + strlen(le), NULL);
    if (m->infinite || (m->so_far >= 0 && (bound <= m->bucket || value < m->so_far)))
        FAIL_WITH("buckets do not rise: %s", line);
    m->bucket = bound;
    m->so_far = value;
    m->infinite = infinite;
}

static void
take_sample(struct reading *m, const char *line)
{
    const char *labels = after_name(line);
    const char *at = *labels == '{' ? after_labels(labels, line) : labels;
    char *end;
    char name[NAME];

    (void)snprintf(name, sizeof name, "%.*s", (int)(labels - line), line);
    if (*at != ' ' || isspace((unsigned char)at[1]))
        FAIL_WITH("no value: %s", line);
    double value = strtod(at + 1, &end);
    if (end == at + 1 || *end)
        FAIL_WITH("no number: %s", line);
    const char *rest = strncmp(name, m->name, strlen(m->name)) == 0 ? name + strlen(m->name) : "?";
    bool histogram = strcmp(m->type, "histogram") == 0;
    if (histogram && strcmp(rest, "_bucket") == 0)
        take_bucket(m, labels, value, line);
    else if (histogram && strcmp(rest, "_count") == 0)
        CHECK(m->infinite && (int64_t)value == (int64_t)m->so_far);
    else if (histogram ? strcmp(rest, "_sum") != 0 : *rest)
        FAIL_WITH("not of %s: %s", m->name, line);
    if (strcmp(m->type, "counter") == 0 && value < 0)
        FAIL_WITH("a counter below nothing: %s", line);
    m->samples++;
}

static void
begin(struct reading *m, const char *line)
{
    const char *name = line + strlen("# HELP ");
    const char *end = after_name(name);

    if (*m->name && !m->samples)
        FAIL_WITH("%s has no sample", m->name);
    *m = (struct reading){.so_far = -1};
    (void)snprintf(m->name, sizeof m->name, "%.*s", (int)(end - name), name);
    if (*end != ' ' || strlen(end) < 4)
        FAIL_WITH("no help: %s", line);
}

static void
take_line(struct reading *m, const char *line)
{
    if (strncmp(line, "# HELP ", 7) == 0) {
        begin(m, line);
    } else if (strncmp(line, "# TYPE ", 7) == 0) {
        char name[NAME];
        CHECK_INT(2, sscanf(line, "# TYPE %127s %15s", name, m->type));
        CHECK_STR(m->name, name);
        check_name(m);
    } else {
        take_sample(m, line);
    }
}

void
scraped_check(const char *page)
{
    struct reading m = {.so_far = -1};
    char line[LINE];
    const char *end;

    CHECK(*page);
    for (; *page; page = end + 1) {
        end = strchr(page, '\n');
        CHECK(end && end - page < LINE);
        (void)snprintf(line, sizeof line, "%.*s", (int)(end - page), page);
        take_line(&m, line);
    }
    CHECK(m.samples > 0);
}

double
scraped_value(const char *page, const char *sample)
{
    for (const char *at = page; (at = strstr(at, sample)); at++)
        if ((at == page || at[-1] == '\n') && at[strlen(sample)] == ' ')
            return strtod(at + strlen(sample), NULL);
    FAIL_WITH("there is no %s in: %s", sample, page);
}

static bool
has_row(const struct metric *m, const struct scraped_row *rows, unsigned count)
{
    const char *end = m->type == METRIC_HISTOGRAM ? "_sum" : m->label ? "{" : "";
    char begin[NAME];

    (void)snprintf(begin, sizeof begin, "%s%s", m->name, end);
    for (unsigned i = 0; i < count; i++)
        if (strncmp(rows[i].sample, begin, *end ? strlen(begin) : sizeof begin) == 0)
            return true;
    return m->type == METRIC_INFO;
}

void
scraped_check_table(const struct metrics *metrics, const void *values,
                    const struct scraped_row *rows, unsigned count)
{
    struct arena *arena = arena_new();

    for (unsigned i = 0; i < metrics->count; i++)
        if (!has_row(&metrics->at[i], rows, count))
            FAIL_WITH("%s has no row", metrics->at[i].name);
    for (unsigned i = 0; i < count; i++)
        *rows[i].at = INT64_C(1000000) * (i + 7);
    struct text page = exposition_write(arena, metrics, values);
    const char *text = arena_string(arena, page.at, page.len);
    for (unsigned i = 0; i < count; i++)
        if ((int64_t)scraped_value(text, rows[i].sample) != *rows[i].at / rows[i].unit)
            FAIL_WITH("%s is not what was counted: %s", rows[i].sample, text);
    arena_destroy(&arena);
}

int
scraped_get(struct rig *r, const char *socket, const char *path)
{
    struct arena *arena = arena_new();
    struct text body = {0};
    unsigned status = 0;
    int rc = monitor_ask(arena, rig_path(r, socket), path, RIG_PATIENCE, &status, &body);

    if (rc == 0)
        (void)snprintf(r->output, RIG_OUTPUT, "%.*s", (int)body.len, body.at);
    arena_destroy(&arena);
    CHECK_INT(0, rc);
    return (int)status;
}
