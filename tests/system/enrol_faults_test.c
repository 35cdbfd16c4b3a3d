/* What goes wrong where an agent comes to its board: typed wrong, put in between, set up
   wrong; each is said so that a person can act on it, and nothing is done. */
#include <stdio.h>
#include <string.h>

#include "tests/t.h"
#include "tests/typed.h"

#define OPERATOR " -c board/operator.zpl"
#define ENROL "maat client enrol police/new" OPERATOR

/* police/new asks: its request is in asked.txt, its words in words.txt. */
static struct rig *
open_asked(void)
{
    struct rig *r = typed_board();

    typed(r, 0, "",
          "maat-agent init --agency police --client police/new --folder new --json > asked");
    typed(r, 0, "", "jq -r .request asked > asked.txt && jq -r .phrase asked > words.txt");
    return r;
}

static void
is_not_enrolled(struct rig *r)
{
    typed(r, 1, "", "maat client list" OPERATOR " | grep police/new");
}

TEST(enrol_request_mistyped_by_a_character_is_said_so)
{
    struct rig *r = open_asked();

    typed(r, 2, "--request: was mistyped",
          "sed 's/:\\(.\\)\\(...-\\)/:\\2\\1/' asked.txt | " ENROL " --request - --yes");
    typed(r, 2, "--request: was mistyped: ",
          "tr 0123456789 1234567890 < asked.txt | sed 's/maat2/maat1/' | " ENROL
          " --request - --yes");
    typed(r, 2, "was mistyped or cut off: its",
          "cut -c-70 asked.txt | sed 's/$/:h7k2-m0xz/' | " ENROL " --request - --yes");
    typed(r, 2, "is of another version",
          "sed s/maat1/maat2/ asked.txt | " ENROL " --request - --yes");
    typed(r, 2, "must begin with maat1:request:", ENROL " --request hello --yes");
    is_not_enrolled(r);
    typed(r, 0, "police/new: accepted",
          "tr a-z A-Z < asked.txt | fold -w 30 | sed 's/^/> /' | " ENROL " --request - --yes");
    typed_end(r);
}

TEST(enrol_request_for_another_client_is_refused)
{
    struct rig *r = open_asked();

    typed(r, 2, "--request: is of police/new, not of police/crm",
          "maat client enrol police/crm --request @asked.txt --yes" OPERATOR);
    typed(r, 2, "--request: is of police/new, not of police/crm",
          "maat client renew police/crm --request @asked.txt --yes --reason lost" OPERATOR);
    typed(r, 2, "say either --request LINE or --key FILE", ENROL);
    typed(r, 2, "say either --request LINE or --key FILE",
          ENROL " --request @asked.txt --key police.zpl");
    typed(r, 2, "--client: must begin with the agency's id: health/NAME",
          "maat-agent init --agency health --client police/new --folder other");
    is_not_enrolled(r);
    typed_end(r);
}

TEST(enrol_with_other_words_does_nothing)
{
    struct rig *r = open_asked();

    typed(r, 1, "--phrase: word 8 is not that of the key of police/new",
          ENROL " --request @asked.txt --phrase \"$(sed 's/[^ ]*$/aardvark/' words.txt)\"");
    typed(r, 1, "nothing was done",
          ENROL " --request @asked.txt --phrase \"$(cut -d' ' -f1-7 words.txt)\"");
    typed(r, 2, "there is no terminal to ask", ENROL " --request @asked.txt < /dev/null");
    is_not_enrolled(r);

    typed(r, 0, "", "maat board line --json" OPERATOR " > board.json 2> note");
    typed(r, 0, "", "jq -r .line board.json > board.txt && jq -r .phrase board.json > spoken.txt");
    typed(r, 0, "this host's alone. For agencies elsewhere say --address", "cat note");
    typed(r, 1, "--phrase: word 1 is not that of this board",
          "maat-agent accept @board.txt --config new/maat-agent.zpl --phrase \"$(cat words.txt)\"");
    typed(r, 2, "was mistyped",
          "sed s/-/-0/ board.txt | maat-agent accept - --yes --config "
          "new/maat-agent.zpl");
    typed(r, 2, "is too long for a letter",
          "head -c 70000 /dev/zero | maat-agent accept - --yes --config new/maat-agent.zpl");
    typed(r, 2, "is an agency's request",
          "maat-agent accept @asked.txt --yes --config "
          "new/maat-agent.zpl");
    typed(r, 1, "", "grep server-key new/agency.zpl");
    typed(r, 0, "",
          "maat-agent accept @board.txt --config new/maat-agent.zpl --phrase \"$(cat "
          "spoken.txt)\"");
    typed(r, 0, "", "grep server-key new/agency.zpl");
    typed_end(r);
}

TEST(enrol_board_line_tells_the_address_that_agencies_reach)
{
    struct rig *r = open_asked();

    typed(r, 0, "",
          "maat board line --address tcp://board.example.org:5570" OPERATOR " 2>&1 > line");
    typed(r, 0, "maat1:board:tcp://board.example.org:5570:", "cat line");
    typed(r, 2, "--address: ", "maat board line --address board.example.org" OPERATOR);
    typed(r, 0, "maat1:board:tcp://board.example.org:5570,tcp://10.0.0.1:5570:",
          ENROL " --request @asked.txt --yes --address tcp://board.example.org:5570 --address "
                "tcp://10.0.0.1:5570");
    typed_end(r);
}

/* A lead's key waits for another lead, who has the same words to compare. */
TEST(enrol_lead_is_confirmed_by_the_same_words)
{
    struct rig *r = open_asked();

    typed(r, 0, "accepted", ENROL " --role lead --request @asked.txt --yes > said 2>&1; cat said");
    typed(r, 0, "accepted",
          "maat client confirm police/new -c board/lead.zpl > confirmed; cat confirmed");
    typed(r, 0, "", "grep -F \"$(cat words.txt)\" said && grep -F \"$(cat words.txt)\" confirmed");
    typed(r, 1, "police/new: is enrolled already. Another key is given to it by maat client renew",
          ENROL " --request @asked.txt --yes");
    typed_end(r);
}

/* --- set up wrong ------------------------------------------------------------------- */

TEST(enrol_key_that_others_may_read_is_refused)
{
    struct rig *r = open_asked();

    typed(r, 0, "", "chmod 644 new/agency.zpl");
    typed(r, 1,
          "agency.zpl: curve/secret-key others may read this secret (mode 0644): chmod 600 it",
          "maat-agent run --config new/maat-agent.zpl");
    typed(r, 2,
          "agency.zpl: curve/secret-key: others may read this secret (mode 0644): chmod 600 it",
          "maat-agent request --config new/maat-agent.zpl");
    typed(r, 0, "", "chmod 600 new/agency.zpl");
    typed(r, 0, "maat1:request:", "maat-agent request --config new/maat-agent.zpl");
    typed_end(r);
}

TEST(enrol_configuration_and_key_file_are_read_strictly)
{
    struct rig *r = open_asked();

    typed(r, 0, "", "sed 's/^spool/spol/' new/maat-agent.zpl > wrong.zpl");
    typed(r, 2, "wrong.zpl: line 15: spol", "maat-agent run --config wrong.zpl");
    typed(r, 2, "did you mean", "maat-agent run --config wrong.zpl");
    typed(r, 0, "", "sed -i '/public-key/s/.\"$/\"/' new/agency.zpl");
    typed(r, 1, "not the 40 characters of a key", "maat-agent run --config new/maat-agent.zpl");
    typed(r, 1, "is not in the file. maat-agent init makes it",
          "echo '#' > new/empty.zpl && maat-agent run --config new/maat-agent.zpl --key "
          "new/empty.zpl");
    typed(r, 0, "", "rm new/agency.zpl");
    typed(r, 1, "maat-agent init makes it", "maat-agent run --config new/maat-agent.zpl");
    typed_end(r);
}

/* --- on the wire ---------------------------------------------------------------------- */

static struct rig_program *
start(struct rig *r, const char *config)
{
    return rig_start(r, (const char *const[]){"maat-agent", "run", "--config", config, NULL});
}

static void
stop(struct rig_program *agent)
{
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
}

static void
until_logged(struct rig *r, const struct rig_program *agent, const char *what)
{
    char command[RIG_PATH + 200];

    (void)snprintf(command, sizeof command, "grep '%s' %s", what, agent->log);
    rig_until(r, command);
}

TEST(enrol_broker_with_another_key_is_refused_and_told_of)
{
    struct rig *r = open_asked();

    typed(r, 0, "accepted", ENROL " --request @asked.txt --yes > board.txt 2>&1; cat board.txt");
    typed(r, 0, "", "maat-agent accept @board.txt --yes --config new/maat-agent.zpl 2>&1");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    typed(r, 0, "", "mv board first && maat-broker init board --board 'Another Board'");
    rig_start_broker(r, NULL); /* at the same address */
    struct rig_program *agent = start(r, "new/maat-agent.zpl");
    until_logged(r, agent, "event=wrong-broker client=police/new reason=.*not the broker");
    typed(r, 0, "\"connection\":\"tcp://127.0.0.1:",
          "maat-agent status --json --config new/maat-agent.zpl");
    typed(r, 0, "not the broker of this server key",
          "maat-agent status --json --config new/maat-agent.zpl");
    stop(agent);
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    typed(r, 0, "", "rm -r board && mv first board");
    rig_start_broker(r, NULL);
    typed_end(r);
}

TEST(enrol_address_that_does_not_resolve_is_told_of)
{
    struct rig *r = open_asked();

    typed(r, 0, "", "maat board line --address tcp://no-such-host.invalid:5570" OPERATOR " > line");
    typed(r, 0, "knows its board now",
          "maat-agent accept @line --yes --config new/maat-agent.zpl 2>&1");
    CHECK(strstr(r->output, "warning: no-such-host.invalid: "));
    struct rig_program *agent = start(r, "new/maat-agent.zpl");
    until_logged(r, agent,
                 "event=broker-not-reached client=police/new "
                 "reason=\"tcp://no-such-host.invalid:5570: ");
    stop(agent);
    typed_end(r);
}

/* Somebody copied all of it to another host, and both run. */
TEST(enrol_second_agent_with_the_same_key_and_outbox_is_told_and_nothing_is_lost_or_twice)
{
    struct rig *r = open_asked();
    static const char *const percents[] = {"10", "20", "30"};
    char command[300];

    typed(r, 0, "accepted", ENROL " --request @asked.txt --yes > board.txt 2>&1; cat board.txt");
    typed(r, 0, "", "maat-agent accept @board.txt --yes --config new/maat-agent.zpl 2>&1");
    struct rig_program *first = start(r, "new/maat-agent.zpl");
    until_logged(r, first, "event=connected");
    typed(r, 0, "accepted", "maat --agent new/socket --wait update da-2016/1.1 --percent 10");
    typed(r, 4, "one outbox, one agent", "maat-agent run --config new/maat-agent.zpl");
    typed(r, 0, "",
          "cp -a new copy && rm copy/socket && sed -i s,/new/,/copy/, copy/maat-agent.zpl");
    typed(r, 0, "accepted", "maat --agent new/socket --wait update da-2016/1.1 --percent 20");
    struct rig_program *second = start(r, "copy/maat-agent.zpl");
    rig_until(r, "test -S copy/socket");
    typed(r, 0, "accepted", "maat --agent copy/socket --wait update da-2016/1.1 --percent 30");
    until_logged(r, second, "event=outbox-forked");
    (void)snprintf(command, sizeof command, "grep forked %.200s", first->log);
    typed(r, 1, "", command);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(command, sizeof command,
                       "maat log da-2016/1.1 --json -c board/lead.zpl | grep -c '\"percent\":%s'",
                       percents[i]);
        typed(r, 0, "1\n", command);
    }
    stop(second);
    stop(first);
    typed_end(r);
}

/* A line of another board, by mistake: what waits in the outbox would go there. */
TEST(enrol_line_of_another_board_changes_nothing_unless_it_is_meant)
{
    struct rig *r = open_asked();

    typed(r, 0, "", ENROL " --request @asked.txt --yes --address tcp://127.0.0.1:1 > line.txt");
    typed(r, 0, "", "maat-agent accept @line.txt --yes --config new/maat-agent.zpl");
    typed(r, 0, "", "maat-agent accept @line.txt --yes --config new/maat-agent.zpl");
    typed(r, 0, "", "cp new/agency.zpl first.zpl && maat-broker init other --board Other");
    typed(r, 0, "",
          "printf '\\n    address = \"tcp://127.0.0.1:2\"\\n' >> other/operator.zpl && "
          "maat board line -c other/operator.zpl > other.txt 2> note");
    typed(r, 1, "police/new is of another board already",
          "maat-agent accept @other.txt --yes --config new/maat-agent.zpl");
    typed(r, 0, "", "cmp new/agency.zpl first.zpl");
    typed(r, 0, "knows its board now",
          "maat-agent accept @other.txt --yes --instead --config new/maat-agent.zpl");
    typed(r, 0, "tcp://127.0.0.1:2", "grep 'address =' new/agency.zpl");
    typed(r, 1, "", "grep 'tcp://127.0.0.1:1\"' new/agency.zpl");
    typed_end(r);
}
