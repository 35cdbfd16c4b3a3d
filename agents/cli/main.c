/* maat: what board leads, operators and agencies type. */
#include <signal.h>

#include "agents/cli/action.h"
#include "agents/cli/agency.h"
#include "agents/cli/board.h"
#include "agents/cli/board_line.h"
#include "agents/cli/client.h"
#include "agents/cli/config.h"
#include "agents/cli/counts.h"
#include "agents/cli/decide.h"
#include "agents/cli/import/import.h"
#include "agents/cli/key.h"
#include "agents/cli/log.h"
#include "agents/cli/plan.h"
#include "agents/cli/plan_member.h"
#include "agents/cli/plans.h"
#include "agents/cli/send.h"
#include "agents/cli/sent_list.h"
#include "agents/cli/show.h"
#include "agents/cli/status.h"
#include "agents/cli/update.h"
#include "agents/cli/watch/watch.h"
#include "agents/cli/whoami.h"
#include "schema/wire/program.h"
#include "version.h"

static const struct command commands[] = {
    {"whoami", "", 0, 0, NULL, whoami, "says whose key this is, and which board answers",
     "maat whoami"},
    {"key new", "FILE", 1, 1, &key_new_option_record, key_new,
     "makes a key in a new file, mode 0600, and prints its public half",
     "maat key new police.zpl --client police/crm --broker board.zpl"},
    {"key renew", "NEWFILE", 1, 1, NULL, key_renew,
     "makes your own next key in a new file; yours is valid until the new one is used",
     "maat key renew police-2017.zpl -c police.zpl"},
    {"key show", "FILE", 1, 1, NULL, key_show, "prints the public half of a key file",
     "maat key show police.zpl"},
    {"agency add", "ID --name NAME --sector SECTOR", 1, 1, &agency_add_option_record, agency_add,
     "adds an agency to the board (operators)",
     "maat agency add police --name \"Police\" --sector police"},
    {"agency amend", "AGENCY ...", 1, 1, &agency_amend_option_record, agency_amend,
     "renames an agency, closes it, or names its successor (operators)",
     "maat agency amend probation-crc --succeeded-by probation --reason \"merged\""},
    {"agency list", "", 0, 0, NULL, agency_list, "lists the board's agencies", "maat agency list"},
    {"client enrol", "AGENCY/NAME --request LINE | --key FILE", 1, 1, &client_enrol_option_record,
     client_enrol, "lets a key in (operators); a lead's waits until another lead confirms it",
     "maat client enrol police/crm --request @police.txt --name \"Case system\""},
    {"client amend", "AGENCY/NAME ...", 1, 1, &client_amend_option_record, client_amend,
     "changes what a client may do, or what it is called (operators)",
     "maat client amend police/crm --name \"Case system, second host\""},
    {"client renew", "AGENCY/NAME --request LINE | --key FILE --reason WHY", 1, 1,
     &client_renew_option_record, client_renew,
     "gives a client that lost its key, or was shut out, another (operators); the old one ends",
     "maat client renew police/crm --key police-2.zpl --reason \"moved to another host\""},
    {"client confirm", "AGENCY/NAME", 1, 1, NULL, client_confirm,
     "confirms a lead's or an observer's new key or role (another lead)",
     "maat client confirm board/chair"},
    {"client revoke", "AGENCY/NAME --reason WHY", 1, 1, &client_revoke_option_record, client_revoke,
     "shuts a key out at once (operators)",
     "maat client revoke police/crm --reason \"laptop lost\""},
    {"client list", "", 0, 0, NULL, client_list,
     "lists who may speak with the broker (operators, leads)", "maat client list"},
    {"plan add", "ID --title TITLE --type TYPE --marking MARKING --members all|AGENCY ...", 1, 1,
     &plan_add_option_record, plan_add, "adds a plan (leads)",
     "maat plan add da-2016 --title \"Domestic abuse action plan\" --type action-plan "
     "--marking OFFICIAL --members all --published 2016-03-01"},
    {"plan amend", "PLAN ...", 1, 1, &plan_amend_option_record, plan_amend,
     "changes what is said of a plan (leads)", "maat plan amend da-2016 --review-days 60"},
    {"plan close", "PLAN --reason WHY", 1, 1, &plan_reason_option_record, plan_close,
     "files a plan of which nothing is open or embedding (leads)",
     "maat plan close da-2016 --reason \"all of it assured\""},
    {"plan reopen", "PLAN --reason WHY", 1, 1, &plan_reason_option_record, plan_reopen,
     "takes a closed plan out of the file again (leads)",
     "maat plan reopen da-2016 --reason \"one action was overlooked\""},
    {"plan member add", "PLAN AGENCY ...", 2, OPTION_WORDS, NULL, plan_member_add,
     "lets agencies see and carry out a plan (leads)", "maat plan member add da-2016 housing"},
    {"plan member remove", "PLAN AGENCY ... --reason WHY", 2, OPTION_WORDS,
     &plan_reason_option_record, plan_member_remove, "takes agencies off a plan (leads)",
     "maat plan member remove da-2016 housing --reason \"it has no part in it\""},
    {"action add", "PLAN/REF --title TITLE ...", 1, 1, &action_add_option_record, action_add,
     "adds an action to a plan (leads)",
     "maat action add da-2016/1.1 --title \"Train every front line worker\" --lead police "
     "--due 2016-12-31"},
    {"action amend", "PLAN/REF ...", 1, 1, &action_amend_option_record, action_amend,
     "changes an action; what is not said stays (leads)",
     "maat action amend da-2016/1.1 --due 2017-03-31 --reason \"agreed with the board\""},
    {"update", "PLAN/REF ...", 1, 1, &update_option_record, update,
     "says how your agency's part of an action stands",
     "maat update da-2016/1.1 --status in-progress --note \"Second course held\""},
    {"plan list", "", 0, 0, &plan_read_option_record, plan_list,
     "lists the plans that you may see, and how many actions of each colour they have",
     "maat plan list"},
    {"plan show", "PLAN", 1, 1, &plan_read_option_record, plan_show, "says what a plan is",
     "maat plan show da-2016"},
    {"plan import", "FILE.csv --plan PLAN [--yes]", 1, 1, &plan_import_option_record, plan_import,
     "reads the CSV of a published plan and shows how; with --yes adds its actions (leads)",
     "maat plan import da-2016.csv --plan da-2016 --title \"Domestic abuse action plan\" "
     "--type action-plan --marking OFFICIAL --members all"},
    {"status", "[PLAN]", 0, 1, &status_option_record, status,
     "lists actions: how each is rated, and why", "maat status da-2016 --rag red"},
    {"counts", "PLAN", 1, 1, &counts_option_record, counts,
     "counts a plan's actions by rating, as they were at the ends of days",
     "maat counts da-2016 --since 2016-01-01 --every 30"},
    {"show", "PLAN/REF", 1, 1, &show_option_record, show_action,
     "shows an action whole: rating with reasons, parts, history",
     "maat show da-2016/1.1 --as-at 2016-06-30"},
    {"log", "[PLAN | PLAN/REF]", 0, 1, &log_option_record, log_entries,
     "prints what happened, newest first, or as it happens", "maat log da-2016 -f"},
    {"watch", "[PLAN ... | PLAN/REF ...]", 0, OPTION_WORDS, &watch_option_record, watch,
     "shows how everything stands, and each change as it comes, until interrupted", watch_help},
    {"decide", "WHAT PLAN/REF ...", 2, OPTION_WORDS, &decide_option_record, decide,
     "decides of actions: accept, assure, embed, return, close, reopen, note ... (leads)",
     "maat decide assure da-2016/1.1 da-2016/1.2 --body \"Scrutiny Group\" --met 2016-04-20"},
    {"send", "FILE", 1, 1, &send_option_record, send_file,
     "sends any submissions, a line of JSON each (- is standard input); one that says neither "
     "`seen` nor `epoch` means the newest view",
     "echo '{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 40}' | maat send -"},
    {"sent", "", 0, 0, &sent_option_record, sent_list,
     "prints what you have sent in the last 30 days and the board has accepted, as `maat send` "
     "takes "
     "it: after a restore, to look through, and to send again what is missing",
     "maat sent --after 118 > again.jsonl"},
    {"board confirm-clock", "DAY", 1, 1, &board_act_option_record, board_confirm_clock,
     "confirms today's day, where the broker stopped because its clock had jumped (operators)",
     "maat board confirm-clock 2016-04-20 --reason \"the host was off for a fortnight\""},
    {"board open", "", 0, 0, &board_act_option_record, board_open_intake,
     "opens the board again after a restore (operators)",
     "maat board open --reason \"the leads have sent again what was lost\""},
    {"board forget-head", "", 0, 0, NULL, board_forget_head,
     "once the operator has confirmed a restore: forgets the tree head that was seen last, so that "
     "the next command takes the board's journal as it is now",
     "maat board forget-head"},
    {"board line", "", 0, 0, &board_line_option_record, board_line,
     "prints the line by which an agency's agent accepts the board, and its words; needs no "
     "connection",
     "maat board line --address tcp://board.example.org:5570"},
    {"board accept-gap", "CLIENT --outbox HEX --from N --to N", 1, 1, &board_gap_option_record,
     board_accept_gap, "lets an outbox go on past submissions that are lost (operators)",
     "maat board accept-gap police/crm --outbox 0123456789abcdef0123456789abcdef --from 17 --to "
     "20"},
};

static const struct program maat = {
    .name = "maat",
    .version = VERSION,
    .about = "follows and moves the action plans of a safeguarding board",
    .common = &common_option_record,
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int
main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_DFL); /* whoever starts it may have it ignored */
    return program_main(&maat, argc, argv);
}
