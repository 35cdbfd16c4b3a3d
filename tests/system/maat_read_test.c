/* What a board lead reads with maat: whoami, plan list and show, status, counts,
   show, log. */
#include "tests/caller.h"
#include "tests/t.h"

struct scene {
    struct rig *rig;
    struct caller *operator, * lead, *police;
};

/* A plan with one action that police claims complete without evidence, a note of the
   board that wants an answer, and a due date that was moved. */
static void
set_up(struct scene *b)
{
    b->rig = rig_open();
    rig_init_board(b->rig);
    rig_start_broker(b->rig, NULL);
    b->operator= caller_open(b->rig, "board/operator.zpl");
    b->lead = caller_open(b->rig, "board/lead.zpl");
    caller_must(b->operator, "{'kind': 'agency', 'id': 'police', 'name': 'Police', 'sector': "
                             "'police', 'seen': 0, 'epoch': 0}");
    caller_must(b->operator, "{'kind': 'agency', 'id': 'health', 'name': 'Health', 'sector': "
                             "'health', 'seen': 0, 'epoch': 0}");
    caller_enrol(b->rig, b->operator, "police/crm", "agency", "police.zpl");
    caller_enrol(b->rig, b->operator, "health/ehr", "agency", "health.zpl");
    caller_must(b->lead,
                "{'kind': 'plan', 'id': 'da-2016', 'title': 'Domestic abuse action plan', 'type': "
                "'action-plan', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}");
    caller_must(b->lead,
                "{'kind': 'plan', 'id': 'child-n', 'title': 'Review of Child N', 'type': 'review', "
                "'marking': 'OFFICIAL-SENSITIVE', 'members': ['health'], 'unpublished': "
                "'vulnerabilities', 'seen': 0, 'epoch': 0}");
    caller_must(b->lead,
                "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': 'Support victims', "
                "'leads': ['police', 'health'], 'due': '2016-06-30', 'seen': 0, 'epoch': 0}");
    caller_must(b->lead, "{'kind': 'action', 'id': 'da-2016/1.1', 'ref': '1.1', 'title': "
                         "'Support victims', 'leads': ['police', 'health'], 'due': "
                         "'2016-09-30', 'reason': 'staff', 'seen': SEEN}");
    b->police = caller_open(b->rig, "police.zpl");
    caller_must(b->police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': "
                           "'2016-08-01', 'status': 'claimed-complete', 'note': "
                           "'all briefed \\u001b[31m', 'opinion': 'green'}");
}

static void
tear_down(struct scene *b)
{
    caller_close(&b->police);
    caller_close(&b->lead);
    caller_close(&b->operator);
    rig_close(b->rig);
}

#define PRINTS(code, command, text)                                         \
    do {                                                                    \
        CHECK_INT(code, rig_run(b.rig, "%s", command));                     \
        if (!strstr(b.rig->output, text))                                   \
            FAIL_WITH("%s: no \"%s\" in %s", command, text, b.rig->output); \
    } while (0)

#define LEAD "maat -c board/lead.zpl "
#define POLICE "maat -c police.zpl "

TEST(maat_shows_a_lead_how_it_stands)
{
    struct scene b;

    set_up(&b);
    PRINTS(0, LEAD "whoami", "board/lead (lead)");
    PRINTS(0, LEAD "plan list", "child-n");
    PRINTS(0, LEAD "plan show child-n", "OFFICIAL-SENSITIVE, review");
    PRINTS(0, LEAD "plan show child-n", "published never: vulnerabilities");
    PRINTS(0, LEAD "status", "da-2016/1.1  red     overdue, ");
    PRINTS(0, LEAD "status da-2016 --csv", "\"da-2016/1.1\",\"red\",\"overdue, ");
    PRINTS(0, LEAD "status --json --rag red", "\"rating\":\"red\"");
    PRINTS(0, LEAD "status --rag blue", "No action");
    PRINTS(0, LEAD "counts da-2016", "day         actions  red  amber  green  blue  grey\n");
    PRINTS(0, LEAD "counts da-2016 --csv", ",\"1\",\"1\",\"0\",\"0\",\"0\",\"0\"\r\n");
    PRINTS(0, LEAD "counts da-2016 --json --every 1", "\"actions\":1,\"blue\":0,\"grey\":0,");
    PRINTS(1, LEAD "counts da-2016 --until 2001-01-01", "the journal holds nothing of that day");
    PRINTS(1, LEAD "counts da-2016 --since 2199-01-01", "da-2016: `since` is after `until`");
    PRINTS(0, LEAD "show da-2016/1.1", "due          2016-09-30 (was 2016-06-30)");
    PRINTS(0, LEAD "show da-2016/1.1", "overdue             past its due date");
    PRINTS(0, LEAD "show da-2016/1.1", "police  claimed-complete, on 2016-08-01, by police/crm");
    PRINTS(0, LEAD "show da-2016/1.1", "note: all briefed ?[31m");
    PRINTS(0, LEAD "show da-2016/1.1", "health  not-started");
    PRINTS(0, LEAD "log", "da-2016/1.1: on 2016-08-01, status claimed-complete");
    PRINTS(0, LEAD "log --agency police", "police/crm");
    CHECK(!strstr(b.rig->output, "board/lead"));
    PRINTS(0, LEAD "log --json --limit 1 da-2016", "\"body\":{\"action\":\"da-2016/1.1\"");
    tear_down(&b);
}

TEST(maat_shows_nobody_what_is_not_theirs)
{
    struct scene b;

    set_up(&b);
    PRINTS(0, POLICE "plan list", "da-2016");
    CHECK(!strstr(b.rig->output, "child-n"));
    PRINTS(1, POLICE "plan show child-n", "there is none such, or you may not see it");
    PRINTS(1, POLICE "plan show nothing", "there is none such, or you may not see it");
    PRINTS(1, POLICE "status child-n", "there is none such");
    PRINTS(1, POLICE "show child-n/1", "there is none such");
    PRINTS(1, POLICE "log child-n", "there is none such");
    PRINTS(1, POLICE "counts child-n", "there is none such");
    PRINTS(1, POLICE "counts nothing", "there is none such");
    PRINTS(0, POLICE "log", "da-2016/1.1");
    CHECK(!strstr(b.rig->output, "child-n"));
    PRINTS(1, "maat -c board/operator.zpl status da-2016", "there is none such");
    PRINTS(2, LEAD "statsu", "did you mean status?");
    PRINTS(2, LEAD "status --rag pink", "--rag");
    PRINTS(2, LEAD "counts", "something is missing");
    PRINTS(2, LEAD "counts da-2016 --every 0", "--every: must be 1 to 3660");
    PRINTS(2, LEAD "status --as-at 2016-02-30", "--as-at");
    tear_down(&b);
}

/* What comes is printed as it comes, and nothing twice. */
TEST(maat_follows_the_log)
{
    const char *const argv[] = {"maat", "-c", "board/lead.zpl", "log", "-f", "da-2016", NULL};
    struct scene b;

    set_up(&b);
    struct rig_program *follower = rig_start(b.rig, argv);
    for (int i = 0; i < 4; i++)
        rig_line(b.rig, follower);
    CHECK(strstr(b.rig->output, "police/crm"));
    caller_must(b.police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-08-02', "
                          "'note': 'more'}");
    caller_must(b.lead, "{'kind': 'plan', 'id': 'p2', 'title': 'Another', 'type': 'audit', "
                        "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}");
    caller_must(b.police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-08-03', "
                          "'note': 'most'}");
    CHECK(strstr(rig_line(b.rig, follower), "\"more\""));
    CHECK(strstr(rig_line(b.rig, follower), "\"most\""));
    rig_signal(follower, SIGTERM);
    CHECK_INT(-SIGTERM, rig_wait(follower));
    tear_down(&b);
}
