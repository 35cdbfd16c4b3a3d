/* maat's commands that keep the registry and the plans, on the real broker. */
#include "tests/rig.h"
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
