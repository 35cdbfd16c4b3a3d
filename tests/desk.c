#include "tests/desk.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/json.h"
#include "tests/t.h"

enum { LINE = 500 * 1024, BETWEEN_TRIES = 2 };

/* Entries: the board, its two clients, two agencies, their clients, a plan, an
   action for police alone and one for health. */
static void
found_board(struct rig *r)
{
    struct caller *operator= caller_open(r, "board/operator.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");

    caller_must(operator,
                "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': 'police', "
                "'seen': 0, 'epoch': 0}");
    caller_must(operator,
                "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': 'health', "
                "'seen': 0, 'epoch': 0}");
    caller_enrol(r, operator, "police/crm", "agency", "police.zpl");
    caller_must(lead, "{'kind': 'plan', 'id': 'da', 'title': 'Domestic abuse', 'type': "
                      "'action-plan', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': "
                      "0}");
    caller_must(lead, "{'kind': 'action', 'id': 'da/1', 'ref': '1', 'title': 'Support victims', "
                      "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    caller_must(lead, "{'kind': 'action', 'id': 'da/2', 'ref': '2', 'title': 'Train staff', "
                      "'leads': ['health'], 'seen': 0, 'epoch': 0}");
    caller_close(&lead);
    caller_close(&operator);
}

static int64_t
count_entries(struct rig *r)
{
    if (rig_run(r, "maat-broker verify board") != 0)
        FAIL_WITH("the board's directory: %s", r->output);
    const char *at = strstr(r->output, "to entry ");
    CHECK(at != NULL);
    return strtoll(at + strlen("to entry "), NULL, 10);
}

void
desk_start_broker(struct desk *d)
{
    static char address[RIG_PATH + 20];

    snprintf(address, sizeof address, "ipc://%s", rig_path(d->rig, "broker.sock"));
    rig_start_broker(d->rig, (const char *const[]){"--listen", address, NULL});
}

struct desk *
desk_open(const char *more)
{
    struct desk *d = calloc(1, sizeof *d);
    char config[4096];

    d->rig = rig_open();
    d->arena = arena_new();
    d->answer = malloc(LINE);
    rig_init_board(d->rig);
    desk_start_broker(d);
    found_board(d->rig);
    rig_signal(d->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(d->rig->broker));
    d->entries = count_entries(d->rig);
    desk_start_broker(d);
    snprintf(config, sizeof config,
             "key = \"police.zpl\"\noutbox = \"outbox\"\nspool = \"spool\"\n"
             "socket = \"agent.sock\"\nbroker = \"ipc://%s\"\n%s",
             rig_path(d->rig, "broker.sock"), more ? more : "");
    rig_write(d->rig, "agent.zpl", config);
    CHECK_INT(0, rig_run(d->rig, "mkdir spool"));
    desk_start(d);
    return d;
}

static void
close_local(struct desk *d)
{
    if (d->local)
        local_close(&d->local);
}

void
desk_close(struct desk **d)
{
    close_local(*d);
    arena_destroy(&(*d)->arena);
    rig_close((*d)->rig);
    free((*d)->answer);
    free(*d);
    *d = NULL;
}

void
desk_start(struct desk *d)
{
    static const char *const argv[] = {"maat-agent", "run", "--config", "agent.zpl", NULL};
    int64_t until = rig_now() + RIG_PATIENCE;
    char why[LOCAL_WHY];

    d->agent = rig_start(d->rig, argv);
    while (local_open(&d->local, rig_path(d->rig, "agent.sock"), why)) {
        if (rig_now() > until) {
            (void)rig_run(d->rig, "cat %s", d->agent->log);
            FAIL_WITH("the agent does not answer: %s: %s", why, d->rig->output);
        }
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
}

int
desk_stop(struct desk *d, int signal)
{
    close_local(d);
    rig_signal(d->agent, signal);
    return rig_wait(d->agent);
}

void
desk_kill_broker(struct desk *d)
{
    rig_signal(d->rig->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(d->rig->broker));
    desk_start_broker(d);
}

static const struct answer *
say(struct desk *d, const char *line)
{
    static struct answer answer;

    arena_reset(d->arena);
    CHECK_INT(0, local_say(d->local, text_of(line)));
    CHECK_INT(0, local_hear(d->local, d->arena, &answer));
    return &answer;
}

const char *
desk_say(struct desk *d, const char *format, ...)
{
    static char line[LINE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (char *at = line; *at; at++)
        if (*at == '\'')
            *at = '"';
    struct text json = record_to_json(d->arena, &answer_record, say(d, line));
    snprintf(d->answer, LINE, "%.*s", (int)json.len, json.at);
    return d->answer;
}

/* The status, once it is as wanted. */
static const struct agent_status *
await(struct desk *d, bool (*wanted)(const struct agent_status *status, int64_t n), int64_t n)
{
    int64_t until = rig_now() + RIG_PATIENCE;
    const struct agent_status *status;

    while (!wanted(status = &say(d, "{\"ask\": \"status\"}")->status, n)) {
        if (rig_now() > until) {
            (void)rig_run(d->rig, "cat %s", d->agent->log);
            FAIL_WITH("queued %" PRId64 " of %" PRId64 ", %.*s: %s", status->queued, status->last,
                      (int)status->connection.len, status->connection.at, d->rig->output);
        }
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
    return status;
}

static bool
is_settled(const struct agent_status *status, int64_t n)
{
    (void)n;
    return !status->queued && !status->spool && !status->has.taking;
}

const struct agent_status *
desk_settle(struct desk *d)
{
    return await(d, is_settled, 0);
}

static bool
has_taken(const struct agent_status *status, int64_t n)
{
    return status->last >= n;
}

void
desk_until_taken(struct desk *d, int64_t n)
{
    (void)await(d, has_taken, n);
}

static bool
has_settled(const struct agent_status *status, int64_t n)
{
    return status->last - status->queued >= n;
}

void
desk_until_settled(struct desk *d, int64_t n)
{
    (void)await(d, has_settled, n);
}

int64_t
desk_verify(struct desk *d)
{
    desk_settle(d);
    CHECK_INT(0, desk_stop(d, SIGTERM));
    rig_signal(d->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(d->rig->broker));
    return count_entries(d->rig) - d->entries;
}
