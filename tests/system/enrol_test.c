/* An agent comes to its board: init, enrol, accept, as two people do it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scraped.h"
#include "tests/t.h"
#include "tests/typed.h"

#define CONFIG " --config new/maat-agent.zpl"
#define OPERATOR " -c board/operator.zpl"

/* Runs without a terminal, formatted. */
__attribute__((format(printf, 4, 5))) static void
say(struct rig *r, int exit_code, const char *said, const char *format, ...)
{
    char command[6000];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    CHECK(len > 0 && (size_t)len < sizeof command - 20);
    if (!strstr(command, "<") && !strstr(command, "|"))
        strcat(command, " </dev/null");
    typed(r, exit_code, said, command);
}

/* A field of what was printed as JSON, in a buffer that three more calls leave alone. */
static const char *
field_of(struct rig *r, const char *file, const char *field)
{
    static char values[4][3000];
    static int turn;

    turn = (turn + 1) % 4;
    CHECK_INT(0, rig_run(r, "jq -r 'select(.%s) .%s' %s", field, field, file));
    (void)snprintf(values[turn], sizeof values[turn], "%.*s", (int)strcspn(r->output, "\n"),
                   r->output);
    CHECK(values[turn][0] != '\0');
    return values[turn];
}

/* police/new asks to be let in: its request and words are in asked.json. */
static void
init(struct rig *r)
{
    say(r, 0, "",
        "maat-agent init --agency police --client police/new --board '%s' --folder new "
        "--json > asked.json",
        r->address);
}

/* And is let in: the board's line is in answer.json. */
static void
enrol(struct rig *r)
{
    say(r, 0, "",
        "maat client enrol police/new --request '%s' --phrase '%s' --json" OPERATOR
        " > answer.json",
        field_of(r, "asked.json", "request"), field_of(r, "asked.json", "phrase"));
}

static void
accept(struct rig *r)
{
    say(r, 0, "The agent connects by itself", "maat-agent accept %s --phrase '%s'" CONFIG,
        field_of(r, "answer.json", "line"), field_of(r, "answer.json", "phrase"));
}

static struct rig_program *
start(struct rig *r)
{
    return rig_start(
        r, (const char *const[]){"maat-agent", "run", "--config", "new/maat-agent.zpl", NULL});
}

static void
until_logged(struct rig *r, const struct rig_program *agent, const char *what)
{
    char command[RIG_PATH + 200];

    (void)snprintf(command, sizeof command, "grep '%s' %s", what, agent->log);
    rig_until(r, command);
}

static void
stop(struct rig_program *agent)
{
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
}

/* --- as it should go -------------------------------------------------------------- */

TEST(enrol_agent_waits_and_connects_by_itself)
{
    struct rig *r = typed_board();

    init(r);
    say(r, 0, "600 644 ", "stat -c %%a new/agency.zpl new/maat-agent.zpl | tr '\\n' ' '");
    struct rig_program *agent = start(r);
    until_logged(r, agent, "event=waits-for-board");
    say(r, 1, "!!   key         ", "maat-agent doctor" CONFIG);
    CHECK(strstr(r->output, "operator sends back by maat-agent accept"));
    say(r, 0, "its board is not known yet", "maat-agent status" CONFIG);
    say(r, 0, "\"queued\":1",
        "echo '{\"kind\":\"progress\",\"action\":\"da-2016/1.1\",\"percent\":10}' "
        "| socat - UNIX-CONNECT:new/socket");
    enrol(r);
    accept(r);
    until_logged(r, agent, "event=connected");
    rig_until(r, "maat-agent status --json" CONFIG " | grep '\"queued\":0'");
    say(r, 0, "1", "grep -c event=waits %s", agent->log);
    CHECK(typed_shows(r, "da-2016/1.1", "\"percent\":10"));
    stop(agent);
    typed_end(r);
}

/* The board's line may come before the board has let it in. */
TEST(enrol_agent_that_is_not_let_in_yet_waits_and_is_then)
{
    struct rig *r = typed_board();

    init(r);
    say(r, 0, "", "maat board line --json" OPERATOR " > answer.json");
    accept(r);
    struct rig_program *agent = start(r);
    until_logged(r, agent, "event=waits-for-enrolment .*the broker does not know this key");
    until_logged(r, r->broker, "event=key-unknown count=[0-9]* address=127.0.0.1");
    CHECK_INT(200, scraped_get(r, "board/status.sock", "/metrics"));
    CHECK(scraped_value(r->output, "maat_broker_unknown_keys_total") >= 1);
    enrol(r);
    until_logged(r, agent, "event=connected");
    say(r, 0, "1", "grep -c event=waits %s", agent->log);
    say(r, 0, "1", "grep -c event=key-unknown %s", r->broker->log);
    stop(agent);
    typed_end(r);
}

/* A key that was shut out is never valid again; with another the agent goes on by itself. */
TEST(enrol_agent_whose_key_was_revoked_goes_on_with_another)
{
    struct rig *r = typed_board();
    char command[RIG_PATH + 100];

    init(r);
    enrol(r);
    accept(r);
    struct rig_program *agent = start(r);
    until_logged(r, agent, "event=connected");
    say(r, 0, "", "maat client revoke police/new --reason stolen" OPERATOR);
    until_logged(r, agent, "event=link-stopped");
    say(r, 1, "is the one that was revoked",
        "maat client renew police/new --yes --reason mended --request '%s'" OPERATOR,
        field_of(r, "asked.json", "request"));
    say(r, 0, "", "mv new/agency.zpl lost.zpl");
    init(r);
    say(r, 0, "",
        "maat client renew police/new --yes --reason mended --json --request '%s'" OPERATOR
        " > answer.json",
        field_of(r, "asked.json", "request"));
    accept(r);
    (void)snprintf(command, sizeof command, "grep -c event=connected %s | grep 2", agent->log);
    rig_until(r, command);
    stop(agent);
    typed_end(r);
}

TEST(enrol_init_again_says_the_same_and_changes_nothing)
{
    struct rig *r = typed_board();

    init(r);
    say(r, 0, "", "cp -a new old && cp asked.json first.json");
    init(r);
    say(r, 0, "", "cmp asked.json first.json && diff -r new old");
    say(r, 0, "", "maat-agent request --json" CONFIG " | cmp - first.json");
    say(r, 0, "750 750",
        "stat -c %%a new new/spool | paste -sd ' '"); /* notes are handed in there */
    say(r, 0, "was there already",
        "maat-agent init --agency police --client police/new --folder new");
    say(r, 1, "is the key of police/new already, and is never overwritten",
        "maat-agent init --agency health --folder new");
    say(r, 0, "", "diff -r new old");
    typed_end(r);
}

/* As on a host of several agencies, whose folders the package makes. */
/* The network may not be there yet: it is said, and nothing else is held up by it. */
TEST(enrol_init_tells_of_a_slip_in_the_address_which_the_next_mends)
{
    static const char slip[] = "no-such-host.invalid: ";
    struct rig *r = typed_board();

    say(r, 0, slip,
        "maat-agent init --agency police --client police/new --folder new "
        "--board tcp://no-such-host.invalid:5570");
    CHECK(strstr(r->output, "maat1:request:") && strstr(r->output, "init with --board tcp://"));
    say(r, 0, "", "maat-agent request" CONFIG " --json > before.json");
    say(r, 0, "was there already",
        "maat-agent init --agency police --client police/new --folder new --board '%s' 2>&1",
        r->address);
    CHECK(!strstr(r->output, "warning"));
    say(r, 0, "", "maat-agent request" CONFIG " --json | cmp - before.json");
    say(r, 0, r->address, "cat new/agency.zpl");
    CHECK(!strstr(r->output, "invalid") && strstr(r->output, "secret-key"));
    say(r, 2, "--board: ",
        "maat-agent init --agency police --client police/new --folder new --board nonsense");
    say(r, 0, r->address, "cat new/agency.zpl");
    typed_end(r);
}

TEST(enrol_configurations_beside_each_other_have_their_own_places)
{
    struct rig *r = rig_open();

    say(r, 0, "maat1:request:health/agent:", "maat-agent init --agency health --config health.zpl");
    say(r, 0, "/health-key.zpl\"", "grep '^key = \"/' health.zpl");
    say(r, 0, "maat1:request:health/agent:",
        "d=$PWD && cd / && maat-agent request --config $d/health.zpl");
    say(r, 0, "outbox = \"/var/lib/maat-agents/health/outbox\"", "cat health.zpl");
    say(r, 0, "socket = \"/run/maat-agents/health/agent.sock\"", "cat health.zpl");
    say(r, 0, "is made",
        "mkdir agents keys && maat-agent init --agency police --config agents/police.zpl");
    say(r, 0, "/keys/police.zpl\"", "grep '^key = \"/' agents/police.zpl && ls keys/police.zpl");
    say(r, 0, "maat1:request:police/crm:",
        "maat-agent init --agency police --client police/crm --config maat-agent.zpl");
    say(r, 0, "outbox = \"/var/lib/maat-agent/outbox\"", "cat maat-agent.zpl");
    say(r, 0, "600 600 ", "stat -c %%a health-key.zpl agency.zpl | tr '\\n' ' '");
    rig_close(r);
}

TEST(enrol_at_one_of_several_boards_of_a_configuration)
{
    struct rig *r = typed_board();

    rig_write(r, "both.zpl",
              "socket = \"both.sock\"\nboards\n    here\n        key = \"here.zpl\"\n"
              "        outbox = \"here.outbox\"\n    there\n        key = \"there.zpl\"\n"
              "        outbox = \"there.outbox\"\n");
    say(r, 0, "maat-agent accept --config both.zpl --at there LINE",
        "maat-agent init --agency police --client police/new --config both.zpl --at there");
    CHECK(rig_exists(r, "there.zpl") && !rig_exists(r, "here.zpl"));
    say(r, 0, "", "maat-agent request --json --config both.zpl --at there > asked.json");
    enrol(r);
    say(r, 0, "knows its board now", "maat-agent accept %s --yes --config both.zpl --at there",
        field_of(r, "answer.json", "line"));
    say(r, 0, "has a new key now, in there.zpl", "maat-agent rotate --config both.zpl --at there");
    say(r, 0, "police/new (agency)", "maat whoami -c there.zpl");
    typed_end(r);
}

TEST(enrol_asks_on_the_terminal)
{
    struct rig *r = typed_board();

    init(r);
    say(r, 0, "", "printf 'maat client enrol police/new --request %s" OPERATOR "\\n' > enrol.sh",
        field_of(r, "asked.json", "request"));
    say(r, 0, "nothing was done", "echo no | script -qec 'sh enrol.sh' /dev/null; true");
    say(r, 0, "nothing was done", "echo yes but one | script -qec 'sh enrol.sh' /dev/null; true");
    say(r, 1, "", "maat client list" OPERATOR " | grep police/new");
    say(r, 0, field_of(r, "asked.json", "phrase"),
        "echo yes | script -qec 'sh enrol.sh' /dev/null");
    say(r, 0, "police/new", "maat client list" OPERATOR);
    typed_end(r);
}
