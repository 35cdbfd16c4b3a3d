#include "tests/typed.h"

#include <stdlib.h>

#include "tests/t.h"

static void
found(struct rig *r)
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
    caller_enrol(r, operator, "health/crm", "agency", "health.zpl");
    caller_must(lead,
                "{'kind': 'plan', 'id': 'da-2016', 'title': 'Domestic abuse action plan', 'type': "
                "'action-plan', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}");
    caller_must(lead,
                "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': 'Support victims', "
                "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    caller_must(lead,
                "{'kind': 'action', 'id': 'da-2016/1.2', 'ref': '1.2', 'title': 'Train officers', "
                "'leads': ['police'], 'seen': 0, 'epoch': 0}");
    caller_must(lead,
                "{'kind': 'action', 'id': 'da-2016/2.1', 'ref': '2.1', 'title': 'Fill places', "
                "'leads': ['police', 'health'], 'measure': {'counted': 'training places', 'unit': "
                "'count', 'comparator': '>', 'target': 2000}, 'seen': 0, 'epoch': 0}");
    caller_close(&lead);
    caller_close(&operator);
}

struct rig *
typed_board(void)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    found(r);
    return r;
}

void
typed(struct rig *r, int exit_code, const char *said, const char *command)
{
    int got = rig_run(r, "%s", command);

    if (got != exit_code || !strstr(r->output, said))
        FAIL_WITH("%s\n    exited with %d, want %d and \"%s\":\n%s", command, got, exit_code, said,
                  r->output);
}

bool
typed_shows(struct rig *r, const char *action, const char *what)
{
    struct caller *lead = caller_open(r, "board/lead.zpl");
    const char *json = caller_ask(lead, "{'id': 1, 'what': 'show', 'action': '%s'}", action);
    bool shows = strstr(json, what) != NULL;

    caller_close(&lead);
    return shows;
}

long
typed_newest(struct rig *r)
{
    CHECK_INT(0, rig_run(r, "maat whoami -c board/lead.zpl"));
    const char *at = strstr(r->output, "journal  entry ");
    CHECK(at != NULL);
    return strtol(at + strlen("journal  entry "), NULL, 10);
}

void
typed_end(struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    typed(r, 0, "state       equals refold", "maat-broker verify board");
    rig_close(r);
}
