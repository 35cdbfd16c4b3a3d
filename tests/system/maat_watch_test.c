/* maat watch at a real broker: what comes is told once and in order, whatever happens to
   the broker, to the watch, or to whoever reads it. */
#include <jansson.h>
#include <stdlib.h>

#include "tests/t.h"
#include "tests/typed.h"

#define LEAD "-c", "board/lead.zpl"
#define WITH_LEAD " -c board/lead.zpl"

static struct rig_program *
start_shell(struct rig *r, const char *command)
{
    const char *const argv[] = {"sh", "-c", command, NULL};
    return rig_start(r, argv);
}

static void
update(struct rig *r, const char *action, const char *more)
{
    char command[300];

    (void)snprintf(command, sizeof command, "maat update %s %s -c police.zpl", action, more);
    typed(r, 0, "accepted", command);
}

/* The next line of the program must hold all of these. */
static void
told(struct rig *r, struct rig_program *p, const char *const *texts)
{
    const char *line = rig_line(r, p);

    for (; *texts; texts++)
        if (!strstr(line, *texts))
            FAIL_WITH("no \"%s\" in %s", *texts, line);
}

#define TOLD(r, p, ...) told(r, p, (const char *const[]){__VA_ARGS__, NULL})

/* Reads so many lines. */
static void
pass_by(struct rig *r, struct rig_program *p, long lines)
{
    while (lines-- > 0)
        (void)rig_line(r, p);
}

static void
kill_broker(struct rig *r)
{
    rig_signal(r->broker, SIGKILL);
    (void)rig_wait(r->broker);
    rig_start_broker(r, NULL);
}

TEST(maat_watch_tells_who_said_what_and_what_that_moved)
{
    const char *const argv[] = {"maat", LEAD, "watch", "--since", "1", NULL};
    struct rig *r = typed_board();
    long newest = typed_newest(r);
    struct rig_program *watch = rig_start(r, argv);

    pass_by(r, watch, newest);
    update(r, "da-2016/1.1", "--status in-progress --note 'two\nlines'");
    TOLD(r, watch, "police/crm", "da-2016/1.1: status in-progress, note \"two lines\"",
         "[grey -> green]", "OFFICIAL");
    update(r, "da-2016/1.1", "--note more");
    TOLD(r, watch, "[green]");
    update(r, "da-2016/1.1", "--status paused --note 'no room'");
    TOLD(r, watch, "[green -> amber (paused)]");
    typed(r, 0, "accepted",
          "maat plan add sealed --title S --type review --marking "
          "OFFICIAL-SENSITIVE --members police --unpublished no" WITH_LEAD);
    TOLD(r, watch, "plan sealed can be seen now");
    TOLD(r, watch, "plan sealed: ", "OFFICIAL-SENSITIVE");
    rig_signal(watch, SIGTERM);
    CHECK_INT(0, rig_wait(watch));
    typed_end(r);
}

TEST(maat_watch_filters)
{
    const char *const one[] = {"maat", LEAD, "watch", "da-2016/1.2", "--since", "1", NULL};
    const char *const red[] = {"maat", LEAD, "watch", "--rag", "red", "--since", "1", NULL};
    const char *const health[] = {"maat",   LEAD,      "watch", "--agency",
                                  "health", "--since", "1",     NULL};
    struct rig *r = typed_board();
    struct rig_program *watches[] = {rig_start(r, one), rig_start(r, red), rig_start(r, health)};

    TOLD(r, watches[0], "plan da-2016: ");
    TOLD(r, watches[0], "da-2016/1.2");
    TOLD(r, watches[2], "plan da-2016: ");
    TOLD(r, watches[2], "da-2016/2.1");
    update(r, "da-2016/1.1", "--status in-progress --opinion red");
    TOLD(r, watches[1], "da-2016/1.1", "red (opinion)");
    update(r, "da-2016/1.2", "--status in-progress");
    TOLD(r, watches[0], "da-2016/1.2: status in-progress");
    update(r, "da-2016/2.1", "--status in-progress");
    TOLD(r, watches[2], "da-2016/2.1: status in-progress");
    typed(r, 1, "da-2017: there is none such", "maat watch da-2017 --state t" WITH_LEAD);
    typed(r, 1, "da-2017: there is none such", "maat watch da-2017 --since 1 --state t" WITH_LEAD);
    CHECK(!rig_exists(r, "t"));
    typed(r, 1, "da-2017: there is none such", "maat watch --once da-2017" WITH_LEAD);
    typed(r, 2, "not both at once", "maat watch da-2016 da-2016/1.1" WITH_LEAD);
    typed(r, 2, "no plan, and no PLAN/REF", "maat watch 'DA 2016'" WITH_LEAD);
    typed_end(r);
}

TEST(maat_watch_once_prints_as_status_does)
{
    struct rig *r = typed_board();

    update(r, "da-2016/1.1", "--status in-progress --opinion red");
    CHECK_INT(0, rig_run(r, "maat status" WITH_LEAD " > status && maat watch --once" WITH_LEAD
                            " > once && cmp status once"));
    CHECK_INT(0, rig_run(r, "maat status --json" WITH_LEAD
                            " > status && maat watch --once --json" WITH_LEAD
                            " > once && cmp status once"));
    CHECK_INT(0, rig_run(r, "maat status --rag red --csv" WITH_LEAD " > status && maat watch "
                            "--once --rag red --csv" WITH_LEAD " > once && cmp status once"));
    CHECK_INT(0,
              rig_run(r, "maat status --silent-since 2199-01-01 --csv" WITH_LEAD
                         " > status && maat watch --once --silent-since 2199-01-01 --csv" WITH_LEAD
                         " > once && cmp status once && grep da-2016/1.1 once"));
    typed(r, 0, "No action of a plan", "maat watch --once --silent-since 2016-01-01" WITH_LEAD);
    typed(r, 2, "silent-since", "maat watch --once --silent-since 2016-02-30" WITH_LEAD);
    typed(r, 0, "No action of a plan", "maat watch --once --theme neglect" WITH_LEAD);
    typed(r, 2, "--once", "maat watch --once --since 1" WITH_LEAD);
    typed(r, 2, "is meant", "maat watch --since 99999999999999999999" WITH_LEAD);
    typed_end(r);
}

TEST(maat_watch_begins_where_it_is_told_to)
{
    struct rig *r = typed_board();
    long newest = typed_newest(r);
    char number[40];

    (void)snprintf(number, sizeof number, "%ld", newest);
    const char *const last[] = {"maat", LEAD, "watch", "--since", number, NULL};
    const char *const day[] = {"maat", LEAD, "watch", "--since", "2016-01-01", NULL};
    struct rig_program *watches[] = {rig_start(r, last), rig_start(r, day)};
    struct rig_program *later =
        start_shell(r, "exec maat watch --since 2199-01-01" WITH_LEAD " > later");

    (void)snprintf(number, sizeof number, "%6ld  ", newest);
    TOLD(r, watches[0], number, "da-2016/2.1");
    TOLD(r, watches[1], "     1  ");
    pass_by(r, watches[1], newest - 1);
    update(r, "da-2016/1.1", "--note more");
    TOLD(r, watches[0], "note \"more\"");
    TOLD(r, watches[1], "note \"more\"");
    rig_until(r, "maat update da-2016/1.1 --note again -c police.zpl && grep -q again later");
    CHECK_INT(0, rig_run(r, "! grep '^ *[0-9]* ' later | grep -qv 'note'")); /* nothing of before */
    rig_signal(later, SIGTERM);
    CHECK_INT(0, rig_wait(later));
    typed(r, 2, "--since: the number of an entry, or a day", "maat watch --since soon" WITH_LEAD);
    typed_end(r);
}

/* Of a day the first entry is found by halves: where days differ in length, too. */
TEST(maat_watch_begins_with_a_day)
{
    static const char *const first[][2] = {
        {"2016-04-19", "     1  2016-04-20"},
        {"2016-04-20", "     1  2016-04-20"},
        {"2016-04-21", "2016-04-22 13:00  broker              new day 2016-04-21"},
        {"2016-04-22", "2016-04-22 13:00  broker              new day 2016-04-21"}};
    struct rig *r = rig_open();
    char command[200];

    rig_stop_clock(r, "2016-04-20");
    rig_init_board(r);
    rig_start_broker(r, NULL);
    typed(r, 0, "accepted",
          "for a in a b c d e f g; do maat agency add $a --name A --sector police -c "
          "board/operator.zpl; done");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    rig_stop_clock(r, "2016-04-22");
    rig_start_broker(r, NULL);
    typed(r, 0, "accepted", "maat agency add z --name Z --sector police -c board/operator.zpl");
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        (void)snprintf(command, sizeof command, "maat watch --since %s" WITH_LEAD " | head -n 1",
                       first[i][0]);
        typed(r, 0, first[i][1], command);
    }
    typed_end(r);
}

TEST(maat_watch_goes_on_when_the_broker_was_away)
{
    const char *const argv[] = {"maat", LEAD, "watch", "--since", "1", NULL};
    struct rig *r = typed_board();
    struct rig_program *watch = rig_start(r, argv);

    pass_by(r, watch, typed_newest(r));
    for (int i = 0; i < 2; i++) {
        kill_broker(r);
        update(r, "da-2016/1.1", i ? "--note fourth" : "--note second");
        TOLD(r, watch, i ? "fourth" : "second");
        update(r, "da-2016/1.1", "--note third");
        TOLD(r, watch, "third");
    }
    CHECK_INT(0, rig_run(r,
                         "test $(grep -c 'connection is lost' %s) = 2 && test $(grep -c 'there "
                         "again' %s) = 2",
                         watch->log, watch->log));
    typed_end(r);
}

TEST(maat_watch_ends_when_nobody_reads_or_it_may_not_go_on)
{
    const char *const argv[] = {"maat", "-c", "health.zpl", "watch", NULL};
    struct rig *r = typed_board();

    CHECK_INT(0, rig_run(r, "maat watch --since 0" WITH_LEAD " | head -n 1"));
    struct rig_program *watch = rig_start(r, argv);
    rig_until(r, "maat watch --once -c health.zpl");
    typed(r, 0, "accepted", "maat client revoke health/crm --reason lost -c board/operator.zpl");
    CHECK_INT(3, rig_wait(watch));
    typed(r, 3, "does not know this key", "maat watch -c health.zpl");
    typed_end(r);
}

/* --- a state ------------------------------------------------------------------------------- */

/* Every number from 1 to the newest stands in the file once, in order. */
static void
check_file(struct rig *r, long newest)
{
    char *at;
    long want = 1;

    CHECK_INT(0, rig_run(r, "cat out.jsonl"));
    for (char *line = strtok_r(r->output, "\n", &at); line; line = strtok_r(NULL, "\n", &at)) {
        json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        if (!json)
            FAIL_WITH("no object: %s", line);
        if (json_object_get(json, "number"))
            CHECK_INT(want++, json_integer_value(json_object_get(json, "number")));
        json_decref(json);
    }
    CHECK_INT(newest, want - 1);
}

/* The last line that is whole is of at least this entry. */
static void
await_number(struct rig *r, long number)
{
    char command[200];

    (void)snprintf(command, sizeof command,
                   "tail -n 1 out.jsonl | jq -e '.number >= %ld' > number 2> number.log", number);
    rig_until(r, command);
}

/* However it is killed, or the broker, what is written to a file is there once. */
TEST(maat_watch_writes_each_event_once_however_it_is_killed)
{
    static const char command[] =
        "exec maat watch --json --since 0 --state s" WITH_LEAD " >> out.jsonl";
    struct rig *r = typed_board();
    struct caller *police = caller_open(r, "police.zpl");

    for (int round = 0; round < 12; round++) {
        struct rig_program *watch = start_shell(r, command);
        for (int i = 0; i < 40; i++)
            caller_must(police,
                        "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-08-01', "
                        "'note': 'round %d, %d'}",
                        round, i);
        if (round % 5 == 2)
            kill_broker(r);
        if (round % 3 == 0)
            await_number(r, police->seen - (long)random_below(40));
        rig_signal(watch, SIGKILL);
        (void)rig_wait(watch);
        if (round % 4 == 1)
            CHECK_INT(0, rig_run(r, "printf '{\"number\":9' >> out.jsonl")); /* cut off */
    }
    struct rig_program *watch = start_shell(r, command);
    caller_must(police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-08-01', 'note': "
                        "'the last'}");
    await_number(r, police->seen);
    rig_signal(watch, SIGINT);
    CHECK_INT(0, rig_wait(watch));
    check_file(r, police->seen);
    caller_close(&police);
    typed_end(r);
}

/* Nobody reads for a while: it can be ended all the same, and what was not written is
   written the next time. */
TEST(maat_watch_is_not_held_up_by_who_does_not_read)
{
    struct rig *r = typed_board();
    struct caller *police = caller_open(r, "police.zpl");

    for (int i = 0; i < 400; i++)
        caller_must(police,
                    "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-08-01', "
                    "'note': 'number %d'}",
                    i);
    CHECK_INT(0, rig_run(r, "mkfifo pipe go"));
    struct rig_program *shell = start_shell(
        r, "maat watch --json --since 0 --state s" WITH_LEAD " > pipe & exec 4<pipe; echo $! > id; "
           "head -c 60000 <&4 > out.jsonl; touch full; read x < go; cat <&4 >> out.jsonl; wait");
    rig_until(r, "test -e full");
    CHECK_INT(0, rig_run(r, "kill $(cat id)"));
    rig_until(r, "grep -q 'State:.Z' /proc/$(cat id)/status");
    CHECK_INT(0, rig_run(r, "echo > go"));
    CHECK_INT(0, rig_wait(shell));
    CHECK_INT(0, rig_run(r, "test $(wc -l < out.jsonl) -lt 300"));
    shell = start_shell(r, "exec maat watch --json --state s" WITH_LEAD " >> out.jsonl");
    await_number(r, police->seen);
    rig_signal(shell, SIGTERM);
    CHECK_INT(0, rig_wait(shell));
    check_file(r, police->seen);
    caller_close(&police);
    typed_end(r);
}

/* The board was restored from a copy that lacks what was seen. */
TEST(maat_watch_stops_where_the_journal_is_another)
{
    static const char command[] = "exec maat watch --since 0 --state s" WITH_LEAD;
    struct rig *r = typed_board();

    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "cp -r board copy"));
    rig_start_broker(r, NULL);
    update(r, "da-2016/1.1", "--note one");
    struct rig_program *watch = start_shell(r, command);
    while (!strstr(rig_line(r, watch), "\"one\"")) {
    }
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "mv board/journal first && mv board/state first && mv copy/journal "
                            "copy/state board"));
    rig_start_broker(r, NULL);
    CHECK_INT(3, rig_wait(watch));
    CHECK_INT(0, rig_run(r,
                         "grep -q 'other-journal' %s && grep -q 'the state file s is of the "
                         "journal that was' %s",
                         watch->log, watch->log));
    CHECK_INT(3, rig_run(r, "%s", command));
    typed_end(r);
}

TEST(maat_watch_keeps_its_state_to_itself)
{
    static const char command[] = "exec maat watch --since 0 --state s da-2016" WITH_LEAD;
    struct rig *r = typed_board();
    struct rig_program *watch = start_shell(r, command);

    TOLD(r, watch, "plan da-2016");
    typed(r, 2, "another watch uses the state file s", "maat watch --state s da-2016" WITH_LEAD);
    update(r, "da-2016/1.1", "--note more");
    while (!strstr(rig_line(r, watch), "\"more\"")) {
    }
    rig_signal(watch, SIGTERM);
    CHECK_INT(0, rig_wait(watch));
    update(r, "da-2016/1.1", "--note most");
    watch = start_shell(r, command);
    TOLD(r, watch, "\"most\"");
    rig_signal(watch, SIGTERM);
    CHECK_INT(0, rig_wait(watch));
    typed(r, 2, "is of a watch for other plans", "maat watch --state s" WITH_LEAD);
    typed(r, 2, "is of board/lead", "maat watch --state s da-2016 -c police.zpl");
    CHECK_INT(0, rig_run(r, "echo nonsense > t"));
    typed(r, 2, "t is no state file of a watch", "maat watch --state t" WITH_LEAD);
    typed_end(r);
}

/* A plan that went while nobody watched is told when it goes on. */
TEST(maat_watch_tells_that_a_plan_can_be_seen_no_longer)
{
    static const char command[] = "exec maat watch --since 0 --state s -c health.zpl";
    struct rig *r = typed_board();

    typed(r, 0, "accepted",
          "maat plan add p1 --title P --type audit --marking OFFICIAL --members "
          "police --members health --published 2016-01-01" WITH_LEAD);
    struct rig_program *watch = start_shell(r, command);
    while (!strstr(rig_line(r, watch), "plan p1: ")) {
    }
    rig_signal(watch, SIGTERM);
    CHECK_INT(0, rig_wait(watch));
    typed(r, 0, "accepted",
          "maat plan add p2 --title P --type audit --marking OFFICIAL --members "
          "all --published 2016-01-01" WITH_LEAD);
    typed(r, 0, "accepted", "maat plan member remove p1 health --reason narrowed" WITH_LEAD);
    watch = start_shell(r, command);
    TOLD(r, watch, "plan p1 can be seen no longer");
    TOLD(r, watch, "plan p2 can be seen now");
    TOLD(r, watch, "plan p2: ");
    rig_signal(watch, SIGTERM);
    CHECK_INT(0, rig_wait(watch));
    typed_end(r);
}

/* --- at a terminal -------------------------------------------------------------------- */

/* Draws, shows what comes, takes a key, and gives the terminal back. */
TEST(maat_watch_is_a_live_screen_at_a_terminal)
{
    struct rig *r = typed_board();

    if (rig_run(r, "script -qec true /dev/null < /dev/null") != 0) {
        typed_end(r);
        SKIP_WITH("there is no pseudo-terminal here");
    }
    CHECK_INT(0, rig_run(r, "mkfifo keys"));
    struct rig_program *screen =
        start_shell(r, "exec 3<>keys; TERM=xterm exec script -qfec 'env -u NO_COLOR maat watch "
                       "da-2016" WITH_LEAD "' screen < keys");
    rig_until(r, "grep -aq 'complete to entry' screen");
    CHECK_INT(0, rig_run(r, "grep -aq '\033\\[?1049h' screen && grep -aq 'newest first' screen"));
    update(r, "da-2016/1.1", "--status in-progress --opinion red");
    rig_until(r, "grep -aq 'opinion)]' screen");
    CHECK_INT(0, rig_run(r, "grep -aq '\\* 1.1 .*\033\\[31mred' screen"));
    CHECK_INT(0, rig_run(r, "printf q > keys"));
    CHECK_INT(0, rig_wait(screen));
    CHECK_INT(0, rig_run(r, "tail -n 3 screen | grep -aq '\033\\[?25h\033\\[?1049l'"));
    typed_end(r);
}
