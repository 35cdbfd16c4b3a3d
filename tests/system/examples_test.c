/* Every command of every program: its help, and the example in it, which is run as it
   stands there against a board that makes it true. */
#include "tests/raw.h"
#include "tests/t.h"
#include "tests/typed.h"

enum { EXAMPLE = 600 };

#define OPERATOR "board/operator.zpl"
#define LEAD "board/lead.zpl"
#define AS(key) "MAAT_CONFIG=" key " "
#define MAKE_KEY(file, client) "maat key new " file " --client " client " --broker board.zpl && "
#define CLAIM(action)                                                                            \
    AS("police.zpl")                                                                             \
    "maat update " action " --status claimed-complete --evidence Rota --evidence-kind training " \
    "--evidence-held 'Training office'"

/* In an order in which they come true, one after the other. */
struct step {
    const char *command;
    const char *as;     /* whose key */
    const char *before; /* what must be so first; NULL: nothing more */
    const char *says;   /* and what it must say */
};

static const struct step first_day[] = {
    {"maat agency add", OPERATOR, "cp board/lead.zpl board.zpl", "police: accepted"},
    {"maat agency list", OPERATOR, NULL, "Police"},
    {"maat agency amend", OPERATOR,
     AS(OPERATOR) "maat agency add probation --name P --sector probation && " AS(
         OPERATOR) "maat agency add probation-crc --name P --sector probation",
     "probation-crc: accepted"},
    {"maat key new", OPERATOR, NULL, ""},
    {"maat key show", OPERATOR, NULL, ""},
    {"maat client enrol", OPERATOR,
     "printf 'key = \"police.zpl\"\\noutbox = \"o\"\\n' > a.zpl && maat-agent request --config "
     "a.zpl > "
     "police.txt",
     "police/crm: accepted"},
    {"maat client amend", OPERATOR, NULL, "police/crm: accepted"},
    {"maat client confirm", LEAD,
     MAKE_KEY("chair.zpl", "board/chair")
         AS(OPERATOR) "maat client enrol board/chair --role lead --key chair.zpl",
     "board/chair: accepted"},
    {"maat client list", LEAD, NULL, "Case system, second host"},
    {"maat whoami", "police.zpl", NULL, "police/crm (agency)"},
    {"maat plan import", LEAD,
     "printf 'Ref,Action,Lead,Date\\n1.1,Train,Police,March 2017\\n' > da-2016.csv", "2017-03-31"},
    {"maat plan add", LEAD, NULL, "da-2016: accepted"},
    {"maat plan amend", LEAD, NULL, "da-2016: accepted"},
    {"maat plan list", LEAD, NULL, "Domestic abuse action plan"},
    {"maat plan show", LEAD, NULL, "Domestic abuse action plan"},
    {"maat plan member add", LEAD,
     AS(OPERATOR) "maat agency add housing --name H --sector housing && " AS(
         LEAD) "maat plan amend da-2016 --members police --reason 'only they'",
     "da-2016: accepted"},
    {"maat plan member remove", LEAD, NULL, "da-2016: accepted"},
    {"maat action add", LEAD, NULL, "da-2016/1.1: accepted"},
    {"maat action amend", LEAD, NULL, "da-2016/1.1: accepted"},
    {"maat update", "police.zpl", NULL, "da-2016/1.1: accepted"},
    {"maat send", "police.zpl", NULL, "1 accepted"},
    {"maat decide", LEAD,
     AS(LEAD) "maat action add da-2016/1.2 --title T --lead police && " CLAIM(
         "da-2016/1.1") " && " CLAIM("da-2016/1.2"),
     "da-2016/1.2 assure: accepted"},
    {"maat sent", LEAD, NULL, ""},
    {"maat plan close", LEAD, NULL, "da-2016: accepted"},
    {"maat plan reopen", LEAD, NULL, "da-2016: accepted"},
    {"maat board confirm-clock", OPERATOR, NULL, "confirm-clock: accepted"},
    {"maat board line", OPERATOR, NULL, "maat1:board:tcp://board.example.org:5570:"},
};

static const struct step later_day[] = {
    {"maat show", LEAD, NULL, "assured"},
    {"maat status", LEAD,
     AS(LEAD) "maat action add da-2016/1.3 --title Late --lead police --due 2016-05-31",
     "da-2016/1.3  red"},
    {"maat counts", LEAD, NULL, "2016-07-13  3        1"},
    {"maat board forget-head", LEAD, NULL, "forgotten: "},
};

static const struct step with_keys[] = {
    {"maat key renew", OPERATOR, NULL, "police-2017.zpl is valid beside police.zpl"},
    {"maat client renew", OPERATOR, MAKE_KEY("police-2.zpl", "police/crm") "true",
     "police/crm: accepted"},
    {"maat client revoke", OPERATOR, NULL, "police/crm: accepted"},
};

/* Those that the tests below run each by itself. */
static const char *const alone[] = {
    "maat log",           "maat board open",     "maat board accept-gap", "maat-agent run",
    "maat watch",         "maat-agent status",   "maat-agent retry",      "maat-agent refused",
    "maat-broker init",   "maat-broker run",     "maat-broker verify",    "maat-broker lead",
    "maat-broker backup", "maat-broker restore", "maat-broker drill",     "maat-agent forget-head",
    "maat-broker status", "maat-agent explain",  "maat-broker explain",   "maat-broker doctor",
    "maat-agent doctor",  "maat-agent template", "maat-agent init",       "maat-agent request",
    "maat-agent accept",  "maat-agent rotate",   "maat-agent waiting",    "maat-broker operator",
};

/* --- what help says ------------------------------------------------------------------- */

/* The example of a command, without its end of line. */
static const char *
example_of(struct rig *r, const char *command)
{
    static char example[EXAMPLE];

    CHECK_INT(0, rig_run(r, "%s --help", command));
    const char *at = strstr(r->output, "\nexample:\n  ");
    if (!at)
        FAIL_WITH("%s has no example", command);
    at += strlen("\nexample:\n  ");
    (void)snprintf(example, sizeof example, "%.*s", (int)strcspn(at, "\n"), at);
    if (!strstr(example, command))
        FAIL_WITH("the example of %s is of another: %s", command, example);
    return example;
}

/* On a terminal, where it is answered yes. */
static const char asks[] = "maat client enrol";

static void
run_steps(struct rig *r, const struct step *steps, size_t count)
{
    for (const struct step *s = steps; s < steps + count; s++) {
        const char *example = example_of(r, s->command);
        if (s->before)
            typed(r, 0, "", s->before);
        int rc = strcmp(s->command, asks) == 0
                     ? rig_run(r, "export MAAT_CONFIG=%s; echo yes | script -qec '%s' /dev/null",
                               s->as, example)
                     : rig_run(r, "export MAAT_CONFIG=%s; %s", s->as, example);
        if (rc != 0 || !strstr(r->output, s->says))
            FAIL_WITH("%s\n    exited with %d, want 0 and \"%s\":\n%s", example, rc, s->says,
                      r->output);
    }
}

#define RUN_STEPS(r, steps) run_steps(r, steps, sizeof(steps) / sizeof *(steps))

/* A command's example with one word of it in place of another, which stands for a
   place that only a real host has. */
static const char *
example_at(struct rig *r, const char *command, const char *there, const char *here)
{
    static char placed[EXAMPLE];
    const char *example = example_of(r, command);
    const char *at = strstr(example, there);

    if (!at)
        FAIL_WITH("%s: has no %s", example, there);
    (void)snprintf(placed, sizeof placed, "%.*s%s%s", (int)(at - example), example, here,
                   at + strlen(there));
    return placed;
}

static struct rig_program *
start(struct rig *r, const char *as, const char *example)
{
    char line[EXAMPLE + RIG_PATH];

    (void)snprintf(line, sizeof line, "export MAAT_CONFIG=%s; exec %s", as, example);
    return rig_start(r, (const char *const[]){"sh", "-c", line, NULL});
}

/* --- maat ----------------------------------------------------------------------------- */

static void
begin_later_day(struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_stop_clock(r, "2016-07-13");
    rig_start_broker(r, NULL);
    typed(r, 0, "accepted", AS(OPERATOR) "maat board confirm-clock 2016-07-13");
}

TEST(examples_of_maat_are_true)
{
    struct rig *r = rig_open();

    rig_stop_clock(r, "2016-04-20");
    rig_init_board(r);
    rig_start_broker(r, NULL);
    RUN_STEPS(r, first_day);
    begin_later_day(r);
    RUN_STEPS(r, later_day);
    RUN_STEPS(r, with_keys);

    struct rig_program *log = start(r, LEAD, example_of(r, "maat log"));
    CHECK(strstr(rig_line(r, log), "da-2016"));
    rig_signal(log, SIGTERM);
    CHECK_INT(-SIGTERM, rig_wait(log));
    struct rig_program *watch = start(r, LEAD, example_of(r, "maat watch"));
    CHECK(strstr(rig_line(r, watch), "plan da-2016: "));
    rig_signal(watch, SIGTERM);
    CHECK_INT(0, rig_wait(watch));
    rig_close(r);
}

/* Sixteen are there, and four are lost, of the outbox that the example names. */
TEST(examples_of_maat_board_are_true)
{
    static const uint8_t outbox[OUTBOX_SIZE] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                                0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    struct rig *r = typed_board();
    struct raw *c = raw_open(r, "police.zpl", 'a');

    memcpy(c->outbox, outbox, sizeof outbox);
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    for (int n = 1; n <= 16; n++)
        raw_submit(c, n,
                   "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': "
                   "%d}",
                   n);
    CHECK_STR("ACK 1-16", raw_hear_all(c));
    CHECK_INT(0, rig_run(r, AS(OPERATOR) "%s", example_of(r, "maat board accept-gap")));
    CHECK(strstr(r->output, "police/crm: accepted"));
    raw_close(&c);
    /* true only after a restore */
    CHECK_INT(1, rig_run(r, AS(OPERATOR) "%s", example_of(r, "maat board open")));
    CHECK(strstr(r->output, "intake is open"));
    typed_end(r);
}

/* --- maat-agent --------------------------------------------------------------------------- */

#define AGENT_FILE "/etc/maat/maat-agent.zpl"

TEST(examples_of_an_agent_that_comes_to_its_board_are_true)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    typed(r, 0, "", "maat board line -c board/operator.zpl > reply.txt");
    CHECK_INT(0, rig_run(r, "%s --folder .", example_of(r, "maat-agent init")));
    CHECK(strstr(r->output, "maat1:request:police/crm:"));
    CHECK_INT(0, rig_run(r, "%s --config maat-agent.zpl", example_of(r, "maat-agent request")));
    CHECK(strstr(r->output, "maat1:request:police/crm:"));
    CHECK_INT(0, rig_run(r, "echo yes | script -qec '%s --config maat-agent.zpl' /dev/null",
                         example_of(r, "maat-agent accept")));
    CHECK(strstr(r->output, "knows its board now"));
    CHECK_INT(0, rig_run(r, "grep board.example.org agency.zpl"));
    rig_close(r);
}

/* Fifteen that are taken, and three of an action that is not there. */
static void
write_lines(struct rig *r)
{
    char lines[4000];
    size_t len = 0;

    for (int n = 1; n <= 18; n++)
        len += (size_t)snprintf(lines + len, sizeof lines - len,
                                "{\"kind\": \"progress\", \"action\": \"da-2016/%s\", \"on\": "
                                "\"2016-04-01\", \"percent\": %d}\n",
                                n > 15 ? "9.9" : "1.1", n);
    rig_write(r, "lines", lines);
}

TEST(examples_of_maat_agent_are_true)
{
    static const char *const asked[] = {"maat-agent status", "maat-agent retry",
                                        "maat-agent refused"};
    static const char *const said[] = {"\"refused\":3", "2 queued again", ""};
    struct rig *r = typed_board();

    rig_write(r, "maat-agent.zpl",
              "key = \"police.zpl\"\noutbox = \"outbox\"\nsocket = \"agent.sock\"\n");
    struct rig_program *agent =
        start(r, OPERATOR, example_at(r, "maat-agent run", AGENT_FILE, "maat-agent.zpl"));
    rig_until(r, "test -S agent.sock");
    write_lines(r);
    (void)rig_run(r, "maat send lines --wait --agent agent.sock");
    rig_until(r, "maat-agent status --json --config maat-agent.zpl | grep '\"refused\":3'");
    for (int i = 0; i < 3; i++) {
        const char *example = example_of(r, asked[i]);
        int rc = rig_run(r, "%s --config maat-agent.zpl", example);
        if (rc != 0 || !strstr(r->output, said[i]))
            FAIL_WITH("%s\n    exited with %d: %s", example, rc, r->output);
    }
    typed(r, 0, "well", example_at(r, "maat-agent doctor", AGENT_FILE, "maat-agent.zpl"));
    CHECK_INT(0, rig_run(r, "%s --config maat-agent.zpl && grep -q da-2016/1.1 parts.csv",
                         example_of(r, "maat-agent template")));
    (void)rig_run(r, "%s", example_at(r, "maat-agent waiting", AGENT_FILE, "maat-agent.zpl"));
    CHECK(strstr(r->output, " not sent, "));
    /* true only after a restore */
    CHECK_INT(1, rig_run(r, "%s --config maat-agent.zpl", example_of(r, "maat-agent forget-head")));
    CHECK(strstr(r->output, "nothing was forgotten"));
    typed(r, 0, "link-stopped (error)", example_of(r, "maat-agent explain"));
    CHECK_INT(0, rig_run(r, "%s --config maat-agent.zpl", example_of(r, "maat-agent rotate")));
    CHECK(strstr(r->output, "police/crm has a new key now"));
    rig_signal(agent, SIGTERM);
    CHECK_INT(0, rig_wait(agent));
    typed_end(r);
}

/* --- maat-broker -------------------------------------------------------------------------- */

#define BOARD_FOLDER "/var/lib/maat"

TEST(examples_of_maat_broker_are_true)
{
    struct rig *r = rig_open();
    char run[EXAMPLE];

    typed(r, 0, "", example_at(r, "maat-broker init", BOARD_FOLDER, "board"));
    (void)snprintf(run, sizeof run, "%s", example_at(r, "maat-broker run", BOARD_FOLDER, "board"));
    char *port = strstr(run, "*:5570");
    CHECK(port != NULL);
    memmove(port + 3, port + 6, strlen(port + 6) + 1);
    port[2] = '*'; /* one that is free */
    r->broker = start(r, OPERATOR, run);
    CHECK(strstr(rig_line(r, r->broker), "tcp://"));
    typed(r, 0, "well", example_at(r, "maat-broker status", BOARD_FOLDER, "board"));
    typed(r, 0, "well", example_at(r, "maat-broker doctor", BOARD_FOLDER, "board"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    typed(r, 0, "equals refold", example_at(r, "maat-broker verify", BOARD_FOLDER, "board"));
    typed(r, 0, "", example_at(r, "maat-broker lead", BOARD_FOLDER, "board"));
    typed(r, 0, "", example_at(r, "maat-broker operator", BOARD_FOLDER, "board"));
    CHECK(rig_exists(r, "new-lead.zpl"));
    typed(r, 0, "write-failed (error)", example_of(r, "maat-broker explain"));
    rig_close(r);
}

/* The folders of a host are the test's own. */
static void
run_here(struct rig *r, const char *command, const char *says)
{
    int rc = rig_run(r, "echo '%s' | sed 's#/var/lib/maat#board#; s#/var/backups/#./#' | sh",
                     example_of(r, command));

    if (rc != 0 || !strstr(r->output, says))
        FAIL_WITH("%s\n    exited with %d: %s", command, rc, r->output);
}

TEST(examples_of_backups_are_true)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    run_here(r, "maat-broker backup", "holds the entries 1 to 4");
    run_here(r, "maat-broker drill", "can be restored");
    CHECK_INT(0, rig_run(r, "rm -r board"));
    run_here(r, "maat-broker restore", "board is restored");
    rig_close(r);
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool
names(const struct step *steps, size_t count, const char *command)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(steps[i].command, command) == 0)
            return true;
    return false;
}

#define NAMES(steps, command) names(steps, sizeof(steps) / sizeof *(steps), command)

static bool
is_tried(const char *command)
{
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (strcmp(alone[i], command) == 0)
            return true;
    return NAMES(first_day, command) || NAMES(later_day, command) || NAMES(with_keys, command);
}

/* "  maat plan member add PLAN AGENCY ..." without what it takes. */
static void
take_command(const char *line, char command[EXAMPLE])
{
    size_t len = 0;

    while (line[len] && line[len] != '\n') {
        size_t word = len + (line[len] == ' ');
        if (word && !(line[word] >= 'a' && line[word] <= 'z'))
            break;
        len = word + strcspn(line + word, " \n");
    }
    (void)snprintf(command, EXAMPLE, "%.*s", (int)len, line);
}

static void
try_command(struct rig *r, const char *command)
{
    if (!is_tried(command))
        FAIL_WITH("the example of %s is tried nowhere", command);
    CHECK(*example_of(r, command));
    CHECK_INT(2, rig_run(r, "%s --no-such-option", command));
    CHECK(strstr(r->output, "--no-such-option: is no option"));
}

TEST(examples_are_tried_of_every_command)
{
    static const char *const programs[] = {"maat", "maat-agent", "maat-broker"};
    static char help[RIG_OUTPUT];
    struct rig *r = rig_open();
    int commands = 0;

    for (int i = 0; i < 3; i++) {
        char command[EXAMPLE], begins[40];
        int len = snprintf(begins, sizeof begins, "\n  %s ", programs[i]);
        CHECK_INT(0, rig_run(r, "%s --help", programs[i]));
        memcpy(help, r->output, RIG_OUTPUT);
        for (const char *at = help; (at = strstr(at, begins)); at += len, commands++) {
            take_command(at + 3, command);
            try_command(r, command);
        }
        CHECK_INT(0, rig_run(r, "%s --version", programs[i]));
        CHECK(strncmp(r->output, programs[i], strlen(programs[i])) == 0);
        CHECK_INT(2, rig_run(r, "%s", programs[i]));
        CHECK_INT(2, rig_run(r, "%s --no-such-option", programs[i]));
        CHECK_INT(2, rig_run(r, "%s nonsense", programs[i]));
    }
    CHECK(commands > 30);
    rig_close(r);
}
