/* Alert rules and dashboards name metrics that there are, and leave out none. */
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "agents/agency/vitals.h"
#include "broker/watched/metrics.h"
#include "tests/t.h"

enum { FILE_MOST = 64 * 1024, NAME = 128 };

struct watched_files {
    const struct metrics *metrics;
    const char *prefix; /* of their names */
    const char *alerts, *dashboard;
};

static char *
read_file(const char *path)
{
    char *text = calloc(1, FILE_MOST);
    FILE *file = fopen(path, "r");

    CHECK(text && file);
    CHECK(fread(text, 1, FILE_MOST - 1, file) < FILE_MOST - 1);
    CHECK_INT(0, fclose(file));
    return text;
}

/* A histogram is read by these three. */
static bool
is_sample_of(const struct metric *m, const char *name)
{
    static const char *const parts[] = {"_bucket", "_sum", "_count"};
    size_t len = strlen(m->name);

    if (strncmp(name, m->name, len) != 0)
        return false;
    for (int i = 0; i < 3; i++)
        if (m->type == METRIC_HISTOGRAM && strcmp(name + len, parts[i]) == 0)
            return true;
    return m->type != METRIC_HISTOGRAM && !name[len];
}

static bool
is_part_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Marks the metrics that the text names, and fails where there is none of the name. */
static void
look_for_names(const struct watched_files *f, const char *path, const char *text, bool *named)
{
    char name[NAME];

    for (const char *at = text; (at = strstr(at, f->prefix)); at += strlen(name)) {
        size_t len = 0;
        bool known = false;
        while (is_part_of_name(at[len]))
            len++;
        CHECK(len < NAME);
        (void)snprintf(name, sizeof name, "%.*s", (int)len, at);
        for (unsigned i = 0; i < f->metrics->count; i++)
            if (is_sample_of(&f->metrics->at[i], name))
                named[i] = known = true;
        if (!known)
            FAIL_WITH("%s: there is no %s", path, name);
    }
}

static void
check_files(const struct watched_files *f)
{
    char *alerts = read_file(f->alerts);
    char *dashboard = read_file(f->dashboard);
    bool *named = calloc(f->metrics->count, sizeof *named);
    json_error_t error;
    json_t *json = json_loads(dashboard, JSON_REJECT_DUPLICATES, &error);

    CHECK(named && json);
    json_decref(json);
    look_for_names(f, f->alerts, alerts, named);
    look_for_names(f, f->dashboard, dashboard, named);
    for (unsigned i = 0; i < f->metrics->count; i++)
        if (!named[i])
            FAIL_WITH("%s is neither in %s nor in %s", f->metrics->at[i].name, f->alerts,
                      f->dashboard);
    free(alerts);
    free(dashboard);
    free(named);
}

TEST(watch_files_of_the_broker_name_its_metrics)
{
    check_files(&(struct watched_files){&broker_metrics, "maat_broker_", "broker/alerts.yml",
                                        "broker/dashboard.json"});
}

TEST(watch_files_of_the_agent_name_its_metrics)
{
    check_files(&(struct watched_files){&agent_metrics, "maat_agent_", "agents/agency/alerts.yml",
                                        "agents/agency/dashboard.json"});
}
