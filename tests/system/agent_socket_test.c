/* maat-agent on a real broker: its callers, and what a person does. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/desk.h"
#include "tests/machine.h"
#include "tests/t.h"

enum { LINES_LONG = 500 * 1024 };

#define PROGRESS "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1}"

/* A caller that is not as it should be: bytes, and what it reads back by itself. */
static int
call(struct desk *d)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", rig_path(d->rig, "agent.sock"));
    CHECK_INT(0, connect(fd, (struct sockaddr *)&address, sizeof address));
    return fd;
}

static void
send_bytes(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);
        CHECK(put > 0);
        bytes += put;
        len -= (size_t)put;
    }
}

static void
send_text(int fd, const char *text)
{
    send_bytes(fd, text, strlen(text));
}

/* What comes until the agent closes, `lines` have come, or nothing comes for too long. */
static const char *
hear(int fd, int lines)
{
    static char heard[1 << 16];
    struct pollfd there = {.fd = fd, .events = POLLIN};
    size_t len = 0;

    while (lines && len < sizeof heard - 1 && poll(&there, 1, RIG_PATIENCE) == 1
           && read(fd, heard + len, 1) > 0)
        lines -= heard[len++] == '\n';
    heard[len] = '\0';
    return heard;
}

TEST(agent_names_field_and_reason_and_goes_on)
{
    struct desk *d = desk_open(NULL);

    CHECK_STR(
        "{\"refused\":{\"code\":\"malformed\",\"field\":\"\",\"reason\":\"is not JSON (at byte "
        "8)\"}}",
        desk_say(d, "nonsense"));
    CHECK(strstr(desk_say(d, "{}"), "\"code\":\"missing-field\",\"field\":\"kind\""));
    CHECK(strstr(desk_say(d, "{'kind': 'progres'}"), "\"field\":\"kind\""));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'statsu': 'paused'}"),
                 "\"code\":\"unknown-field\",\"field\":\"statsu\""));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'on': '2016-02-30'}"),
                 "\"field\":\"on\""));
    CHECK(strstr(desk_say(d, "{'ask': 'statsu'}"), "\"field\":\"ask\""));
    CHECK(strstr(desk_say(d, "{'ask': 'retry', 'which': ['17']}"), "\"code\":\"not-found\""));
    CHECK_STR("{\"queued\":1}", desk_say(d, PROGRESS));
    CHECK_INT(1, desk_verify(d));
    desk_close(&d);
}

TEST(agent_callers_never_hold_up_one_another)
{
    enum { LINES = 3000, GONE = 2000 };
    struct desk *d = desk_open("callers = 8\n");
    char *long_line = malloc(LINES_LONG);
    int partial = call(d), silent = call(d), gone = call(d), deaf = call(d), lengthy = call(d);

    send_text(partial, "{\"kind\":\"progress\",\"action\":\"da/1\",");
    for (int i = 0; i < GONE; i++)
        send_text(gone, PROGRESS "\n");
    close(gone); /* without reading its answers: they are taken all the same */
    for (int i = 0; i < LINES; i++)
        send_text(deaf, PROGRESS "\n"); /* reads nothing yet */
    memset(long_line, 'x', LINES_LONG);
    send_bytes(lengthy, long_line, LINES_LONG);
    send_text(lengthy, "\n" PROGRESS "\n");
    CHECK(strstr(hear(lengthy, 1), "\"code\":\"limit\""));
    CHECK(strncmp(hear(lengthy, 1), "{\"queued\":", 10) == 0);
    CHECK(strncmp(desk_say(d, PROGRESS), "{\"queued\":", 10) == 0);
    send_text(partial, "\"percent\":2}\n");
    CHECK(strncmp(hear(partial, 1), "{\"queued\":", 10) == 0);
    send_text(partial, PROGRESS); /* no end, and no more to come */
    shutdown(partial, SHUT_WR);
    CHECK(strncmp(hear(partial, 1), "{\"queued\":", 10) == 0);
    CHECK_STR("", hear(partial, 1));
    for (int i = 0; i < LINES; i++)
        CHECK(strncmp(hear(deaf, 1), "{\"queued\":", 10) == 0);
    CHECK_INT(GONE + LINES + 4, desk_settle(d)->last);
    for (int i = 0; i < 5; i++) /* one more than may be: the silent one is sent away */
        (void)call(d);
    CHECK_STR("", hear(silent, 1));
    free(long_line);
    CHECK_INT(GONE + LINES + 4, desk_verify(d));
    desk_close(&d);
}

TEST(agent_waits_for_verdicts_in_order)
{
    struct desk *d = desk_open(NULL);
    int fd = call(d);

    rig_signal(d->rig->broker, SIGSTOP);
    send_text(fd, "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1,\"wait\":true}\n");
    send_text(fd, PROGRESS "\n");
    send_text(fd, "{\"kind\":\"progress\",\"action\":\"none/1\",\"percent\":1,\"wait\":true}\n");
    desk_until_taken(d, 3);
    rig_signal(d->rig->broker, SIGCONT);
    CHECK(strncmp(hear(fd, 1), "{\"queued\":1,\"accepted\":", 23) == 0);
    CHECK_STR("{\"queued\":2}\n", hear(fd, 1));
    CHECK(strncmp(hear(fd, 1), "{\"queued\":3,\"refused\":{\"code\":\"not-found\"", 41) == 0);
    close(fd);
    CHECK_INT(3, desk_verify(d));
    desk_close(&d);
}

TEST(agent_tells_what_was_refused_and_queues_it_again)
{
    struct desk *d = desk_open(NULL);

    for (int i = 0; i < 3; i++)
        desk_say(d, "{'kind': 'progress', 'action': 'da/2', 'percent': 1, 'wait': true}");
    CHECK_INT(0, rig_run(d->rig, "maat-agent refused --config agent.zpl"));
    CHECK(strstr(d->rig->output, "1 ") == d->rig->output);
    CHECK(strstr(d->rig->output, "rule agency: has no part in this action"));
    CHECK_INT(0, rig_run(d->rig, "cat outbox/refused/*-2.txt"));
    CHECK(strstr(d->rig->output, "reason   has no part in this action\n"));
    CHECK(strstr(d->rig->output, "{\"kind\":\"progress\",\"action\":\"da/2\","));
    CHECK_INT(2, rig_run(d->rig, "maat-agent retry --config agent.zpl"));
    CHECK_INT(1, rig_run(d->rig, "maat-agent retry --config agent.zpl 7"));
    CHECK_INT(0, rig_run(d->rig, "maat-agent refused --config agent.zpl --seen 2"));
    CHECK(!strstr(d->rig->output, "again"));
    struct caller *lead = caller_open(d->rig, "board/lead.zpl");
    CHECK(strstr(caller_ask(lead, "{'id': 1, 'what': 'show', 'action': 'da/2'}"), "\"da/2\""));
    CHECK(strncmp(caller_say(lead, "{'kind': 'action', 'id': 'da/2', 'ref': '2', 'title': 'Train "
                                   "staff', 'leads': ['health', 'police'], 'reason': 'joint', "
                                   "'seen': SEEN}"),
                  "accepted", 8)
          == 0);
    caller_close(&lead);
    CHECK_INT(0, rig_run(d->rig, "maat-agent retry --config agent.zpl --all"));
    CHECK_STR("2 queued again\n", d->rig->output);
    const struct agent_status *status = desk_settle(d);
    CHECK_INT(5, status->last);
    CHECK_INT(0, status->refused);
    CHECK_INT(0, rig_run(d->rig, "test -z \"$(ls outbox/refused)\" && maat-agent status --socket "
                                 "agent.sock"));
    CHECK(strstr(d->rig->output, "client      police/crm, of Riverside Safeguarding Board\n"));
    CHECK(strstr(d->rig->output, "queue       empty; 5 taken so far\n"));
    CHECK_INT(6, desk_verify(d));
    desk_close(&d);
}

/* For whoever is about to remove it: from the folder, also where no agent runs. */
TEST(agent_tells_what_its_outbox_holds_when_it_is_stopped)
{
    static const char *const ask = "maat-agent waiting --config agent.zpl";
    struct desk *d = desk_open(NULL);

    CHECK_INT(0, rig_run(d->rig, "%s --outbox none", ask));
    CHECK_STR("none: 0 not sent, 0 refused and not seen by anyone\n", d->rig->output);
    CHECK(!rig_exists(d->rig, "none"));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 4, 'wait': true}"),
                 "accepted"));
    CHECK_INT(0, rig_run(d->rig, "%s", ask));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/2', 'percent': 4, 'wait': true}"),
                 "refused"));
    rig_signal(d->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(d->rig->broker));
    CHECK_STR("{\"queued\":3}",
              desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 5}"));
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(1, rig_run(d->rig, "%s", ask));
    CHECK_STR("outbox: 1 not sent, 1 refused and not seen by anyone\n", d->rig->output);
    CHECK_INT(4, rig_run(d->rig, "%s --outbox agent.zpl", ask));
    CHECK(strstr(d->rig->output, "the outbox agent.zpl can't be read: "));
    desk_close(&d);
}

TEST(agent_says_how_it_is_told_wrongly)
{
    struct desk *d = desk_open(NULL);

    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl"));
    CHECK(strstr(d->rig->output, "another agent uses the outbox outbox"));
    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl --outbox other"));
    CHECK(strstr(d->rig->output, "another agent takes files from the spool spool: "));
    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl --outbox other --spool s2"));
    CHECK(strstr(d->rig->output, "another process listens there"));
    CHECK_INT(1, rig_run(d->rig, "maat-agent run --config agent.zpl --outbox x --key none.zpl"));
    CHECK(strstr(d->rig->output, "key none.zpl: "));
    rig_write(d->rig, "bad.zpl", "key = \"police.zpl\"\n\nspol = \"x\"\n");
    CHECK_INT(2, rig_run(d->rig, "maat-agent run --config bad.zpl"));
    CHECK_STR("maat-agent: bad.zpl: line 3: spol is no option: did you mean spool?\n",
              d->rig->output);
    CHECK_INT(3, rig_run(d->rig, "maat-agent status --socket none.sock"));
    CHECK(strstr(d->rig->output, "none.sock: No such file or directory: is maat-agent running"));
    desk_close(&d);
}

/* Its disk is full: callers hear so, the spool waits; and when there is room, all
   goes on. */
TEST(agent_with_a_full_disk_loses_nothing)
{
    struct desk *d = desk_open(NULL);
    char name[64];

    if (!machine_small_disk(d->rig, "small", "1m")) {
        desk_close(&d);
        SKIP_WITH(MACHINE_NO_DISK);
    }
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "sed -i 's/\"outbox\"/\"small\\/outbox\"/' agent.zpl"));
    desk_start(d);
    CHECK_STR("{\"queued\":1}", desk_say(d, PROGRESS));
    desk_settle(d);
    (void)rig_run(d->rig, "head -c 2m /dev/zero > small/ballast");
    int64_t queued = 1;
    while (!strstr(desk_say(d, PROGRESS), "{\"later\":\"the disk"))
        queued++;
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "%d.tmp", i);
        rig_write(d->rig, name, PROGRESS "\n");
        CHECK_INT(0, rig_run(d->rig, "mv %s spool/%d.jsonl", name, i));
    }
    CHECK(strstr(desk_say(d, PROGRESS), "{\"later\":\"the disk"));
    CHECK(strstr(desk_say(d, "{'ask': 'status'}"), "\"room\":false"));
    CHECK_INT(0, rig_run(d->rig, "rm small/ballast"));
    CHECK_INT(queued + 5, desk_settle(d)->last);
    CHECK(strstr(desk_say(d, PROGRESS), "{\"queued\":"));
    CHECK_INT(queued + 6, desk_verify(d));
    CHECK_INT(0, rig_run(d->rig, "umount small"));
    desk_close(&d);
}

/* An outbox restored from a copy is a fork: the broker has other things under its
   next n. What is queued goes on in a new one, and nothing is lost. */
TEST(agent_restored_from_a_copy_goes_on_in_a_new_outbox)
{
    struct desk *d = desk_open(NULL);

    CHECK_STR("{\"queued\":1}", desk_say(d, PROGRESS));
    desk_settle(d);
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "cp -r outbox copy"));
    desk_start(d);
    for (int i = 2; i <= 5; i++)
        desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': %d}", i);
    desk_settle(d);
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "rm -r outbox && mv copy outbox"));
    desk_start(d);
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 50, 'wait': true}"),
                 "{\"queued\":1,\"accepted\":"));
    CHECK_INT(0, rig_run(d->rig, "grep -h event=outbox-forked *.log"));
    CHECK_INT(6, desk_verify(d));
    desk_close(&d);
}
