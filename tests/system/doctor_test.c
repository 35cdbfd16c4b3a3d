/* maat-broker doctor and maat-agent doctor on set-ups that are as they should be, and on
   broken ones: what is wrong is named, with what to do, and nothing else is. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/wire/listening.h"
#include "tests/desk.h"
#include "tests/t.h"

/* The lines of the last output that are not ok. */
static int
wrong_lines(const char *output)
{
    int count = 0;

    for (const char *at = output; (at = strstr(at, "!!   ")); at++)
        count++;
    return count;
}

/* So many lines are not ok, one of them with this text. */
static void
finds(struct rig *r, const char *doctor, int wrong, const char *text)
{
    int rc = rig_run(r, "%s", doctor);

    if (rc != (wrong ? 1 : 0) || wrong_lines(r->output) != wrong || !strstr(r->output, text))
        FAIL_WITH("%s: %d, not \"%s\": %s", doctor, rc, text, r->output);
}

/* --- the broker ---------------------------------------------------------------------------- */

#define OF_BOARD "maat-broker doctor board"

static void
open_settings(struct rig *r, const char *text)
{
    rig_write(r, "board/broker.zpl", text);
    CHECK_INT(0, chmod(rig_path(r, "board/broker.zpl"), 0600));
}

TEST(doctor_of_a_broker_that_is_well_says_so)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    open_settings(r, "listen = \"tcp://127.0.0.1:*\"\n");
    finds(r, OF_BOARD, 1, "!!   running     no: start it with `maat-broker run board`");
    CHECK(strstr(r->output, "ok   listen"));
    rig_start_broker(r, NULL);
    finds(r, OF_BOARD, 0, "all is well");
    CHECK(strstr(r->output, "ok   handshake"));
    CHECK(strstr(r->output, "ok   version"));
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}

TEST(doctor_of_a_broker_names_what_is_wrong_before_it_starts)
{
    struct rig *r = rig_open();
    char bound[LISTENING_BOUND], settings[300];
    struct why why;

    rig_init_board(r);
    finds(r, "maat-broker doctor nowhere", 1, "nowhere: No such file");
    CHECK_INT(0, rig_run(r, "mkdir -m 700 empty"));
    finds(r, "maat-broker doctor empty", 2, "maat-broker init");

    open_settings(r, "listen = \"tcp://127.0.0.1:*\"\nwindw = 3\n");
    finds(r, OF_BOARD, 1, "line 2: windw");
    open_settings(r, "listen = \"tcp://127.0.0.1:*\"\nannounce = \"tcp://board.invalid:5570\"\n");
    finds(r, OF_BOARD, 2, "!!   resolve     board.invalid");
    open_settings(r, "listen = \"tcp://127.0.0.1:*\"\nreserve-mib = 1000000\n");
    finds(r, OF_BOARD, 2, "make room, 1000000 needed");

    int taken = listening_tcp("tcp://127.0.0.1:*", false, bound, &why);
    CHECK(taken >= 0);
    (void)snprintf(settings, sizeof settings, "listen = \"%s\"\n", bound);
    open_settings(r, settings);
    finds(r, OF_BOARD, 2, "can't be listened on: Address already in use");
    (void)close(taken);
    finds(r, OF_BOARD, 1, "!!   running");

    CHECK_INT(0, rig_run(r, "chmod 644 board/board.zpl"));
    finds(r, OF_BOARD, 2, "chmod 600 it");
    CHECK_INT(0, rig_run(r, "chmod 600 board/board.zpl && chmod 755 board/journal"));
    finds(r, OF_BOARD, 2, "board/journal is open to others, mode 0755");
    CHECK_INT(0, rig_run(r, "chmod 700 board/journal && mv board/journal away"));
    finds(r, OF_BOARD, 2, "maat-broker restore");
    CHECK_INT(0, rig_run(r, "mv away board/journal && touch -d 'now + 1 day' "
                            "board/journal/data.mdb"));
    finds(r, OF_BOARD, 2, "seconds behind the journal's newest write");
    rig_close(r);
}

/* Only root can give a file away, and meets a folder of another user's without it. */
TEST(doctor_of_a_broker_finds_files_of_another_user)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    open_settings(r, "listen = \"tcp://127.0.0.1:*\"\n");
    if (geteuid() != 0) {
        rig_close(r);
        SKIP_WITH("only root may give a file away");
    }
    CHECK_INT(0, rig_run(r, "chown 1 board/journal"));
    finds(r, OF_BOARD, 2, "chown -R --reference=board board");
    rig_close(r);
}

TEST(doctor_of_a_broker_that_accepts_nothing_says_why)
{
    static const char *const more[] = {"--reserve-mib", "1000000", NULL};
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, more);
    rig_until(r, "maat-broker status board | grep 'health      there is no room'");
    CHECK_INT(1, rig_run(r, "maat-broker status board"));
    finds(r, OF_BOARD, 1, "!!   health      there is no room");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_close(r);
}

/* --- the agent ------------------------------------------------------------------------------- */

#define OF_AGENT "maat-agent doctor --config agent.zpl"

TEST(doctor_of_an_agent_that_is_well_says_so)
{
    struct desk *d = desk_open(NULL);

    rig_until(d->rig, OF_AGENT);
    finds(d->rig, OF_AGENT, 0, "all is well");
    CHECK(strstr(d->rig->output, "ok   handshake   police/crm, of "));
    CHECK(strstr(d->rig->output, "ok   clock"));
    CHECK_INT(0, desk_stop(d, SIGTERM));
    finds(d->rig, OF_AGENT, 1, "!!   running     no: start it with `maat-agent run`");
    rig_signal(d->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(d->rig->broker));
    finds(d->rig, OF_AGENT, 2, "!!   connect     ipc://");
    desk_close(&d);
}

/* The agent of desk_open, as another would be configured. */
static void
finds_with(struct desk *d, const char *settings, int wrong, const char *text)
{
    char whole[1000];

    (void)snprintf(whole, sizeof whole, "outbox = \"outbox\"\n%s", settings);
    rig_write(d->rig, "other.zpl", whole);
    finds(d->rig, "maat-agent doctor --config other.zpl", wrong, text);
}

TEST(doctor_of_an_agent_names_what_is_wrong)
{
    struct desk *d = desk_open(NULL);
    struct rig *r = d->rig;
    char settings[RIG_PATH + 200];

    rig_until(r, OF_AGENT);
    finds(r, "maat-agent doctor --config none.zpl", 1, "none.zpl is not there");
    finds_with(d, "keyy = \"police.zpl\"\n", 1, "line 2: keyy");
    finds_with(d, "key = \"police.zpl\"\nmetrics = \"tcp://0.0.0.0:9\"\n", 1, "metrics-open");
    finds_with(d, "key = \"none.zpl\"\nbroker = \"ipc://nowhere\"\n", 2,
               "!!   key         none.zpl");
    CHECK(strstr(r->output, "!!   connect     ipc://nowhere: No such file"));
    finds_with(d, "key = \"police.zpl\"\nbroker = \"tcp://board.invalid:5570\"\n", 1,
               "!!   resolve     board.invalid");
    finds_with(d, "key = \"police.zpl\"\nbroker = \"tcp://127.0.0.1:1\"\n", 1,
               "and no broker: is it running, and is this its port?");
    (void)snprintf(settings, sizeof settings, "key = \"police.zpl\"\nbroker = \"ipc://%s\"\n%s",
                   rig_path(r, "broker.sock"), "spool = \"inbox\"\n");
    finds_with(d, settings, 1, "!!   spool       inbox: No such file");
    CHECK_INT(0, rig_run(r, "mkdir inbox && chmod 777 inbox"));
    finds_with(d, settings, 1, "chmod o-w inbox");
    CHECK_INT(0, rig_run(r, "mkdir outbox -p && chmod 2770 inbox"));
    finds_with(d, settings, 1, "!!   spool       inbox: those of its group may move or remove");
    CHECK_INT(0, rig_run(r, "chmod 700 inbox && chmod 644 police.zpl"));
    finds_with(d, settings, 1, "others may read this secret (mode 0644): chmod 600 it");
    desk_close(&d);
}

/* A key that nobody has enrolled, one that knows no board, a board that is another, a clock an hour
 * off. */
TEST(doctor_of_an_agent_tells_a_key_from_a_stranger_from_a_clock)
{
    struct desk *d = desk_open(NULL);
    struct rig *r = d->rig;
    char settings[RIG_PATH + 200];

    CHECK_INT(0, rig_run(r, "maat key new lost.zpl --client police/lost --broker police.zpl"));
    (void)snprintf(settings, sizeof settings, "key = \"lost.zpl\"\nbroker = \"ipc://%s\"\n",
                   rig_path(r, "broker.sock"));
    finds_with(d, settings, 1, "the line that `maat-agent request` prints");

    CHECK_INT(0, rig_run(r, "maat key new alone.zpl --client police/alone"));
    finds_with(d, "key = \"alone.zpl\"\n", 1, "sends back by maat-agent accept");

    CHECK_INT(0, rig_run(r, "maat-broker init another --board Another && "
                            "{ sed '/^broker/q' police.zpl; grep server-key another/lead.zpl; } "
                            ">strange.zpl && chmod 600 strange.zpl"));
    (void)snprintf(settings, sizeof settings, "key = \"strange.zpl\"\nbroker = \"ipc://%s\"\n",
                   rig_path(r, "broker.sock"));
    finds_with(d, settings, 1, "the key file is of another board");

    rig_shift_clock(r, 3600);
    finds(r, OF_AGENT, 1, "seconds ahead of the broker's: have both hosts' clocks kept by NTP");
    rig_shift_clock(r, -3600);
    finds(r, OF_AGENT, 1, "seconds behind the broker's");
    desk_close(&d);
}
