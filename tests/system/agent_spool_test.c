/* maat-agent on a real broker: its spool. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/desk.h"
#include "tests/machine.h"
#include "tests/t.h"

/* Written elsewhere and renamed in, as an agency's system does it. */
static void
drop(struct desk *d, const char *name, const char *text, size_t len)
{
    rig_write_bytes(d->rig, "dropped", text, len);
    CHECK_INT(0, rig_run(d->rig, "mv dropped 'spool/%s'", name));
}

static void
drop_text(struct desk *d, const char *name, const char *text)
{
    drop(d, name, text, strlen(text));
}

/* A file of so many rows, of which each thousandth is wrong. */
static void
drop_rows(struct desk *d, const char *name, int rows)
{
    char *text = malloc(200 * (size_t)rows);
    size_t len = 0;

    for (int i = 0; i < rows; i++)
        len += (size_t)sprintf(text + len,
                               "{\"kind\":\"progress\",\"action\":\"da/1\",\"on\":"
                               "\"2016-04-01\",\"percent\":%d}\n",
                               i % 1000 == 100 ? 101 : i % 101);
    drop(d, name, text, len);
    free(text);
}

static long
lines_of(struct desk *d, const char *name)
{
    if (rig_run(d->rig, "cat spool/%s | wc -l", name) != 0)
        FAIL_WITH("%s", d->rig->output);
    return strtol(d->rig->output, NULL, 10);
}

static const char *
content_of(struct desk *d, const char *name)
{
    CHECK_INT(0, rig_run(d->rig, "cat spool/%s", name));
    return d->rig->output;
}

#define LINE_OF(action, rest) \
    "{\"kind\":\"progress\",\"action\":\"" action "\",\"on\":\"2016-04-01\"," rest "}\n"

TEST(agent_takes_json_lines_and_csv_from_the_spool)
{
    struct desk *d = desk_open("settle-ms = 100\n");

    drop_text(d, "a.jsonl",
              "\xef\xbb\xbf{\"kind\":\"progress\",\"action\":\"da/1\",\"status\":\"in-progress\"}"
              "\r\n\r\n{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":20}\r\n");
    drop_text(
        d, "b.csv",
        "action,on,note,evidence.title,evidence.kind,evidence.held,value.amount,value.date\r\n"
        "da/1,2016-04-02,\"two, of \"\"four\"\"\nteams\",,,,,\r\n"
        "da/1,2016-04-03,,Audit,audit,SharePoint,,\r\n");
    drop_text(d, "c.tmp", LINE_OF("da/1", "\"percent\":30"));
    drop_text(d, ".d.jsonl", LINE_OF("da/1", "\"percent\":30"));
    drop_text(d, "empty.jsonl", "");
    desk_settle(d);
    CHECK_INT(2, lines_of(d, "a.jsonl.done"));
    CHECK(strstr(content_of(d, "a.jsonl.done"), "\"line\":3,\"n\":2,\"number\":"));
    CHECK_INT(2, lines_of(d, "b.csv.done"));
    CHECK(strstr(content_of(d, "b.csv.done"), "\"line\":2,\"n\":3,"));
    CHECK(strstr(content_of(d, "b.csv.done"), "\"line\":4,\"n\":4,"));
    CHECK_INT(0, lines_of(d, "empty.jsonl.done"));
    CHECK(rig_exists(d->rig, "spool/c.tmp") && rig_exists(d->rig, "spool/.d.jsonl"));
    CHECK(!rig_exists(d->rig, "spool/a.jsonl") && !rig_exists(d->rig, "spool/a.jsonl.refused"));
    CHECK_INT(0, rig_run(d->rig, "cmp spool/taken/*-b.csv spool/taken/*-b.csv && "
                                 "test $(ls spool/taken | wc -l) = 3"));
    CHECK_INT(4, desk_verify(d));
    desk_close(&d);
}

TEST(agent_refuses_the_one_wrong_row_of_a_thousand)
{
    struct desk *d = desk_open(NULL);
    char *text = malloc(200 * 1000);
    size_t len = 0;

    for (int i = 1; i <= 1000; i++)
        len += (size_t)sprintf(
            text + len,
            "{\"kind\":\"progress\",\"action\":\"da/1\",\"on\":\"2016-04-01\",\"percent\":%d}\n",
            i == 777 ? 101 : i % 101);
    drop(d, "nightly.jsonl", text, len);
    free(text);
    desk_settle(d);
    CHECK_INT(999, lines_of(d, "nightly.jsonl.done"));
    CHECK_INT(1, lines_of(d, "nightly.jsonl.refused"));
    CHECK(strstr(content_of(d, "nightly.jsonl.refused"),
                 "\"line\":777,\"code\":\"invalid-field\",\"field\":\"percent\""));
    CHECK_INT(999, desk_verify(d));
    desk_close(&d);
}

TEST(agent_takes_what_is_whole_of_a_file_that_was_cut_off)
{
    struct desk *d = desk_open("settle-ms = 100\n");

    drop_text(d, "half.jsonl",
              LINE_OF("da/1", "\"percent\":10") "{\"kind\":\"progress\",\"action\":\"da/1\",\"o");
    drop_text(d, "half.csv", "action,on,note\nda/1,2016-04-01,whole\nda/1,2016-04-02,in the mid");
    drop_text(d, "quote.csv",
              "action,on,note\nda/1,2016-04-01,\"never closed\nda/1,2016-04-02,x\n");
    drop_text(d, "after.jsonl", LINE_OF("da/1", "\"percent\":20"));
    desk_settle(d);
    CHECK_INT(1, lines_of(d, "half.jsonl.done"));
    CHECK(strstr(content_of(d, "half.jsonl.refused"), "\"line\":2,\"code\":\"malformed\""));
    CHECK(strstr(d->rig->output, "may have been cut off"));
    CHECK_INT(1, lines_of(d, "half.csv.done"));
    CHECK(strstr(content_of(d, "half.csv.refused"), "\"line\":3,"));
    CHECK_INT(0, lines_of(d, "quote.csv.done"));
    CHECK(strstr(content_of(d, "quote.csv.refused"), "\"line\":0,\"code\":\"malformed\""));
    CHECK_INT(1, lines_of(d, "after.jsonl.done"));
    CHECK_INT(3, desk_verify(d));
    desk_close(&d);
}

TEST(agent_leaves_what_is_no_file_and_takes_the_others)
{
    struct desk *d = desk_open(NULL);

    CHECK_INT(0, rig_run(d->rig, "mkdir spool/folder.jsonl && mkfifo spool/pipe.jsonl && ln -s "
                                 "../police.zpl spool/link.jsonl && touch spool/x.done"));
    CHECK_INT(0, rig_run(d->rig, "head -c 100000 /dev/urandom > r && echo >> r && cp r q && "
                                 "mv r spool/rubbish.jsonl && mv q spool/rubbish.csv"));
    CHECK_INT(0, rig_run(d->rig, "touch $(printf 'spool/%%0230d' 0)"));
    drop_text(d, "good.jsonl", LINE_OF("da/1", "\"percent\":10"));
    desk_settle(d);
    CHECK_INT(1, lines_of(d, "good.jsonl.done"));
    CHECK(strstr(content_of(d, "rubbish.jsonl.refused"), "\"line\":1,\"code\":\"malformed\""));
    CHECK(rig_exists(d->rig, "spool/folder.jsonl") && rig_exists(d->rig, "spool/link.jsonl"));
    CHECK_INT(1, lines_of(d, "rubbish.csv.refused"));
    rig_until(d->rig, "grep 'event=spool-file-left.*its name is too long' *.log");
    rig_until(d->rig, "grep 'event=spool-file-left file=link.jsonl' *.log");
    rig_until(d->rig, "grep 'event=spool-file-left file=pipe.jsonl' *.log");
    CHECK_INT(1, desk_verify(d));
    desk_close(&d);
}

/* It would be kept with each row, and no row that isn't UTF-8 can be read again. */
TEST(agent_leaves_a_file_whose_name_is_no_text_and_goes_on)
{
    struct desk *d = desk_open(NULL);

    CHECK_INT(0,
              rig_run(d->rig, "printf '%%s\\n' '{\"action\":\"da/1\",\"percent\":9}' > f && mv f "
                              "spool/$(printf 'r\\351sum\\351.jsonl')"));
    rig_until(d->rig, "grep 'event=spool-file-left.*its name is not UTF-8' *.log");
    drop_text(d, "good.jsonl", LINE_OF("da/1", "\"percent\":10"));
    desk_settle(d);
    CHECK_INT(1, lines_of(d, "good.jsonl.done"));
    CHECK_INT(0, rig_run(d->rig, "ls spool/r*.jsonl"));
    CHECK_INT(1, desk_verify(d));
    desk_close(&d);
}

/* The same name every night: new results take the old ones' place. */
TEST(agent_takes_a_file_of_the_same_name_again)
{
    struct desk *d = desk_open(NULL);

    for (int night = 1; night <= 3; night++) {
        drop_text(d, "nightly.jsonl",
                  night == 2 ? LINE_OF("da/1", "\"percent\":101")
                             : LINE_OF("da/1", "\"percent\":10"));
        desk_settle(d);
        CHECK_INT(night != 2, lines_of(d, "nightly.jsonl.done"));
        CHECK_INT(night == 2, rig_exists(d->rig, "spool/nightly.jsonl.refused"));
    }
    CHECK_INT(0, rig_run(d->rig, "test $(ls spool/taken | wc -l) = 3"));
    CHECK_INT(2, desk_verify(d));
    desk_close(&d);
}

/* The spool's disk is full when the verdicts come: they are written when there is
   room, each once. */
TEST(agent_says_what_became_of_lines_when_there_is_room)
{
    struct desk *d = desk_open(NULL);

    if (!machine_small_disk(d->rig, "spool", "256k")) {
        desk_close(&d);
        SKIP_WITH(MACHINE_NO_DISK);
    }
    CHECK_INT(0, desk_stop(d, SIGTERM));
    desk_start(d); /* it makes its folders */
    rig_signal(d->rig->broker, SIGSTOP);
    drop_rows(d, "a.jsonl", 100);
    desk_until_taken(d, 100);
    (void)rig_run(d->rig, "head -c 1m /dev/zero > spool/.ballast");
    rig_signal(d->rig->broker, SIGCONT);
    rig_until(d->rig, "grep event=verdicts-not-written *.log");
    CHECK_INT(0, lines_of(d, "a.jsonl.done"));
    CHECK_INT(0, rig_run(d->rig, "rm spool/.ballast"));
    rig_until(d->rig, "test $(wc -l < spool/a.jsonl.done) = 100");
    rig_until(d->rig, "grep event=verdicts-written *.log");
    CHECK_INT(0, rig_run(d->rig, "test $(cat *.log | grep -c event=verdicts-not-written) = 1"));
    CHECK_INT(100, desk_verify(d));
    CHECK_INT(100, lines_of(d, "a.jsonl.done"));
    CHECK_INT(0, rig_run(d->rig, "umount spool"));
    desk_close(&d);
}

TEST(agent_takes_a_file_of_ten_megabytes)
{
    struct desk *d = desk_open(NULL);
    size_t size = 10 * 1000 * 1000;
    char *text = malloc(size + 10000);
    size_t len = 0;
    int rows = 0;

    for (; len < size; rows++) {
        len += (size_t)sprintf(text + len,
                               "{\"kind\":\"progress\",\"action\":\"da/1\",\"on\":\"2016-04-01\","
                               "\"note\":\"");
        memset(text + len, 'x', 8000);
        len += 8000;
        len += (size_t)sprintf(text + len, "\"}\n");
    }
    drop(d, "large.jsonl", text, len);
    free(text);
    desk_settle(d);
    CHECK_INT(rows, lines_of(d, "large.jsonl.done"));
    CHECK_INT(rows, desk_verify(d));
    desk_close(&d);
}

TEST(agent_never_stores_personal_data)
{
    struct desk *d = desk_open(NULL);

    drop_text(d, "person.jsonl", LINE_OF("da/1", "\"note\":\"ring 07700 900123 about it\""));
    const char *said =
        desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'note': 'NHS 943 476 5919'}");
    CHECK(strstr(said, "\"code\":\"personal-data\",\"field\":\"note\""));
    CHECK(strstr(said, "byte 5") && !strstr(said, "943"));
    desk_settle(d);
    CHECK(strstr(content_of(d, "person.jsonl.refused"), "\"code\":\"personal-data\""));
    CHECK(!strstr(d->rig->output, "07700"));
    CHECK_INT(1, rig_run(d->rig, "grep -aE '943 476|07700' -r outbox spool/*.refused *.log"));
    CHECK_INT(0, desk_verify(d));
    desk_close(&d);
}

/* Sent = acknowledged + refused = journal: by the agent's own count, by the results
   beside the files, each n in them once, and by the broker. */
static void
check_all_counts(struct desk *d, int64_t good, int64_t wrong)
{
    const struct agent_status *status = desk_settle(d);

    CHECK_INT(good, status->last);
    CHECK_INT(0, status->refused);
    CHECK_INT(good, lines_of(d, "*.done"));
    CHECK_INT(
        0,
        rig_run(d->rig, "cat spool/*.done | sed 's/.*\"n\"://; s/,.*//' | sort -n | uniq | wc -l"));
    CHECK_INT(good, strtol(d->rig->output, NULL, 10));
    CHECK_INT(wrong, lines_of(d, "*.refused"));
    CHECK_INT(good, desk_verify(d));
}

/* Killed under load, again and again, when it has taken some more of the rows:
   nothing is taken twice, nothing is lost. */
TEST(agent_killed_while_taking_takes_each_row_once)
{
    enum { FILES = 3, ROWS = 4000, KILLS = 20, EACH = FILES * ROWS / KILLS };
    struct desk *d = desk_open(NULL);

    drop_rows(d, "a.jsonl", ROWS);
    drop_rows(d, "b.jsonl", ROWS);
    drop_rows(d, "c.jsonl", ROWS);
    for (int64_t taken = EACH; taken < FILES * ROWS - EACH; taken += EACH) {
        desk_until_taken(d, taken);
        CHECK_INT(-SIGKILL, desk_stop(d, SIGKILL));
        desk_start(d);
    }
    check_all_counts(d, FILES * (ROWS - 4), FILES * 4);
    desk_close(&d);
}

TEST(agent_and_broker_killed_in_turn_lose_nothing)
{
    enum { ROWS = 20000, KILLS = 12, EACH = ROWS / KILLS };
    struct desk *d = desk_open(NULL);
    bool broker = false;

    drop_rows(d, "a.jsonl", ROWS);
    for (int64_t settled = EACH; settled < ROWS - EACH; settled += EACH) {
        desk_until_settled(d, settled);
        if ((broker = !broker)) {
            desk_kill_broker(d);
            continue;
        }
        CHECK_INT(-SIGKILL, desk_stop(d, SIGKILL));
        desk_start(d);
    }
    check_all_counts(d, ROWS - 20, 20);
    desk_close(&d);
}
