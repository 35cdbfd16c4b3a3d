/* maat's commands that keep the registry and the plans, on the real broker. */
#include <stdlib.h>

#include "tests/machine.h"
#include "tests/t.h"

#define OPERATOR "maat -c board/operator.zpl "
#define LEAD "maat -c board/lead.zpl "

static struct rig *
open_board(void)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    CHECK_INT(0, rig_run(r, OPERATOR "agency add police --name Police --sector police"));
    CHECK_INT(0, rig_run(r, OPERATOR "agency add housing --name Housing --sector housing"));
    return r;
}

/* The command ends so, and says this. */
#define SAYS(code, words, ...)                                   \
    do {                                                         \
        CHECK_INT(code, rig_run(r, __VA_ARGS__));                \
        if (!strstr(r->output, words))                           \
            FAIL_WITH("\"%s\" is not in: %s", words, r->output); \
    } while (0)

TEST(maat_client_is_enrolled_confirmed_and_revoked)
{
    struct rig *r = open_board();

    SAYS(0, "", "maat key new police.zpl --client police/crm --broker board/lead.zpl");
    SAYS(1, "not-found: id: its first part must be an agency",
         "maat key show police.zpl | " OPERATOR "client enrol probation/x --role agency --key -");
    SAYS(2, "--key police.zpl: is the key of police/crm",
         OPERATOR "client enrol police/other --role agency --key police.zpl");
    SAYS(2, "--role: ", OPERATOR "client enrol police/crm --role agent --key police.zpl");
    SAYS(2, "holds no public key",
         "echo short | " OPERATOR "client enrol police/crm --role agency --key -");
    SAYS(1, "not-permitted", LEAD "client enrol police/crm --role agency --key police.zpl");
    SAYS(0, "police/crm: accepted as entry",
         OPERATOR "client enrol police/crm --role agency --key police.zpl --name 'Case system'");
    SAYS(1, "stale", OPERATOR "client enrol police/crm --role agency --key police.zpl");
    SAYS(0, "police/crm (agency)", "maat -c police.zpl whoami");
    SAYS(1, "clients: there is none such, or you may not see it", "maat -c police.zpl client list");

    SAYS(0, "", "maat key new chair.zpl --client board/chair --broker board/lead.zpl > chair.txt");
    SAYS(0, "board/chair: accepted",
         OPERATOR "client enrol board/chair --role lead --key - < chair.txt");
    SAYS(0, "waits for a lead: lead with a new key, asked for by board/operator",
         LEAD "client list");
    SAYS(3, "does not know this key", "maat -c chair.zpl whoami");
    SAYS(1, "only a lead may confirm", OPERATOR "client confirm board/chair");
    SAYS(1, "board/nobody: there is none such", LEAD "client confirm board/nobody");
    SAYS(0, "board/chair becomes lead, as board/operator asks", LEAD "client confirm board/chair");
    SAYS(1, "nothing of this client waits", LEAD "client confirm board/chair");
    SAYS(0, "board/chair (lead)", "maat -c chair.zpl whoami");

    SAYS(2, "--reason", OPERATOR "client revoke police/crm");
    SAYS(0, "accepted", "echo lost | " OPERATOR "client revoke police/crm --reason -");
    SAYS(3, "revoked", "maat -c police.zpl whoami");
    SAYS(0, "\"police/crm\",\"agency\",\"revoked\",\"Case system\"", OPERATOR "client list --csv");
    SAYS(0, "\"revoked\":true", OPERATOR "client list --json");
    SAYS(2, "did you mean client revoke?", OPERATOR "client revok police/crm");
    rig_close(r);
}

#define ADD_PLAN \
    LEAD "plan add da-2016 --title 'Domestic abuse' --type action-plan --marking OFFICIAL "

TEST(maat_plan_is_kept_as_a_whole)
{
    struct rig *r = open_board();

    SAYS(2, "--type: must be one of",
         LEAD "plan add da-2016 --title x --type plan --marking OFFICIAL");
    SAYS(2, "did you mean title?", LEAD "plan add da-2016 --titel x");
    SAYS(1, "not-found", OPERATOR "plan add da-2016 --title x --type audit --marking OFFICIAL");
    SAYS(1, "there is no agency polise", ADD_PLAN "--members polise");
    SAYS(1, "published or never is, not both",
         ADD_PLAN "--members all --published 2016-03-01 --unpublished 'live'");
    SAYS(0, "would be sent: plan {\"id\":\"da-2016\"", ADD_PLAN "--members police --dry-run");
    SAYS(0, "da-2016: accepted as entry", ADD_PLAN "--members police --review-days 60");
    SAYS(1, "stale", ADD_PLAN "--members police");
    SAYS(0, "is so already: nothing was sent", LEAD "plan amend da-2016 --review-days 60");
    SAYS(0, "accepted",
         LEAD "plan amend da-2016 --published 2016-03-01 --title 'Domestic abuse plan'");
    SAYS(0, "\"members\":[\"police\"],\"review_days\":60,\"published\":\"2016-03-01\",\"reason\"",
         LEAD "plan amend da-2016 --type audit --reason x --dry-run");
    SAYS(0, "\"review_days\":60,\"unpublished\":\"live case\"",
         "echo live case > why; " LEAD "plan amend da-2016 --unpublished @why --dry-run");
    SAYS(1, "none: there is none such", LEAD "plan amend none --title x");

    SAYS(1, "there is no agency polise", LEAD "plan member add da-2016 polise");
    SAYS(0, "accepted", LEAD "plan member add da-2016 housing police");
    SAYS(0, "is so already", LEAD "plan member add da-2016 housing");
    SAYS(2, "something is missing", LEAD "plan member add da-2016");
    SAYS(2, "--reason: ", LEAD "plan member remove da-2016 housing");
    SAYS(0, "\"members\":[\"police\"],",
         LEAD "plan member remove da-2016 housing --reason 'no part in it' --dry-run");
    SAYS(0, "accepted", LEAD "plan member remove da-2016 housing --reason 'no part in it'");
    SAYS(1, "none of those is a member", LEAD "plan member remove da-2016 housing --reason again");
    SAYS(1, "missing-field: reason: say why a member goes", LEAD "plan amend da-2016 --no-members");
    SAYS(0, "accepted", LEAD "plan amend da-2016 --members all");
    SAYS(1, "its members are all agencies", LEAD "plan member add da-2016 housing");

    SAYS(0, "accepted", LEAD "action add da-2016/1 --title 'Train' --lead police");
    SAYS(1, "da-2016/1 is open: decide it first", LEAD "plan close da-2016 --reason done");
    SAYS(0, "accepted", LEAD "plan add old --title Old --type audit --marking OFFICIAL");
    SAYS(0, "accepted", LEAD "plan close old --reason done");
    SAYS(0, "is so already", LEAD "plan close old --reason done");
    SAYS(1, "the plan is closed", LEAD "action add old/1 --title 'Train' --lead police");
    SAYS(0, "accepted", LEAD "plan reopen old --reason 'not done'");
    rig_close(r);
}

/* A board with a plan of all agencies and an action of it. */
static struct rig *
open_plan(void)
{
    struct rig *r = open_board();

    SAYS(0, "accepted", ADD_PLAN "--members all");
    SAYS(0, "accepted",
         LEAD "action add da-2016/1.1 --title 'Train workers' --lead police --due 2016-12-31 "
              "--outcome 'children are heard' --theme neglect --contributor housing");
    return r;
}

TEST(maat_action_is_added_with_all_that_an_action_has)
{
    struct rig *r = open_plan();

    SAYS(2, "is no action: PLAN/REF", LEAD "action add da-2016 --title x");
    SAYS(2, "--ref: as printed it belongs to the id 1-a",
         LEAD "action add da-2016/1.a --ref '1(a)' --title x");
    SAYS(2, "--except: is not of the form AGENCY=REASON",
         LEAD "action add da-2016/2 --title x --lead all --except police");
    SAYS(2, "--recommended: a:1 is no recommendation of this action",
         LEAD "action add da-2016/2 --title x --recommended a:1=words");
    SAYS(2, "--target: there is no measure", LEAD "action add da-2016/2 --title x --target 5");
    SAYS(2, "--response: is not of the form",
         LEAD "action add da-2016/2 --title x --recommendation a:1 --response a:1=maybe");
    SAYS(1, "not-found: leads: there is no agency polise",
         LEAD "action add da-2016/2 --title x --lead polise");
    SAYS(1, "not-found: id", LEAD "action add none/2 --title x");
    SAYS(1, "personal-data: title", LEAD "action add da-2016/2 --title 'call 07700 900123'");
    rig_write(r, "text", "First.\r\n\r\nSecond.\r\n");
    rig_write(r, "reason", "prison only\n");
    SAYS(0,
         "{\"id\":\"da-2016/1-a\",\"ref\":\"1(a)\",\"title\":\"Book places\","
         "\"text\":\"First.\\n\\nSecond.\",\"recommendations\":[{\"source\":\"scr-o\","
         "\"number\":\"3\",\"printed\":\"Child O, 3\",\"text\":\"Train all\","
         "\"response\":\"partly\",\"why\":\"no money\"}],\"outcome\":\"all are trained\","
         "\"themes\":[\"neglect\",\"training\"],\"leads\":\"all\","
         "\"except\":[{\"agency\":\"police\",\"reason\":\"prison only\"}],"
         "\"due\":\"2016-12-31\",\"due_printed\":\"end of 2016\","
         "\"measure\":{\"counted\":\"places\",\"how\":\"filled\",\"unit\":\"count\","
         "\"comparator\":\">\",\"target\":2000},"
         "\"cells\":[{\"heading\":\"Cost\",\"text\":\"none\"}],\"seen\":0,\"epoch\":0}",
         "echo all are trained | " LEAD
         "action add da-2016/1-a --ref '1(a)' --title 'Book places' --text @text --outcome - "
         "--theme neglect --theme training --lead all --except police=@reason --due 2016-12-31 "
         "--due-printed 'end of 2016' --measure places --how filled --comparator '>' --target 2000 "
         "--recommendation 'scr-o:3:Child O, 3' --recommended 'scr-o:3=Train all' "
         "--response 'scr-o:3=partly:no money' --cell Cost=none --dry-run");
    SAYS(0, "da-2016/3: accepted as entry",
         LEAD "action add da-2016/3 --title 'Everyone' --lead all --except housing='has no staff'");
    SAYS(1, "stale", LEAD "action add da-2016/3 --title 'Everyone' --lead all");
    rig_close(r);
}

TEST(maat_action_is_amended_and_keeps_what_is_not_said)
{
    struct rig *r = open_plan();

    SAYS(0,
         "{\"id\":\"da-2016/1.1\",\"ref\":\"1.1\",\"title\":\"Train all\","
         "\"outcome\":\"children are heard\",\"themes\":[\"neglect\"],\"leads\":[\"police\"],"
         "\"contributors\":[\"housing\"],\"due\":\"2016-12-31\",\"seen\"",
         LEAD "action amend da-2016/1.1 --title 'Train all' --dry-run");
    SAYS(0,
         "\"title\":\"Train workers\",\"leads\":[],\"measure\":{\"counted\":\"places\","
         "\"unit\":\"percent\",\"comparator\":\">=\"},\"reason\":\"so\"",
         LEAD
         "action amend da-2016/1.1 --no-due --no-outcome --no-theme --no-contributor --no-lead "
         "--measure places --unit percent --reason so --dry-run");
    SAYS(1, "missing-field: reason: say why the due date moves",
         LEAD "action amend da-2016/1.1 --no-due");
    SAYS(0, "is so already", LEAD "action amend da-2016/1.1 --due 2016-12-31 --reason x");
    SAYS(0, "accepted", LEAD "action amend da-2016/1.1 --due 2017-03-31 --reason 'as agreed'");
    SAYS(1, "da-2016/9: there is none such", LEAD "action amend da-2016/9 --title x");
    SAYS(1, "there is none such", OPERATOR "action amend da-2016/1.1 --title x");
    SAYS(2, "did you mean action amend?", LEAD "action amned da-2016/1.1");
    rig_close(r);
}

/* The journal's newest number, as whoami says it. */
static int
newest_entry(struct rig *r)
{
    CHECK_INT(0, rig_run(r, LEAD "whoami --json"));
    const char *at = strstr(r->output, "\"number\":");
    CHECK(at != NULL);
    return atoi(at + strlen("\"number\":"));
}

TEST(maat_shows_who_is_late_what_another_changed)
{
    struct rig *r = open_plan();
    int seen = newest_entry(r);

    SAYS(0, "", "maat key new chair.zpl --client board/chair --broker board/lead.zpl");
    SAYS(0, "accepted", OPERATOR "client enrol board/chair --role lead --key chair.zpl");
    SAYS(0, "accepted", LEAD "client confirm board/chair");
    SAYS(0, "accepted",
         "maat -c chair.zpl action amend da-2016/1.1 --due 2017-03-31 --no-theme --reason moved");
    SAYS(1,
         "by board/chair, changed it (action):\n"
         "  themes           was  [\"neglect\"]\n"
         "                   is   null\n"
         "  due              was  \"2016-12-31\"\n"
         "                   is   \"2017-03-31\"\n",
         LEAD "action amend da-2016/1.1 --title 'Train all' --seen %d", seen);
    CHECK(strstr(r->output, "refused (entry"));
    CHECK(strstr(r->output, "(without --seen) applies it to what is there now"));
    SAYS(1, "{\"field\":\"due\",\"was\":\"2016-12-31\",\"is\":\"2017-03-31\"}\n",
         LEAD "action amend da-2016/1.1 --title 'Train all' --seen %d --json", seen);
    SAYS(0, "accepted", LEAD "action amend da-2016/1.1 --title 'Train all'");
    SAYS(0,
         "\"title\":\"Train all\",\"outcome\":\"children are heard\",\"leads\":[\"police\"],"
         "\"contributors\":[\"housing\"],\"due\":\"2017-03-31\"",
         LEAD "action amend da-2016/1.1 --due-printed x --dry-run");
    rig_close(r);
}

/* Killed as it is about to make something durable, or to send, for the n-th time: the
   same command again does it, and once. Anything twice would be an entry more,
   accepted or not. Ends with the run that came to its own end. */
static void
kill_at_each(struct rig *r, const char *call, int at_least)
{
    int entries = newest_entry(r);
    bool killed = true;

    for (int n = 1; killed; n++) {
        char add[200];
        snprintf(add, sizeof add, LEAD "action add da-2016/%s-%d --title 'Killed' --lead police",
                 call, n);
        killed = rig_run(r,
                         "ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=%s "
                         "-e inject=%s:signal=KILL:when=%d %s",
                         call, call, n, add)
                 == 128 + SIGKILL;
        CHECK(killed || n > at_least);
        if (!strstr(r->output, "accepted"))
            SAYS(0, "accepted", "%s", add);
        CHECK_INT(++entries, newest_entry(r));
    }
}

TEST(maat_killed_and_run_again_does_it_once)
{
    struct rig *r = open_plan();

    if (!machine_may_trace(r)) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_TRACE);
    }
    kill_at_each(r, "fdatasync", 4);
    kill_at_each(r, "sendto", 4);
    rig_close(r);
}

TEST(maat_tells_a_machine_in_trouble_from_a_broker_that_is_away)
{
    struct rig *r = open_plan();

    SAYS(4, "/dev/null", "XDG_STATE_HOME=/dev/null " LEAD "plan amend da-2016 --title x");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    SAYS(3, "can't be reached", LEAD "plan amend da-2016 --title x --timeout 1");
    rig_close(r);
}
