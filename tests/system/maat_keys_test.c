/* A client's key after the first one: its own next key, a new one by an operator, and
   a lead's, which another lead confirms. */
#include "tests/t.h"
#include "tests/typed.h"

#define OPERATOR " -c board/operator.zpl"
#define LEAD " -c board/lead.zpl"

TEST(maat_key_renew_leaves_both_keys_valid_until_the_new_one_is_used)
{
    struct rig *r = typed_board();

    typed(r, 2, "police.zpl: is the key that you have", "maat key renew police.zpl -c police.zpl");
    typed(r, 2, "health.zpl: is there already, the key of health/crm",
          "maat key renew health.zpl -c police.zpl");
    typed(r, 0, "would be sent: client {\"id\":\"police/crm\",\"key\":",
          "maat key renew next.zpl -c police.zpl --dry-run");
    CHECK(!rig_exists(r, "next.zpl"));
    typed(r, 0, "next.zpl is valid beside police.zpl", "maat key renew next.zpl -c police.zpl");
    typed(r, 0, "has a next key", "maat client list" LEAD);
    typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
    typed(r, 0, "accepted", "maat update da-2016/1.1 --percent 10 -c police.zpl");
    typed(r, 0, "police/crm (agency)", "maat whoami -c next.zpl");
    typed(r, 3, "does not know this key", "maat whoami -c police.zpl");
    typed(r, 0, "accepted", "maat update da-2016/1.1 --percent 20 -c next.zpl");
    typed(r, 0, "600", "stat -c %a next.zpl");
    typed_end(r);
}

TEST(maat_key_is_printed_as_json)
{
    struct rig *r = typed_board();

    typed(r, 0, "{\"client\":\"police/new\",\"key\":\"",
          "maat key new new.zpl --client police/new --json | tee made");
    typed(r, 0, "", "maat key show new.zpl --json | cmp - made");
    typed(r, 0, "",
          "test \"$(maat key show new.zpl)\" = \"$(sed 's/.*\"key\":\"//; s/\"}$//' made)\"");
    typed(r, 0, "{\"key\":\"", "maat key new nobody.zpl --json");
    typed(r, 1, "none.zpl: ", "maat key show none.zpl --json");
    typed(r, 2, "--timeout: must be an integer", "maat key new other.zpl --timeout long");
    typed_end(r);
}

/* The file is made before anything is sent: a run that ended between finds it. */
TEST(maat_key_renew_goes_on_with_the_key_that_it_made)
{
    struct rig *r = typed_board();

    typed(r, 4, "state-home/maat",
          "mkdir -p state-home/maat/data.mdb && maat key renew next.zpl -c police.zpl");
    typed(r, 0, "", "rmdir state-home/maat/data.mdb");
    typed(r, 0, "", "maat key show next.zpl > made");
    typed(r, 0, "next.zpl is valid", "maat key renew next.zpl -c police.zpl");
    typed(r, 0, "", "maat key show next.zpl | cmp - made");
    typed(r, 0, "police/crm (agency)", "maat whoami -c next.zpl");
    typed_end(r);
}

TEST(maat_client_renew_ends_the_lost_key_at_once)
{
    struct rig *r = typed_board();

    typed(r, 0, "", "maat key new moved.zpl --client police/crm --broker board/lead.zpl");
    typed(r, 2, "--reason: ", "maat client renew police/crm --key moved.zpl" OPERATOR);
    typed(r, 1, "police/none: there is none such",
          "maat key show moved.zpl | maat client renew police/none --key - --reason lost" OPERATOR);
    typed(r, 1, "not-permitted", "maat client renew police/crm --key moved.zpl --reason lost" LEAD);
    typed(r, 1, "is in use",
          "maat key show health.zpl | maat client renew police/crm --key - --reason lost" OPERATOR);
    typed(r, 2, "is the key of health/crm",
          "maat client renew police/crm --key health.zpl --reason lost" OPERATOR);
    typed(r, 2, "is who you are: maat key renew",
          "maat client renew board/operator --key board/operator.zpl --reason lost" OPERATOR);
    typed(r, 0, "police/crm: accepted as entry",
          "maat client renew police/crm --key moved.zpl --reason 'another host'" OPERATOR);
    typed(r, 3, "does not know this key", "maat whoami -c police.zpl");
    typed(r, 0, "police/crm (agency)", "maat whoami -c moved.zpl");
    typed(r, 0, "is so already: nothing was sent",
          "maat client renew police/crm --key moved.zpl --reason 'another host'" OPERATOR);
    typed_end(r);
}

TEST(maat_client_renew_lets_a_client_back_in_that_was_shut_out)
{
    struct rig *r = typed_board();

    typed(r, 0, "accepted", "maat client revoke police/crm --reason lost" OPERATOR);
    typed(r, 0, "", "maat key new found.zpl --client police/crm --broker board/lead.zpl");
    typed(r, 0, "accepted", "maat client renew police/crm --key found.zpl --reason new" OPERATOR);
    typed(r, 0, "police/crm (agency)", "maat whoami -c found.zpl");
    typed(r, 3, "does not know this key", "maat whoami -c police.zpl");
    typed_end(r);
}

static void
make_chair(struct rig *r)
{
    typed(r, 0, "", "maat key new chair.zpl --client board/chair --broker board/lead.zpl");
    typed(r, 0, "accepted", "maat client enrol board/chair --role lead --key chair.zpl" OPERATOR);
    typed(r, 0, "accepted", "maat client confirm board/chair" LEAD);
    typed(r, 0, "board/chair (lead)", "maat whoami -c chair.zpl");
}

TEST(maat_client_renew_of_a_lead_waits_for_another_lead)
{
    struct rig *r = typed_board();

    make_chair(r);
    typed(r, 0, "", "maat key new chair-2.zpl --client board/chair --broker board/lead.zpl");
    typed(r, 0, "accepted",
          "maat client renew board/chair --key chair-2.zpl --reason lost" OPERATOR);
    typed(r, 0, "waits for a lead: the same with a new key, asked for by board/operator",
          "maat client list" LEAD);
    typed(r, 0, "board/chair (lead)", "maat whoami -c chair.zpl");
    typed(r, 3, "does not know this key", "maat whoami -c chair-2.zpl");
    typed(r, 1, "another lead must confirm it", "maat client confirm board/chair -c chair.zpl");
    typed(r, 0, "accepted", "maat client amend board/chair --name 'The chair'" OPERATOR);
    typed(r, 0, "board/chair has the key ", "maat client confirm board/chair" LEAD);
    typed(r, 0, "board/chair (lead)", "maat whoami -c chair-2.zpl");
    typed(r, 3, "does not know this key", "maat whoami -c chair.zpl");
    typed(r, 0, "The chair", "maat client list" LEAD);
    typed_end(r);
}

/* One that was never confirmed keeps the role that it was to have. */
TEST(maat_client_renew_of_one_that_waits_keeps_what_waits)
{
    struct rig *r = typed_board();

    typed(r, 0, "", "maat key new a.zpl --client board/chair --broker board/lead.zpl");
    typed(r, 0, "", "maat key new b.zpl --client board/chair --broker board/lead.zpl");
    typed(r, 0, "accepted", "maat client enrol board/chair --role lead --key a.zpl" OPERATOR);
    typed(r, 0, "accepted", "maat client renew board/chair --key b.zpl --reason lost" OPERATOR);
    typed(r, 0, "board/chair becomes lead", "maat client confirm board/chair" LEAD);
    typed(r, 0, "board/chair (lead)", "maat whoami -c b.zpl");
    typed_end(r);
}

TEST(maat_client_amend_changes_role_and_name)
{
    struct rig *r = typed_board();

    typed(r, 0, "is so already", "maat client amend police/crm --role agency" OPERATOR);
    typed(r, 2, "--role: ", "maat client amend police/crm --role agent" OPERATOR);
    typed(r, 1, "not-permitted", "maat client amend police/crm --name x" LEAD);
    typed(r, 0, "accepted", "maat client amend police/crm --name 'Case system'" OPERATOR);
    typed(r, 0, "\"police/crm\",\"agency\",\"\",\"Case system\"", "maat client list --csv" LEAD);
    typed(r, 0, "accepted", "maat client amend police/crm --role observer" OPERATOR);
    typed(r, 0, "waits for a lead: observer, asked for by board/operator", "maat client list" LEAD);
    typed(r, 0, "police/crm (agency)", "maat whoami -c police.zpl");
    typed(r, 0, "police/crm becomes observer", "maat client confirm police/crm" LEAD);
    typed(r, 0, "police/crm (observer)", "maat whoami -c police.zpl");
    typed(r, 0, "\"observer\",\"\",\"Case system\"", "maat client list --csv" LEAD);
    typed_end(r);
}
