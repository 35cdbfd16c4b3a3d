/* A broker whose journal is not the one that was seen: put back from a copy, or with
   another history under the same keys. What `maat` and maat-agent say, and how a
   person takes the journal as it is. */
#include <stdlib.h>

#include "schema/checkpoint.h"
#include "schema/tree_head.h"
#include "tests/desk.h"
#include "tests/raw.h"
#include "tests/t.h"
#include "tests/typed.h"

#define WHOAMI "maat whoami -c board/lead.zpl"
#define NOTE "maat decide note da-2016/1.1 --reason Asked -c board/lead.zpl"
#define STATUS "maat-agent status --config agent.zpl"
#define FORGET "maat-agent forget-head --config agent.zpl"

/* --- the board's directory ------------------------------------------------------------ */

/* Where it was, and where a desk's agent looks for it. */
static void
start_broker(struct rig *r)
{
    static char address[RIG_PATH + 20];

    (void)snprintf(address, sizeof address, "ipc://%s", rig_path(r, "broker.sock"));
    rig_start_broker(r, (const char *const[]){"--listen", address, NULL});
}

static void
back_up(struct rig *r)
{
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "cp -r board backup"));
    start_broker(r);
}

/* The broker is found where it was: key files are not of the backup. */
static void
put_back(struct rig *r)
{
    rig_stop_broker(r);
    CHECK_INT(0, rig_run(r, "rm -r board/journal board/state && "
                            "cp -r backup/journal backup/state board"));
    start_broker(r);
}

/* One that keeps no head writes another history. */
static void
write_another(struct rig *r, long until)
{
    struct caller *lead = caller_open(r, "board/lead.zpl");

    for (int i = 0; lead->seen < until; i++)
        caller_must(lead,
                    "{'kind': 'plan', 'id': 'other-%ld-%d', 'title': 'Other', 'type': 'strategy', "
                    "'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}",
                    until, i);
    caller_close(&lead);
}

/* --- maat -------------------------------------------------------------------------------- */

TEST(heads_maat_keeps_the_newest_that_was_proven)
{
    struct rig *r = typed_board();
    long newest = typed_newest(r);
    char want[80];

    typed(r, 0, "-rw-------", "ls -l state-home/maat/heads | grep -v total");
    (void)snprintf(want, sizeof want, ".0\n%ld\n", newest);
    typed(r, 0, want, "cat state-home/maat/heads/*");
    typed(r, 0, "accepted", NOTE);
    CHECK_INT(newest + 1, typed_newest(r));
    (void)snprintf(want, sizeof want, ".0\n%ld\n", newest + 1);
    typed(r, 0, want, "cat state-home/maat/heads/*");
    typed_end(r);
}

TEST(heads_maat_stops_at_an_older_copy_until_a_person_takes_it)
{
    struct rig *r = typed_board();
    long before = typed_newest(r);
    char want[200];

    back_up(r);
    typed(r, 0, "accepted", NOTE);
    long newest = typed_newest(r);
    CHECK(newest > before);
    put_back(r);
    (void)snprintf(
        want, sizeof want,
        "maat: stopped: other-journal: the broker says: the tree head that was seen "
        "last, of entry %ld, does not belong to this journal, which ends with entry %ld, "
        "root ",
        newest, before);
    typed(r, 3, want, WHOAMI);
    (void)snprintf(want, sizeof want, "0, entry %ld, root ", newest);
    CHECK(strstr(r->output, want));
    CHECK(strstr(r->output, "Ask the board's operator whether the broker was restored from a "
                            "backup, and if so `maat board forget-head` takes the journal as it "
                            "is now"));
    typed(r, 3, "other-journal", "maat status da-2016 -c board/lead.zpl");
    typed(r, 3, "other-journal", NOTE);
    typed(r, 0, "event=hello-refused", "cat board.log 2>/dev/null || true; cat *.log | grep other");

    (void)snprintf(want, sizeof want, ".0, entry %ld, root ", newest);
    typed(r, 0, want, "maat board forget-head -c board/lead.zpl");
    typed(r, 1, "nothing of this board's journal was kept here",
          "maat board forget-head -c board/lead.zpl");
    CHECK_INT(before, typed_newest(r));
    typed(r, 0, "accepted", NOTE);
    CHECK_INT(before + 1, typed_newest(r));
    typed_end(r);
}

/* One that is there when the copy is put back, and one that comes after. */
TEST(heads_maat_watch_stops_at_an_older_copy)
{
    static const char *const live[] = {"maat", "watch",          "--since", "0",
                                       "-c",   "board/lead.zpl", NULL};
    struct rig *r = typed_board();

    back_up(r);
    typed(r, 0, "accepted", NOTE);
    struct rig_program *watch = rig_start(r, live);
    CHECK(*rig_line(r, watch));
    put_back(r);
    CHECK_INT(3, rig_wait(watch));
    CHECK_INT(0, rig_run(r, "grep 'maat: stopped: other-journal: ' %s", watch->log));
    CHECK(strstr(r->output, "`maat board forget-head`"));
    typed(r, 3, "maat: stopped: other-journal: ", "maat watch --once -c board/lead.zpl");
    typed_end(r);
}

/* What the broker shows to one that says nothing of what it has seen. */
static struct tree_head
greet(struct raw *c)
{
    struct checkpoint shown;
    struct fault fault;

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    struct text note = c->message.welcome.head;
    CHECK(checkpoint_parse(&shown, note.at, note.len, &fault));
    return shown.head;
}

static struct tree_head
look(struct rig *r)
{
    struct raw *c = raw_open(r, "board/lead.zpl", 'a');
    struct tree_head shown = greet(c);

    raw_close(&c);
    return shown;
}

/* Does the proof that it gives hold? */
static bool
is_proven(struct rig *r, const struct tree_head *seen, struct tree_head *shown)
{
    struct raw *c = raw_open(r, "board/lead.zpl", 'a');
    struct query q = {.id = 1, .what = QUERY_CONSISTENCY, .from = (int64_t)seen->size};
    struct tree_proof proof;

    *shown = greet(c);
    q.size = (int64_t)shown->size;
    q.has.id = q.has.what = q.has.from = q.has.size = 1;
    raw_say(c, SAY_QUERY, &q);
    CHECK_STR("RESULT 1", raw_hear(c));
    struct bytes bytes = c->message.result.proof;
    CHECK(tree_proof_read(&proof, bytes.at, bytes.len));
    bool is = tree_verify_consistency(seen, shown, &proof);
    raw_close(&c);
    return is;
}

TEST(heads_maat_stops_at_a_journal_that_was_rewritten)
{
    struct tree_head shown;
    struct rig *r = typed_board();

    back_up(r);
    typed(r, 0, "accepted", NOTE);
    const struct tree_head seen = look(r);
    long newest = typed_newest(r);
    CHECK_INT(newest, seen.size);
    typed(r, 0, "accepted", NOTE);
    CHECK(is_proven(r, &seen, &shown));
    newest = typed_newest(r);

    /* Of the same size, and then longer. */
    put_back(r);
    write_another(r, newest);
    typed(r, 3, "other-journal", WHOAMI);
    CHECK(!is_proven(r, &seen, &shown));
    CHECK_INT(newest, shown.size);
    write_another(r, newest + 3);
    typed(r, 3, "other-journal", WHOAMI);
    CHECK(!is_proven(r, &seen, &shown));
    CHECK(!is_proven(r, &(struct tree_head){seen.size - 1, seen.root}, &shown));
    typed(r, 0, "forgotten", "maat board forget-head -c board/lead.zpl");
    CHECK_INT(newest + 3, typed_newest(r));
    typed_end(r);
}

/* Two boards in one state folder are not taken for each other. */
TEST(heads_of_two_boards_are_kept_apart)
{
    struct rig *r = typed_board();
    struct rig *other = typed_board();
    char command[4 * RIG_PATH];

    typed(r, 0, "accepted", NOTE);
    typed(r, 0, "accepted", NOTE);
    (void)snprintf(command, sizeof command, "maat whoami -c %s/board/lead.zpl", other->dir);
    typed(r, 0, "journal", command);
    typed(r, 0, "journal", WHOAMI);
    typed(r, 0, "journal", command);
    typed(r, 0, "2", "ls state-home/maat/heads | wc -l");
    typed_end(other);
    typed_end(r);
}

TEST(heads_not_signed_by_the_board_are_not_believed)
{
    struct rig *r = typed_board();

    typed(r, 0, "signing-key", "grep signing-key board/lead.zpl");
    typed(r, 0, "",
          "maat key new other.zpl --broker board/lead.zpl && "
          "test \"$(grep signing-key other.zpl)\" = \"$(grep signing-key board/lead.zpl)\"");
    typed(r, 0, "",
          "sed '/signing-key/s/\"./\"=/' board/lead.zpl > lead.zpl && chmod 600 lead.zpl");
    typed(r, 3,
          "stopped: no-head: what the broker shows of its journal can't be believed: the tree "
          "head is not signed by the board's key",
          "maat whoami -c lead.zpl");
    typed(r, 1, "nothing of this board's journal was kept", "maat board forget-head -c lead.zpl");
    typed(r, 0, "", "sed -i '/signing-key/d' lead.zpl");
    typed(r, 0, "journal", "maat whoami -c lead.zpl");
    typed_end(r);
}

/* --- maat-agent ------------------------------------------------------------------------------ */

static void
stop_all(struct desk *d)
{
    CHECK_INT(0, desk_stop(d, SIGTERM));
    rig_stop_broker(d->rig);
    start_broker(d->rig);
    desk_start(d);
}

TEST(heads_agent_stops_at_an_older_copy_and_sends_again_what_it_lacks)
{
    struct desk *d = desk_open(NULL);

    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10, 'wait': true}"),
                 "accepted"));
    back_up(d->rig);
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 20, 'wait': true}"),
                 "accepted"));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/2', 'percent': 30, 'wait': true}"),
                 "\"refused\""));
    CHECK(strstr(desk_say(d, "{'ask': 'forget-head'}"), "nothing was forgotten"));
    stop_all(d); /* so that it sees the newest head */
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 40, 'wait': true}"),
                 "accepted"));
    put_back(d->rig);
    rig_until(d->rig, STATUS " | grep other-journal");
    CHECK(strstr(d->rig->output, "`maat-agent forget-head` takes the journal as it is now"));
    CHECK_STR("{\"queued\":5}",
              desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 50}"));
    CHECK_INT(0, rig_run(d->rig, STATUS));
    CHECK(strstr(d->rig->output, "connection  stopped: other-journal: "));
    CHECK(strstr(d->rig->output, "1 wait"));
    CHECK_INT(0, rig_run(d->rig, "grep -c event=link-stopped %s", d->agent->log));
    CHECK_STR("1\n", d->rig->output);

    /* Nor does a new start forget it. */
    CHECK_INT(0, desk_stop(d, SIGTERM));
    desk_start(d);
    rig_until(d->rig, STATUS " | grep other-journal");

    CHECK_INT(0, rig_run(d->rig, FORGET));
    CHECK_INT(0, rig_run(d->rig, "grep event=head-forgotten %s", d->agent->log));
    const struct agent_status *status = desk_settle(d);
    CHECK_INT(5, status->last);
    CHECK_INT(LINK_OPEN, status->link);
    CHECK_INT(1, status->refused);
    CHECK_INT(1, rig_run(d->rig, FORGET));
    CHECK_INT(5, desk_verify(d));
    desk_close(&d);
}

/* It saw a head before the copy was made; since then it has counted. */
TEST(heads_agent_counts_where_its_head_is_older_than_the_copy)
{
    struct desk *d = desk_open(NULL);

    back_up(d->rig);
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10, 'wait': true}"),
                 "accepted"));
    put_back(d->rig);
    rig_until(d->rig, STATUS " | grep 'up to n 0 only, and had answered up to n 1'");
    CHECK_INT(0, rig_run(d->rig, FORGET));
    rig_until(d->rig, "maat -c board/lead.zpl log da/1 | grep 'percent 10'"); /* sent again */
    (void)desk_settle(d);
    CHECK_INT(1, desk_verify(d));
    desk_close(&d);
}
