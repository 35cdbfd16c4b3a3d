/* Outboxes and their numbers at the real broker: what came before, what comes
   too early, and whose it is. */
#include "tests/desk.h"
#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

#define PROGRESS(percent) \
    "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': " percent "}"

#define DECLINED \
    "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'status': 'declined'}"

static struct raw *
greeted(struct stage *s, const char *key_file, char outbox)
{
    struct raw *c = raw_open(s->rig, key_file, outbox);

    raw_hello(c);
    CHECK(strncmp("WELCOME", raw_hear(c), 7) == 0);
    return c;
}

static bool
accepted(const char *said)
{
    return strncmp("accepted", said, 8) == 0;
}

/* --- greeting ---------------------------------------------------------------------- */

TEST(outbox_a_session_begins_with_hello_which_may_be_said_again)
{
    struct stage s = stage_open(NULL);
    struct raw *c = raw_open(s.rig, "police.zpl", 'a');
    struct hello future = {.oldest = 2, .newest = 7, .software = text_of("raw")};

    raw_submit(c, 1, PROGRESS("1"));
    raw_submit(c, 2, PROGRESS("2"));
    CHECK_STR("ERROR hello-first", raw_hear(c)); /* once for the whole window */
    future.has.oldest = future.has.newest = future.has.software = 1;
    raw_say(c, SAY_HELLO, &future);
    CHECK_STR("ERROR version", raw_hear(c));
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ACK 1", raw_hear(c));
    raw_hello(c);
    CHECK_STR("WELCOME 1", raw_hear(c));
    memset(c->outbox, 'b', sizeof c->outbox);
    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    raw_submit(c, 1, PROGRESS("3"));
    CHECK_STR("ACK 1", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

TEST(outbox_bye_ends_a_session_and_ping_is_answered)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');
    struct ping ping = {.id = 17};

    ping.has.id = 1;
    raw_say(c, SAY_PING, &ping);
    CHECK_STR("PONG", raw_hear(c));
    CHECK_INT(17, c->message.pong.id);
    raw_say(c, SAY_BYE, &ping);
    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ERROR hello-first", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

TEST(outbox_a_session_that_is_silent_expires)
{
    static const char *const more[] = {"--ping-ms", "100", NULL};
    struct stage s = stage_open(more);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    CHECK_INT(100, c->message.welcome.ping_ms);
    stage_leave(&s);
    rig_until(s.rig, "grep event=sessions-expired *.log");
    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ERROR hello-first", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

#define CLIENTS(n) "maat-broker status board --json | grep '\"clients\":" n "'"

/* Or its session would stay until it was silent for three hours. */
TEST(outbox_an_agent_that_ends_says_so)
{
    struct desk *d = desk_open(NULL);

    rig_write(d->rig, "board/broker.zpl", "ping-ms = 3600000\n");
    desk_kill_broker(d);
    rig_until(d->rig, CLIENTS("1"));
    CHECK_INT(0, desk_stop(d, SIGTERM));
    rig_until(d->rig, CLIENTS("0"));
    desk_start(d);
    desk_close(&d);
}

TEST(outbox_after_a_restart_a_client_that_does_not_greet_is_told_to)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ACK 1", raw_hear(c));
    int64_t number = c->message.ack.numbers.at[0];
    raw_close(&c);
    stage_stop(&s);
    rig_start_broker(s.rig, NULL);
    c = raw_open(s.rig, "police.zpl", 'a');
    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ERROR hello-first", raw_hear(c));
    raw_hello(c);
    CHECK_STR("WELCOME 1", raw_hear(c));
    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ACK 1", raw_hear(c));
    CHECK_INT(number, c->message.ack.numbers.at[0]);
    raw_close(&c);
    stage_end(&s);
}

/* --- numbers ------------------------------------------------------------------------ */

TEST(outbox_a_known_n_gets_its_first_answer_again)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ACK 1", raw_hear(c));
    int64_t number = c->message.ack.numbers.at[0];
    raw_submit(c, 2, DECLINED);
    CHECK_STR("REFUSED 2 missing-field note", raw_hear(c));
    CHECK_INT(number + 1, c->message.refused.number);
    for (int again = 0; again < 2; again++) {
        raw_submit(c, 1, PROGRESS("1"));
        CHECK_STR("ACK 1", raw_hear(c));
        CHECK_INT(number, c->message.ack.numbers.at[0]);
        raw_submit(c, 2, DECLINED);
        CHECK_STR("REFUSED 2 missing-field note", raw_hear(c));
        CHECK_INT(number + 1, c->message.refused.number);
    }
    raw_submit(c, 3, PROGRESS("3"));
    CHECK_STR("ACK 3", raw_hear(c));
    CHECK_INT(number + 2, c->message.ack.numbers.at[0]);
    raw_close(&c);
    stage_end(&s);
}

/* More of them than the broker looks up at a time, so that it walks its marks. */
TEST(outbox_a_long_past_n_gets_its_first_answer_again)
{
    enum { MANY = 700 };
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');
    int64_t first = 0;

    for (int64_t n = 1; n <= MANY; n++)
        raw_submit(c, n, PROGRESS("%d"), (int)(n % 100));
    for (int64_t heard = 0; heard < MANY; heard += c->message.ack.numbers.count) {
        CHECK(strncmp("ACK", raw_hear(c), 3) == 0);
        CHECK_INT(heard + 1, c->message.ack.n);
        if (!first)
            first = c->message.ack.numbers.at[0];
    }
    static const int64_t again[] = {1, 2, 255, 256, 257, 300, 299, 511, 512, 513, 699, 700, 3};
    for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
        raw_submit(c, again[i], PROGRESS("%d"), (int)(again[i] % 100));
        CHECK(strncmp("ACK", raw_hear(c), 3) == 0);
        CHECK_INT(again[i], c->message.ack.n);
        CHECK_INT(first + again[i] - 1, c->message.ack.numbers.at[0]);
    }
    raw_close(&c);
    stage_end(&s);
}

TEST(outbox_a_known_n_with_other_content_is_forked_until_the_next_hello)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    raw_submit(c, 1, PROGRESS("1"));
    raw_submit(c, 2, DECLINED);
    CHECK_STR("ACK 1, REFUSED 2 missing-field note", raw_hear_all(c));
    raw_submit(c, 2, PROGRESS("2"));
    raw_submit(c, 3, PROGRESS("3"));
    raw_submit(c, 1, PROGRESS("1"));
    CHECK_STR("ERROR forked, ACK 1", raw_hear_all(c));
    raw_submit(c, 1, PROGRESS("9"));
    CHECK_STR("ERROR forked", raw_hear_all(c));
    raw_hello(c);
    raw_submit(c, 3, PROGRESS("3"));
    CHECK_STR("WELCOME 2, ACK 3", raw_hear_all(c));
    raw_close(&c);
    stage_end(&s);
}

TEST(outbox_n_is_from_1_and_comes_in_order)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    raw_submit(c, 0, PROGRESS("1"));
    CHECK_STR("ERROR malformed", raw_hear_all(c));
    raw_submit(c, -1, PROGRESS("1"));
    CHECK_STR("ERROR malformed", raw_hear_all(c));
    raw_submit(c, 1000, PROGRESS("1"));
    raw_submit(c, 1001, PROGRESS("1"));
    raw_submit(c, 2, PROGRESS("1"));
    CHECK_STR("REWIND 1", raw_hear_all(c)); /* once */
    raw_submit(c, 1, PROGRESS("1"));
    raw_submit(c, 2, PROGRESS("2"));
    CHECK_STR("ACK 1-2", raw_hear_all(c));
    raw_submit(c, 4, PROGRESS("4"));
    CHECK_STR("REWIND 3", raw_hear_all(c));
    raw_close(&c);
    stage_end(&s);
}

/* --- whose it is ---------------------------------------------------------------------- */

TEST(outbox_of_another_client_is_forked)
{
    struct stage s = stage_open(NULL);
    struct raw *mine = greeted(&s, "police.zpl", 'a');
    struct raw *early = greeted(&s, "health.zpl", 'a'); /* nobody's yet */

    raw_submit(mine, 1, PROGRESS("1"));
    CHECK_STR("ACK 1", raw_hear(mine));
    raw_submit(early, 1, PROGRESS("1"));
    CHECK_STR("ERROR forked", raw_hear(early));
    raw_hello(early);
    CHECK_STR("ERROR forked", raw_hear(early));
    raw_close(&early);
    raw_close(&mine);
    stage_end(&s);
}

/* What one of them was told to wait for comes from the other. */
TEST(outbox_with_two_holders_goes_on_for_both)
{
    struct stage s = stage_open(NULL);
    struct raw *a = greeted(&s, "police.zpl", 'a');
    struct raw *b = greeted(&s, "police.zpl", 'a');

    raw_submit(a, 3, PROGRESS("3"));
    CHECK_STR("REWIND 1", raw_hear(a));
    raw_submit(b, 1, PROGRESS("1"));
    raw_submit(b, 2, PROGRESS("2"));
    CHECK_STR("ACK 1-2", raw_hear_all(b));
    raw_submit(a, 1, PROGRESS("1"));
    raw_submit(a, 2, PROGRESS("2"));
    raw_submit(a, 3, PROGRESS("3"));
    CHECK_STR("ACK 1-3", raw_hear_all(a));
    raw_submit(b, 3, PROGRESS("4"));
    CHECK_STR("ERROR forked", raw_hear(b));
    raw_close(&b);
    raw_close(&a);
    stage_end(&s);
}

static int64_t
queued(struct caller *c)
{
    struct outbox_counts counts;

    CHECK_INT(0, outbox_count(c->outboxes, &client_link(c->session)->outbox, &counts));
    return counts.row.queued;
}

/* What the copy has not sent yet goes on in an outbox of its own, once. */
TEST(outbox_restored_from_last_weeks_copy_goes_on_in_another)
{
    struct stage s = stage_open(NULL);

    CHECK(accepted(caller_say(s.police, PROGRESS("1"))));
    struct outbox_id first = client_link(s.police->session)->outbox;
    caller_close(&s.police);
    CHECK_INT(0, rig_run(s.rig, "cp -r police.zpl.outbox last-week"));
    s.police = caller_open(s.rig, "police.zpl");
    CHECK(accepted(caller_say(s.police, PROGRESS("2"))));
    CHECK(accepted(caller_say(s.police, PROGRESS("3"))));
    int64_t newest = s.police->seen;
    caller_close(&s.police);

    CHECK_INT(0, rig_run(s.rig, "rm -r police.zpl.outbox && mv last-week police.zpl.outbox"));
    s.police = caller_open(s.rig, "police.zpl");
    CHECK(memcmp(&first, &client_link(s.police->session)->outbox, sizeof first) == 0);
    caller_queue(s.police, PROGRESS("4"));
    caller_queue(s.police, PROGRESS("5"));
    CHECK_INT(CLIENT_DONE, client_settle(s.police->session, RIG_PATIENCE));
    CHECK(memcmp(&first, &client_link(s.police->session)->outbox, sizeof first) != 0);
    CHECK_INT(0, queued(s.police));
    CHECK(accepted(caller_say(s.police, PROGRESS("6"))));
    CHECK_INT(newest + 3, s.police->seen);
    stage_end(&s);
}

/* --- a broker restored ------------------------------------------------------------------ */

TEST(outbox_a_hello_with_a_tree_head_of_another_journal_is_refused)
{
    static const uint8_t other[32] = {1};
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');
    struct hello hello = {.oldest = 1, .newest = 1, .software = text_of("raw")};

    hello.number = c->message.welcome.number;
    hello.root = (struct bytes){other, sizeof other};
    hello.has.oldest = hello.has.newest = hello.has.software = hello.has.number = 1;
    hello.has.root = 1;
    raw_say(c, SAY_HELLO, &hello);
    CHECK_STR("ERROR other-journal", raw_hear(c));
    hello.number += 1000;
    raw_say(c, SAY_HELLO, &hello);
    CHECK_STR("ERROR other-journal", raw_hear(c));

    /* Who pretends that there was an epoch gives the operator no advice. */
    hello.epoch = INT64_MAX;
    hello.has.epoch = 1;
    raw_say(c, SAY_HELLO, &hello);
    CHECK_STR("ERROR other-journal", raw_hear(c));
    CHECK(c->message.error.reason.len
          && !memmem(c->message.error.reason.at, c->message.error.reason.len, "--epoch", 7));
    CHECK_INT(
        0, rig_run(s.rig, "grep 'event=hello-refused.*code=other-journal' %s", s.rig->broker->log));
    raw_close(&c);
    stage_end(&s);
}

/* Without an entry that says so, it is not the journal that was promised. */
TEST(outbox_whose_acknowledged_submissions_the_broker_lacks_stops_loudly)
{
    struct stage s = stage_open(NULL);

    CHECK(accepted(caller_say(s.police, PROGRESS("1"))));
    stage_leave(&s);
    stage_stop(&s);
    CHECK_INT(0, rig_run(s.rig, "cp -r board backup"));
    rig_start_broker(s.rig, NULL);
    s.police = caller_open(s.rig, "police.zpl");
    CHECK(accepted(caller_say(s.police, PROGRESS("2"))));
    stage_stop(&s);
    CHECK_INT(0, rig_run(s.rig, "rm -r board && mv backup board"));
    rig_start_broker(s.rig, NULL);
    caller_queue(s.police, PROGRESS("3"));
    CHECK_INT(CLIENT_STOPPED, client_settle(s.police->session, RIG_PATIENCE));
    CHECK(strstr(client_state(s.police->session), "other-journal"));
    CHECK_INT(1, queued(s.police));
    caller_close(&s.police);

    /* Nor does a new start of the client forget it. */
    s.police = caller_begin(s.rig, "police.zpl");
    CHECK_INT(CLIENT_STOPPED, client_connect(s.police->session, RIG_PATIENCE));
    stage_end(&s);
}

/* --- how much ------------------------------------------------------------------------------ */

TEST(outbox_new_ones_and_entries_of_a_day_are_limited)
{
    static const char *const more[] = {"--outboxes-a-day", "2", "--entries-a-day", "6", NULL};
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_start_broker(r, NULL);
    struct stage s = stage_build(r);
    stage_leave(&s);
    stage_stop(&s);
    rig_start_broker(r, more);
    for (char outbox = 'a'; outbox <= 'c'; outbox++) {
        struct raw *c = greeted(&s, "police.zpl", outbox);
        raw_submit(c, 1, PROGRESS("1"));
        raw_submit(c, 2, PROGRESS("2"));
        CHECK_STR(outbox < 'c' ? "ACK 1-2" : "RETRY 1", raw_hear_all(c));
        raw_close(&c);
    }
    struct raw *c = greeted(&s, "police.zpl", 'a');
    raw_submit(c, 3, PROGRESS("3"));
    raw_submit(c, 4, PROGRESS("4"));
    CHECK_STR("ACK 3-4", raw_hear_all(c));
    raw_submit(c, 5, PROGRESS("5"));
    raw_submit(c, 6, PROGRESS("6"));
    CHECK_STR("RETRY 5", raw_hear_all(c));
    raw_close(&c);
    stage_end(&s);
}
