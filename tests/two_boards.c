#include "tests/two_boards.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

enum { BETWEEN_TRIES = 2 };

/* --- the boards ----------------------------------------------------------------------- */

static void
found_plan(struct caller *lead, const char *plan)
{
    caller_must(lead,
                "{'kind': 'plan', 'id': '%s', 'title': 'A plan', 'type': 'action-plan', "
                "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}",
                plan);
    caller_must(lead,
                "{'kind': 'action', 'id': '%s/1', 'ref': '1', 'title': 'Train staff', 'leads': "
                "['police'], 'seen': 0, 'epoch': 0}",
                plan);
}

void
two_boards_start_broker(struct rig *board)
{
    static char address[RIG_PATH + 20];

    (void)snprintf(address, sizeof address, "ipc://%s", rig_path(board, "broker.sock"));
    rig_start_broker(board, (const char *const[]){"--listen", address, NULL});
}

static struct rig *
found_board(const char *plan)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    two_boards_start_broker(r);
    struct caller *operator= caller_open(r, "board/operator.zpl");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    caller_must(operator,
                "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': 'police', "
                "'seen': 0, 'epoch': 0}");
    caller_enrol(r, operator, "police/crm", "agency", "police.zpl");
    found_plan(lead, plan);
    found_plan(lead, "both");
    caller_close(&lead);
    caller_close(&operator);
    return r;
}

const char *
two_boards_show(struct rig *board, const char *action)
{
    static char shown[64 * 1024];
    struct caller *lead = caller_open(board, "board/lead.zpl");

    (void)snprintf(shown, sizeof shown, "%s",
                   caller_ask(lead, "{'id': 1, 'what': 'show', 'action': '%s'}", action));
    caller_close(&lead);
    return shown;
}

/* --- the agent ------------------------------------------------------------------------ */

void
two_boards_configure(const struct two_boards *t, const char *more_of_south)
{
    char config[4096];
    char of_south[RIG_PATH];

    (void)snprintf(of_south, sizeof of_south, "%s", rig_path(t->south, ""));
    (void)snprintf(config, sizeof config,
                   "spool = \"spool\"\nsocket = \"agent.sock\"\n"
                   "boards\n"
                   "    north\n"
                   "        key = \"police.zpl\"\n"
                   "        outbox = \"north.box\"\n"
                   "        broker = \"ipc://%s\"\n"
                   "    south\n"
                   "        key = \"%s/police.zpl\"\n"
                   "        outbox = \"south.box\"\n"
                   "        broker = \"ipc://%s/broker.sock\"\n%s",
                   rig_path(t->north, "broker.sock"), of_south, of_south, more_of_south);
    rig_write(t->north, "agent.zpl", config);
}

struct two_boards
two_boards_open(void)
{
    struct two_boards t = {.north = found_board("n"), .south = found_board("s")};

    t.desk = calloc(1, sizeof *t.desk);
    t.desk->rig = t.north;
    t.desk->arena = arena_new();
    t.desk->answer = malloc(500 * 1024);
    two_boards_configure(&t, "");
    return t;
}

void
two_boards_close(struct two_boards *t)
{
    CHECK_INT(0, desk_stop(t->desk, SIGTERM));
    rig_close(t->south);
    desk_close(&t->desk); /* and with it the north */
}

const char *
two_boards_say_until(const struct two_boards *t, const char *action, const char *wanted)
{
    int64_t until = rig_now() + RIG_PATIENCE;
    const char *said;

    while (!strstr(said = desk_say(t->desk,
                                   "{'kind': 'progress', 'action': '%s', 'percent': 40, 'wait': "
                                   "true}",
                                   action),
                   wanted)) {
        if (rig_now() > until)
            FAIL_WITH("of %s it goes on saying %s", action, said);
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
    return said;
}

void
two_boards_know_both(const struct two_boards *t)
{
    (void)two_boards_say_until(t, "n/1", TWO_BOARDS_ACCEPTED);
    (void)two_boards_say_until(t, "s/1", TWO_BOARDS_ACCEPTED);
}

unsigned
two_boards_count(const char *text, const char *part)
{
    unsigned count = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

static bool
is_settled(const char *status, int64_t north, int64_t south)
{
    const char *of_south = strstr(status, "{\"board\":\"south\"");
    char of_both[2][64];

    (void)snprintf(of_both[0], sizeof of_both[0], "\"last\":%" PRId64 ",", north);
    (void)snprintf(of_both[1], sizeof of_both[1], "\"last\":%" PRId64 ",", south);
    const char *first = strstr(status, of_both[0]);
    return of_south && first && first < of_south && strstr(of_south, of_both[1])
           && two_boards_count(status, "\"queued\":0,") == 2;
}

void
two_boards_settle(const struct two_boards *t, int64_t north, int64_t south)
{
    int64_t until = rig_now() + RIG_PATIENCE;
    const char *said;

    while (!is_settled(said = desk_say(t->desk, "{'ask': 'status'}"), north, south)) {
        if (rig_now() > until) {
            (void)rig_run(t->north, "tail -n 30 %s", t->desk->agent->log);
            FAIL_WITH("it is still %s: %s", said, t->north->output);
        }
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
}

int
two_boards_agent(const struct two_boards *t, const char *board)
{
    CHECK_INT(0, rig_run(t->north,
                         "sed -n 's/.*board-started board=%s process=\\([0-9]*\\).*/\\1/p' %s | "
                         "tail -n 1",
                         board, t->desk->agent->log));
    return (int)strtol(t->north->output, NULL, 10);
}
