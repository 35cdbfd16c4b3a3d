/* maat-broker as its operator meets it: commands, settings, files, addresses. */
#include <sys/stat.h>

#include "broker/options.h"
#include "schema/options.h"
#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

/* The command ends with the code, and says this. */
static void
says(struct rig *r, int code, const char *command, const char *text)
{
    int got = rig_run(r, "%s", command);

    if (got != code || !strstr(r->output, text))
        FAIL_WITH("%s: %d, %s", command, got, r->output);
}

static int
mode_of(struct rig *r, const char *name)
{
    struct stat st;

    CHECK_INT(0, stat(rig_path(r, name), &st));
    return (int)(st.st_mode & 0777);
}

/* --- init ------------------------------------------------------------------------------ */

TEST(programs_init_makes_a_board_once_and_touches_nothing_else)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    CHECK(strstr(r->output, "maat-broker run board"));
    CHECK_INT(0600, mode_of(r, "board/board.zpl"));
    CHECK_INT(0600, mode_of(r, "board/operator.zpl"));
    CHECK_INT(0600, mode_of(r, "board/lead.zpl"));
    CHECK_INT(0, rig_run(r, "cp -r board before"));
    says(r, 1, "maat-broker init board --board Other", "board is not empty");
    CHECK_INT(0, rig_run(r, "diff -r board before"));

    says(r, 0, "mkdir papers && touch papers/minutes && echo made", "made");
    says(r, 1, "maat-broker init papers --board Other", "papers is not empty");
    CHECK_INT(0, rig_run(r, "test \"$(ls papers)\" = minutes"));

    says(r, 2, "maat-broker init new", "--board: is missing");
    says(r, 2, "maat-broker init new --board '!!'", "--board: no id follows from that name");
    CHECK(!rig_exists(r, "new"));
    says(r, 0, "mkdir new && maat-broker init new --board 'Our Board'", "\"Our Board\"");
    rig_close(r);
}

TEST(programs_unknown_words_get_the_nearest_known_one)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    says(r, 2, "maat-broker verfy board", "did you mean verify?");
    says(r, 2, "maat-broker run board --windw 3", "--windw: is no option: did you mean window?");
    says(r, 2, "maat key show none --timeout long", "--timeout: must be an integer");
    says(r, 2, "maat-agent explain --at 'A B'", "--at: must be an id");
    says(r, 2, "maat-agent retry --socket none", "or say --all");
    says(r, 2, "maat-agent refused --seen --socket none", "or say --all");
    says(r, 2, "maat-agent run --config none.zpl",
         "none.zpl is not there: maat-agent init --agency ID --config none.zpl makes it");
    says(r, 2, "maat-broker run board --window 0", "--window: must be 1 to 65535");
    says(r, 2, "maat-broker run", "usage");
    says(r, 1, "maat-broker run nowhere", "maat-broker init");
    says(r, 0, "maat-broker --version", "maat-broker ");
    rig_close(r);
}

/* --- what was there before they began ---------------------------------------------------- */

TEST(programs_say_by_their_exit_that_nothing_could_be_printed)
{
    struct rig *r = rig_open();

    says(r, 4, "maat --version >/dev/full", "");
    says(r, 4, "maat-agent --help >/dev/full", "");
    says(r, 4, "maat-broker init board --board Ours >/dev/full", "");
    rig_close(r);
}

/* Who read it has gone; that is no reason to stop. */
TEST(programs_broker_goes_on_when_nobody_reads_its_log)
{
    static const char *const starter[] = {
        "/bin/sh", "-c", "mkfifo log && { : <log & exec \"$@\" 2>log; }", "sh", NULL};
    struct rig *r = rig_open();

    rig_init_board(r);
    r->starter = starter;
    rig_start_broker(r, NULL);
    says(r, 0, "maat -c board/lead.zpl whoami", "board/lead");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}

/* --- settings ----------------------------------------------------------------------------- */

TEST(programs_a_wrong_line_of_the_settings_is_named)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_write(r, "board/broker.zpl", "listen = \"tcp://127.0.0.1:*\"\n# more\nwindw = 3\n");
    says(r, 2, "maat-broker run board", "board/broker.zpl: line 3: windw");
    CHECK(strstr(r->output, "did you mean window?"));
    rig_write(r, "board/broker.zpl", "listen = \"tcp://127.0.0.1:*\"\n  = 3\n");
    says(r, 2, "maat-broker run board", "board/broker.zpl: line 2");
    rig_write(r, "board/broker.zpl", "window = 70000\n");
    says(r, 2, "maat-broker run board", "board/broker.zpl: line 1: window: must be 1 to 65535");
    rig_write(r, "board/broker.zpl", "reserve-mib = 5\nmetrics-open = 1\n");
    says(r, 2, "maat-broker run board", "line 2: metrics-open: must be true or false");
    rig_write(r, "agent.zpl", "taken-days = many\n");
    says(r, 2, "maat-agent run --config agent.zpl",
         "agent.zpl: line 1: taken-days: must be an integer");
    rig_write(r, "agent.zpl", "boards\n    north\n        key = \"\"\n");
    says(r, 2, "maat-agent run --config agent.zpl",
         "agent.zpl: line 3: boards/north/key: must be ");
    rig_close(r);
}

/* The examples of the pages, a file each: man5 -> PAGE-1.zpl, PAGE-2.zpl ... */
#define PAGE_EXAMPLES                                                                              \
    "for page in $BIN/installed/usr/share/man/man5/*.5; do awk -v page=\"$(basename $page "        \
    ".zpl.5)\" "                                                                                   \
    "'/^.Bd/ { n++; on = 1; next } /^.Ed/ { on = 0 } on { print >page \"-\" n \".zpl\" }' $page; " \
    "done"

TEST(programs_take_the_settings_that_their_pages_show)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    CHECK_INT(0, rig_run(r, PAGE_EXAMPLES));
    CHECK_INT(0, rig_run(r, "cp broker-1.zpl board/broker.zpl"));
    says(r, 1, "maat-broker doctor board", "ok   settings    board/broker.zpl");
    says(r, 1, "maat-agent doctor --config maat-agent-1.zpl", "ok   settings    maat-agent-1.zpl");
    says(r, 1, "maat-agent doctor --config maat-agent-2.zpl --at south",
         "ok   settings    maat-agent-2.zpl");
    says(r, 2, "maat -c maat-1.zpl whoami", "riverside-lead.zpl: can't be opened");
    says(r, 2, "maat -c maat-1.zpl --board northshire whoami", "/etc/maat/northshire.zpl");
    rig_close(r);
}

/* A value that the field of an option takes. */
static const char *
some_value(const struct field *f)
{
    if (strcmp(f->name, "listen") == 0 || strcmp(f->name, "announce") == 0)
        return "tcp://127.0.0.1:*";
    if (strcmp(f->name, "mailboxes") == 0)
        return "board.office@lscb.example";
    if (strcmp(f->name, "metrics") == 0)
        return "tcp://127.0.0.1:*";
    return "300";
}

/* Whatever may be set is in the help, and is taken as a line and as a flag. */
TEST(programs_every_setting_of_the_broker_is_a_flag_and_a_line)
{
    struct rig *r = rig_open();
    char name[64], lines[2000] = "", flags[2000] = "";
    size_t line_len = 0, flag_len = 0;

    rig_init_board(r);
    CHECK_INT(0, rig_run(r, "maat-broker run --help"));
    for (unsigned i = 0; i < run_option_record.count; i++) {
        const struct field *f = &run_option_record.fields[i];
        if (f->type == TYPE_FLAG)
            continue;
        option_name(f->name, name);
        if (!strstr(r->output, name))
            FAIL_WITH("%s is not in the help", name);
        line_len += (size_t)snprintf(lines + line_len, sizeof lines - line_len, "%s = \"%s\"\n",
                                     name, some_value(f));
        flag_len += (size_t)snprintf(flags + flag_len, sizeof flags - flag_len, " --%s '%s'", name,
                                     some_value(f));
    }
    rig_write(r, "board/broker.zpl", lines);
    const char *const run[] = {"maat-broker", "run", "board", NULL};
    r->broker = rig_start(r, run);
    CHECK(strstr(rig_line(r, r->broker), "tcp://127.0.0.1:"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "rm board/broker.zpl"));

    char command[2100];
    (void)snprintf(command, sizeof command, "exec maat-broker run board%s", flags);
    const char *const shell[] = {"/bin/sh", "-c", command, NULL};
    r->broker = rig_start(r, shell);
    CHECK(strstr(rig_line(r, r->broker), "tcp://127.0.0.1:"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}

TEST(programs_settings_in_the_file_are_obeyed_and_flags_win)
{
    static const char *const more[] = {"--window", "7", NULL};
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_write(r, "board/broker.zpl", "window = 9\nping-ms = 1234\n");
    rig_start_broker(r, more);
    struct raw *c = raw_open(r, "board/lead.zpl", 'a');
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    CHECK_INT(7, c->message.welcome.window);
    CHECK_INT(1234, c->message.welcome.ping_ms);
    raw_close(&c);
    rig_close(r);
}

/* What a service manager keeps of the keys goes before what lies in the directory. */
TEST(programs_the_boards_keys_may_be_in_the_service_managers_keeping)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    says(r, 0, "mkdir kept none && cp board/board.zpl kept && echo copied", "copied");
    says(r, 0, "CREDENTIALS_DIRECTORY=$PWD/none maat-broker verify board", "4 accepted");
    says(r, 0,
         "mv board/board.zpl away.zpl && CREDENTIALS_DIRECTORY=$PWD/kept maat-broker verify board",
         "4 accepted");
    says(r, 1, "maat-broker run board", "board/board.zpl can't be read");
    says(r, 0, "cp away.zpl board/board.zpl && sed -i s/riverside/other/ kept/board.zpl && echo",
         "");
    says(r, 1, "CREDENTIALS_DIRECTORY=$PWD/kept maat-broker verify board",
         "not of other-safeguarding-board");
    rig_close(r);
}

/* Whoever may not is not told to make anew, or to move away, what is there and well. Root
   may all but without these two. */
#define AS_OTHER \
    "$(test $(id -u) != 0 || echo setpriv --bounding-set=-dac_override,-dac_read_search) "

TEST(programs_tell_who_may_not_from_what_is_not_there)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    CHECK_INT(0, rig_run(r, "mkdir outbox && chmod 0 outbox board/board.zpl board/lead.zpl"));
    says(r, 1, AS_OTHER "maat-broker verify board",
         "board/board.zpl can't be read: Permission denied: do it as the broker's user, or as "
         "root\n");
    says(r, 2, AS_OTHER "maat -c board/lead.zpl whoami", "Permission denied");
    says(r, 2, AS_OTHER "maat key show board/lead.zpl",
         "Permission denied: do it as the user whose it is, or as root\n");
    says(r, 4, AS_OTHER "maat-agent waiting --config /dev/null --key none --outbox outbox",
         "Permission denied: do it as the agent's user, or as root\n");
    CHECK_INT(0, rig_run(r, "chmod 700 outbox"));
    rig_close(r);
}

/* --- addresses ---------------------------------------------------------------------------- */

TEST(programs_an_address_that_cannot_be_listened_on_is_named)
{
    struct rig *r = rig_open();
    char command[400];

    rig_init_board(r);
    CHECK_INT(0, rig_run(r, "cp -r board other"));
    rig_start_broker(r, NULL);
    (void)snprintf(command, sizeof command, "maat-broker run other --listen %.200s", r->address);
    says(r, 4, command, r->address);
    CHECK(strstr(r->output, "can't be listened on: another program listens there"));
    says(r, 1, "maat-broker run other --listen here", "here can't be listened on: write tcp://");
    says(r, 1, "maat-broker run other --listen udp://127.0.0.1:1", "write tcp://");
    says(r, 4, "maat-broker run other --listen tcp://192.0.2.1:5570", "has no such address");
    rig_close(r);
}

/* On a port of the system's choice: the printed address, and the two files. */
TEST(programs_the_first_clients_find_the_broker)
{
    static const char *const more[] = {"--announce", "tcp://board.example:5570", NULL};
    struct rig *r = rig_open();
    struct identity id;
    struct fault fault;

    rig_init_board(r);
    rig_start_broker(r, NULL);
    CHECK(identity_load(&id, rig_path(r, "board/operator.zpl"), HAS_ALL, &fault));
    CHECK_STR(r->address, id.address[0]);
    CHECK(identity_load(&id, rig_path(r, "board/lead.zpl"), HAS_ALL, &fault));
    CHECK_STR(r->address, id.address[0]);
    CHECK_STR("board/lead", id.client);
    CHECK_INT(0600, mode_of(r, "board/lead.zpl"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_start_broker(r, more);
    CHECK(identity_load(&id, rig_path(r, "board/lead.zpl"), HAS_ALL, &fault));
    CHECK_INT(1, id.address_count);
    CHECK_STR("tcp://board.example:5570", id.address[0]);
    rig_close(r);
}

/* --- keys made on the host ------------------------------------------------------------------- */

#define WHY " --reason 'laptop stolen'"

TEST(programs_lead_mends_the_loss_of_the_only_lead)
{
    struct rig *r = rig_open();
    struct identity id;
    struct fault fault;

    rig_init_board(r);
    rig_start_broker(r, NULL);
    says(r, 4, "maat-broker lead board new-lead.zpl" WHY, "stop it first");
    CHECK(!rig_exists(r, "new-lead.zpl"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    says(r, 1, "maat-broker lead board board/lead.zpl" WHY, "board/lead.zpl");
    says(r, 0, "maat-broker verify board", "entries     4: ");
    CHECK_INT(0, rig_run(r, "mv board/lead.zpl lost.zpl"));
    says(r, 0, "maat-broker lead board new-lead.zpl" WHY, "holds the new key of board/lead");
    CHECK(identity_load(&id, rig_path(r, "new-lead.zpl"), HAS_ALL, &fault));
    CHECK_STR(r->address, id.address[0]); /* where the broker was last */
    CHECK_INT(0600, mode_of(r, "new-lead.zpl"));

    rig_start_broker(r, NULL);
    struct caller *lead = caller_open(r, "new-lead.zpl");
    caller_must(lead, "{'kind': 'plan', 'id': 'da-2016', 'title': 'A plan', 'type': "
                      "'strategy', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, "
                      "'epoch': 0}");
    CHECK_INT(PEER_REFUSED, raw_knock(r, "lost.zpl"));
    CHECK(strstr(caller_ask(lead, "{'id': 1, 'what': 'log'}"), "board/lead"));
    caller_close(&lead);
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    says(r, 0, "maat-broker verify board", "equals refold");
    rig_close(r);
}

/* It acts, the lost one does not, and the leads are shown what was done, and why. */
TEST(programs_operator_mends_the_loss_of_the_only_operator)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    says(r, 4, "maat-broker operator board new.zpl" WHY, "stop it first");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "mv board/operator.zpl lost.zpl"));
    says(r, 0, "maat-broker operator board new.zpl" WHY, "holds the new key of board/operator");
    CHECK_INT(0600, mode_of(r, "new.zpl"));
    rig_start_broker(r, NULL);
    says(r, 0, "maat -c new.zpl agency add police --name Police --sector police", "accepted");
    CHECK_INT(PEER_REFUSED, raw_knock(r, "lost.zpl"));
    says(r, 0, "maat -c board/lead.zpl log", "made on the broker's host: laptop stolen");
    CHECK(strstr(r->output, "broker") && strstr(r->output, "board/operator"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));

    /* A second one, beside the first; and one that was revoked comes back. */
    says(r, 0, "maat-broker operator board second.zpl --id board/second" WHY, "board/second");
    rig_start_broker(r, NULL);
    says(r, 0, "maat -c new.zpl whoami", "board/operator (operator)");
    says(r, 0, "maat -c second.zpl client revoke board/operator --reason left", "accepted");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    says(r, 0, "maat-broker operator board third.zpl" WHY, "board/operator");
    rig_start_broker(r, NULL);
    says(r, 0, "maat -c third.zpl whoami", "board/operator (operator)");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    says(r, 0, "maat-broker verify board", "equals refold");
    rig_close(r);
}

/* What is wrong leaves neither a file nor an entry. */
TEST(programs_operator_refuses_what_would_be_wrong)
{
    static const struct {
        int exit_code;
        const char *command, *said;
    } rows[] = {
        {2, "maat-broker operator board new.zpl", "--reason"},
        {2, "maat-broker operator board new.zpl --reason ''", "reason"},
        {2, "maat-broker operator board new.zpl --id Board" WHY, "--id"},
        {2, "maat-broker operator board" WHY, "FILE"},
        {1, "maat-broker operator board new.zpl --reason 'ring 07700 900123'", "--reason: "},
        {1, "maat-broker operator board new.zpl --id board/lead" WHY, "with the role lead"},
        {1, "maat-broker lead board new.zpl --id board/operator" WHY, "with the role operator"},
        {1, "maat-broker operator board new.zpl --id nobody/here" WHY, "id its first part"},
        {1, "maat-broker operator board board/operator.zpl" WHY, "is there already"},
        {4, "maat-broker operator board none/new.zpl" WHY, "none/new.zpl"},
        {1, "maat-broker operator none new.zpl" WHY, "maat-broker init"},
    };
    struct rig *r = rig_open();

    rig_init_board(r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        says(r, rows[i].exit_code, rows[i].command, rows[i].said);
        CHECK(!rig_exists(r, "new.zpl"));
    }
    says(r, 0, "maat-broker verify board", "entries     4: ");
    rig_close(r);
}

/* The first clients' files are off the host, as they should be. */
TEST(programs_operator_says_where_the_broker_is_by_its_settings)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    CHECK_INT(0, rig_run(r, "rm board/lead.zpl board/operator.zpl"));
    says(r, 0, "maat-broker operator board new.zpl" WHY, "It does not say where the broker is");
    rig_write(r, "board/broker.zpl", "announce = \"tcp://board.example.org:5570\"\n");
    says(r, 0, "maat-broker operator board newer.zpl" WHY,
         "every lead and operator is shown that.");
    CHECK(!strstr(r->output, "does not say"));
    CHECK_INT(0, rig_run(r, "grep -q tcp://board.example.org:5570 newer.zpl"));
    rig_close(r);
}
