#include "schema/wire/logging.h"

#include <stdlib.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "broker/events.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { WRITTEN = 400 };

static const struct log_event flood = {"flood", EVENT_WARNING, "It pours.", "Wait."};
static const struct log_event drop = {"drop", EVENT_WARNING, "It drips.", "Wait."};

/* Writes them with stderr in a file. */
static void
pour(const char *path)
{
    int before = dup(STDERR_FILENO);
    FILE *file = fopen(path, "w");

    (void)dup2(fileno(file), STDERR_FILENO);
    for (int i = 0; i < WRITTEN; i++) {
        struct log_line line = log_line_of(&flood);
        log_number(&line, "i", i);
        log_write(&line);
    }
    struct log_line line = log_line_of(&drop);
    log_write(&line);
    log_left_out();
    (void)dup2(before, STDERR_FILENO);
    (void)close(before);
    (void)fclose(file);
}

TEST(logging_bounds_each_event_and_counts_what_it_leaves_out)
{
    struct scratch scratch;
    char line[LOG_LINE];
    int lines = 0, left_out = 0, drops = 0;

    scratch_make(&scratch);
    pour(scratch_file(&scratch, "log"));
    FILE *file = fopen(scratch_file(&scratch, "log"), "r");
    while (fgets(line, sizeof line, file)) {
        const char *counted = strstr(line, "left-out=");
        drops += strcmp(line, "event=drop\n") == 0;
        if (strncmp(line, "event=flood ", strlen("event=flood ")) != 0)
            continue; /* of what other tests had written */
        lines += strstr(line, " i=") != NULL;
        left_out += counted ? atoi(counted + strlen("left-out=")) : 0;
    }
    (void)fclose(file);
    scratch_remove(&scratch);
    CHECK(lines >= 100 && left_out > 0);
    CHECK_INT(WRITTEN, lines + left_out);
    CHECK_INT(1, drops);
}

/* Of any program's list. */
static void
check_list(const struct log_event *events, unsigned count)
{
    CHECK(count < EVENTS_MAX);
    for (unsigned i = 0; i < count; i++) {
        const struct log_event *e = &events[i];
        CHECK_INT(strlen(e->id), strspn(e->id, "abcdefghijklmnopqrstuvwxyz-"));
        CHECK(*e->id && strlen(e->id) <= 40 && *e->means);
        CHECK(*e->remedy || e->severity >= EVENT_NOTICE);
        for (unsigned j = 0; j < i; j++)
            CHECK(strcmp(e->id, events[j].id) != 0);
    }
}

TEST(events_say_what_they_mean_and_what_to_do)
{
    check_list(broker_events, BROKER_EVENT_COUNT);
    check_list(agent_events, AGENT_EVENT_COUNT);
}
