/* The dashboards, as far as can be told without a Grafana: panels of its model that do not
   cover each other, units that it knows, queries of metrics and labels that there are. */
#include <ctype.h>
#include <jansson.h>

#include "agents/agency/vitals.h"
#include "broker/watched/metrics.h"
#include "tests/t.h"

enum { COLUMNS = 24, ROWS = 100, PANELS = 64, NAME = 128 };

struct dashboard {
    const struct metrics *metrics;
    json_t *json;
    bool ids[PANELS];
    bool taken[ROWS][COLUMNS];
};

static const char *
text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (!text)
        FAIL_WITH("a panel without a text as \"%s\"", key);
    return text;
}

static int
number_in(const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);

    if (!json_is_integer(number))
        FAIL_WITH("a panel without a number as \"%s\"", key);
    return (int)json_integer_value(number);
}

/* --- the panel ------------------------------------------------------------------------ */

static void
check_place(struct dashboard *d, const json_t *panel)
{
    const json_t *at = json_object_get(panel, "gridPos");
    int x = number_in(at, "x"), y = number_in(at, "y");
    int w = number_in(at, "w"), h = number_in(at, "h");
    int id = number_in(panel, "id");

    CHECK(id > 0 && id < PANELS);
    if (d->ids[id])
        FAIL_WITH("two panels are %d", id);
    d->ids[id] = true;
    CHECK(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= COLUMNS && y + h <= ROWS);
    for (int row = y; row < y + h; row++)
        for (int column = x; column < x + w; column++) {
            if (d->taken[row][column])
                FAIL_WITH("panel %d covers another", id);
            d->taken[row][column] = true;
        }
}

/* Of the ids that Grafana gives to units (getValueFormats of @grafana/data), those in use:
   one that it does not know it prints behind the number. */
static void
check_unit(const char *unit)
{
    static const char *const known[] = {"none", "bytes", "s", "ops", "dateTimeAsIso"};

    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(unit, known[i]) == 0)
            return;
    FAIL_WITH("Grafana knows no unit %s", unit);
}

/* --- its queries ---------------------------------------------------------------------- */

static size_t
name_len(const char *at)
{
    size_t len = 0;

    while (isalnum((unsigned char)at[len]) || at[len] == '_')
        len++;
    return len;
}

static bool
is_name(const char *at, size_t len, const char *name)
{
    return name && len == strlen(name) && strncmp(at, name, len) == 0;
}

/* On what Prometheus scraped, and on the samples of the metrics that the query names. */
static bool
has_label(const struct metrics *metrics, const char *expr, const char *at, size_t len)
{
    if (is_name(at, len, "instance") || is_name(at, len, "job"))
        return true;
    for (unsigned i = 0; i < metrics->count; i++) {
        const struct metric *m = &metrics->at[i];
        const char *label = m->type == METRIC_HISTOGRAM ? "le" : m->label;
        if (strstr(expr, m->name) && is_name(at, len, label))
            return true;
    }
    return false;
}

static void
check_label(const struct dashboard *d, const char *expr, const char *at, size_t len)
{
    if (!has_label(d->metrics, expr, at, len))
        FAIL_WITH("nothing in \"%s\" has a label \"%.*s\"", expr, (int)len, at);
}

/* What stands between `{` or `by (` and its end; label="text" or label alone. */
static void
check_labels(const struct dashboard *d, const char *expr, const char *at, char end)
{
    while (*at && *at != end) {
        size_t len = name_len(at);
        if (len)
            check_label(d, expr, at, len);
        at += len;
        if (*at == '"')
            at = strchr(at + 1, '"');
        CHECK(at && *at);
        at += *at != end;
    }
    CHECK(*at == end);
}

static void
check_query(const struct dashboard *d, const json_t *target)
{
    const char *expr = text_in(target, "expr"), *legend = text_in(target, "legendFormat");

    CHECK(strstr(expr, "maat_") && strstr(expr, "{instance=~\"$instance\"}"));
    for (const char *at = expr; (at = strchr(at, '{')); at++)
        check_labels(d, expr, at + 1, '}');
    for (const char *at = expr; (at = strstr(at, "by (")); at++)
        check_labels(d, expr, at + strlen("by ("), ')');
    for (const char *at = legend; (at = strstr(at, "{{")); at += 2)
        check_labels(d, expr, at + 2, '}');
}

static void
check_panel(struct dashboard *d, const json_t *panel)
{
    const json_t *targets = json_object_get(panel, "targets"), *target;
    const json_t *config = json_object_get(panel, "fieldConfig");
    const json_t *source = json_object_get(panel, "datasource");
    const char *type = text_in(panel, "type");
    char letter[] = "A";
    size_t i;

    check_place(d, panel);
    CHECK(*text_in(panel, "title"));
    CHECK(strcmp(type, "stat") == 0 || strcmp(type, "timeseries") == 0);
    check_unit(text_in(json_object_get(config, "defaults"), "unit"));
    CHECK_STR("prometheus", text_in(source, "type"));
    CHECK_STR("${source}", text_in(source, "uid"));
    CHECK(json_array_size(targets) > 0);
    json_array_foreach(targets, i, target)
    {
        CHECK_STR(letter, text_in(target, "refId"));
        check_query(d, target);
        letter[0]++;
    }
}

static void
check_dashboard(const char *path, const struct metrics *metrics)
{
    struct dashboard d = {.metrics = metrics, .json = json_load_file(path, 0, NULL)};
    const json_t *panels = json_object_get(d.json, "panels"), *panel;
    size_t i;

    CHECK(json_array_size(panels) > 0);
    json_array_foreach(panels, i, panel) check_panel(&d, panel);
    json_decref(d.json);
}

TEST(dashboard_of_the_broker_asks_for_what_there_is)
{
    check_dashboard("broker/dashboard.json", &broker_metrics);
}

TEST(dashboard_of_the_agent_asks_for_what_there_is)
{
    check_dashboard("agents/agency/dashboard.json", &agent_metrics);
}
