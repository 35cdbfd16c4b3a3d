/* maat cut off in the middle of its work: the same command again goes on, and does
   nothing twice. */
#include <lmdb.h>
#include <poll.h>
#include <unistd.h>

#include "tests/t.h"
#include "tests/typed.h"

enum { ROUNDS = 30, ACTIONS = 30, LINES = 2 * ACTIONS };

/* Each action is added, and then changed by a line that must have seen it added. */
static void
write_lines(struct rig *r, int round)
{
    static char lines[LINES * 160];
    size_t len = 0;

    for (int i = 0; i < LINES; i++)
        len += (size_t)snprintf(lines + len, sizeof lines - len,
                                "{\"kind\": \"action\", \"id\": \"da-2016/r%d-%d\", \"ref\": "
                                "\"r%d-%d\", \"title\": \"%s\", \"leads\": [\"police\"]}\n",
                                round, i % ACTIONS, round, i % ACTIONS,
                                i < ACTIONS ? "before" : "after");
    rig_write(r, "lines", lines);
}

/* All that it printed. */
static void
read_all(struct rig *r, const struct rig_program *p)
{
    size_t len = 0;
    ssize_t got;

    while ((got = read(p->out, r->output + len, RIG_OUTPUT - 1 - len)) > 0)
        len += (size_t)got;
    r->output[len] = '\0';
}

/* Whether the last line's result was said: who has read that types it no more. */
static bool
send_and_kill(struct rig *r, int ms)
{
    static const char *const argv[] = {"maat", "send", "lines", "-c", "board/lead.zpl", NULL};
    struct rig_program *p = rig_start(r, argv);
    struct pollfd ends = {p->out, 0, 0};
    char last[40];

    (void)poll(&ends, 1, ms); /* some moment of its life */
    rig_signal(p, SIGKILL);
    read_all(r, p);
    (void)rig_wait(p);
    (void)snprintf(last, sizeof last, "\nline %d: ", LINES);
    return strstr(r->output, last) != NULL;
}

/* How long it takes that is not killed. */
static int
time_one(struct rig *r)
{
    int64_t begun = rig_now();

    write_lines(r, ROUNDS);
    typed(r, 0, "accepted, 0 refused", "maat send lines -c board/lead.zpl");
    return (int)(rig_now() - begun) + 1;
}

TEST(maat_send_killed_at_any_moment_and_typed_again_does_nothing_twice)
{
    struct rig *r = typed_board();
    const int longest = time_one(r);
    long before = typed_newest(r);
    int cut_off = 0;

    for (int round = 0; round < ROUNDS; round++) {
        write_lines(r, round);
        bool done = send_and_kill(r, (int)random_below((uint64_t)longest));
        for (int again = 0; again < 2 && !done; again++, cut_off++)
            done = send_and_kill(r, (int)random_below((uint64_t)longest));
        if (!done)
            typed(r, 0, "accepted, 0 refused", "maat send lines -c board/lead.zpl");
        CHECK_INT(before + LINES, typed_newest(r));
        before += LINES;
    }
    CHECK(cut_off > 0);
    CHECK(typed_shows(r, "da-2016/r0-0", "\"title\":\"after\""));
    typed_end(r);
}

/* A maat that has looked, and now waits to write to its outbox, which is held as
   another maat would that is writing to it. */
struct held {
    struct rig_program *maat;
    MDB_env *env;
    MDB_txn *txn;
};

static struct held
start_held(struct rig *r, const char *const argv[])
{
    struct held h;
    char until[160];

    CHECK_INT(0, mdb_env_create(&h.env));
    CHECK_INT(0, mdb_env_open(h.env, rig_path(r, "state-home/maat"), 0, 0600));
    CHECK_INT(0, mdb_txn_begin(h.env, NULL, 0, &h.txn));
    h.maat = rig_start(r, argv);
    (void)snprintf(until, sizeof until,
                   "grep -aq %s /proc/%d/cmdline && grep -q maat/data.mdb /proc/%d/maps", argv[1],
                   (int)h.maat->id, (int)h.maat->id);
    rig_until(r, until);
    return h;
}

static int
let_go(struct rig *r, struct held *h)
{
    mdb_txn_abort(h->txn);
    mdb_env_close(h->env);
    read_all(r, h->maat);
    return rig_wait(h->maat);
}

/* Having seen all there is. */
static void
say(struct caller *c, const char *line)
{
    (void)caller_ask(c, "{'id': 1, 'what': 'agencies'}");
    CHECK(strncmp(caller_say(c, "%s", line), "accepted", 8) == 0);
}

/* Between the look at the action and the sending, the police says something. */
TEST(maat_decide_tells_what_changed_where_it_is_stale)
{
    static const char *const argv[] = {"maat",           "decide",   "withdraw", "da-2016/1.1",
                                       "da-2016/1.2",    "--reason", "twice",    "-c",
                                       "board/lead.zpl", NULL};
    struct rig *r = typed_board();
    struct caller *police = caller_open(r, "police.zpl");

    typed(r, 0, "accepted", "maat decide note da-2016/1.1 -c board/lead.zpl --reason first");
    struct held held = start_held(r, argv);
    say(police, "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-04-01', 'status': "
                "'in-progress'}");
    CHECK_INT(1, let_go(r, &held));
    CHECK(strstr(r->output, "da-2016/1.1 withdraw: refused (entry "));
    CHECK(strstr(r->output, "da-2016/1.2 withdraw: accepted as entry "));
    CHECK(strstr(r->output, "da-2016/1.1 has changed since it was looked at (entry "));
    CHECK(strstr(r->output, "police/crm"));
    CHECK(strstr(r->output, "in-progress"));
    CHECK(!strstr(r->output, "first"));
    typed(r, 0, "accepted", "maat decide withdraw da-2016/1.1 --reason twice -c board/lead.zpl");
    caller_close(&police);
    typed_end(r);
}

/* Between the look at the registry and the sending, another operator changes it. */
TEST(maat_agency_and_client_tell_what_changed_where_it_is_stale)
{
    static const char *const agency[] = {"maat",   "agency",     "amend", "police",
                                         "--name", "Constables", "-c",    "board/operator.zpl",
                                         NULL};
    static const char *const client[] = {"maat",   "client", "amend", "police/crm",
                                         "--name", "System", "-c",    "board/operator.zpl",
                                         NULL};
    struct rig *r = typed_board();
    struct caller *operator= caller_open(r, "board/operator.zpl");

    typed(r, 0, "accepted", "maat agency amend police --name First -c board/operator.zpl");
    struct held held = start_held(r, agency);
    say(operator, "{'kind': 'agency', 'id': 'health', 'name': 'Aside', 'sector': 'health', "
                  "'seen': SEEN}");
    say(operator, "{'kind': 'agency', 'id': 'police', 'name': 'Second', 'sector': 'police', "
                  "'seen': SEEN}");
    CHECK_INT(1, let_go(r, &held));
    CHECK(strstr(r->output, "board/operator      agency police: name \"Second\""));
    CHECK(!strstr(r->output, "First"));
    CHECK(!strstr(r->output, "Aside"));
    CHECK_INT(0, rig_run(r, "grep 'The same command again applies it to what is there' %s",
                         held.maat->log));
    typed(r, 0, "accepted", "maat agency amend police --name Constables -c board/operator.zpl");

    held = start_held(r, client);
    say(operator, "{'kind': 'client', 'id': 'police/crm', 'name': 'Third', 'seen': SEEN}");
    CHECK_INT(1, let_go(r, &held));
    CHECK(strstr(r->output, "board/operator      client police/crm: name \"Third\""));
    typed(r, 0, "accepted", "maat client amend police/crm --name System -c board/operator.zpl");
    caller_close(&operator);
    typed_end(r);
}

/* --- typed again ------------------------------------------------------------------------ */

#define NOTE "maat decide note da-2016/1.1 -c board/lead.zpl --reason "
#define GOES_ON "going on with the same command of "

enum { MINUTE = 60, DAY = 24 * 60 * MINUTE };

/* A note with the reason "WORD-ID", killed at the n-th call; or not, where it makes
   fewer of them. */
static bool
note_and_kill(struct rig *r, const char *word, int id, const char *call, int n)
{
    return rig_run(r,
                   "ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -f -o trace -e trace=%s "
                   "-e inject=%s:signal=KILL:when=%d " NOTE "%s-%d",
                   call, call, n, word, id)
           == 128 + SIGKILL;
}

/* The same note again, typed so much later. */
static void
note_again(struct rig *r, const char *word, int id, int later)
{
    rig_shift_clock(r, later);
    CHECK_INT(0, rig_run(r, NOTE "%s-%d", word, id));
    CHECK(strstr(r->output, "accepted as entry"));
    rig_shift_clock(r, 0);
}

/* Killed once it has said the verdict, and before it has noted that all is done: as
   it makes something durable for the last time, which is not always the same. Which
   note that was. */
static int
cut_off_at_the_end(struct rig *r, const char *word)
{
    for (int id = 0; id < 60; id++)
        if (note_and_kill(r, word, id, "fdatasync", id % 6 + 1) && strstr(r->output, "accepted"))
            return id;
    FAIL_WITH("never cut off at its end");
}

/* Straight away it means: go on. Another time it means: once more. */
TEST(maat_same_command_goes_on_with_one_that_was_cut_off_and_hours_later_is_another)
{
    struct rig *r = typed_board();
    int id = cut_off_at_the_end(r, "soon");
    long before = typed_newest(r);

    note_again(r, "soon", id, 50 * MINUTE);
    CHECK(strstr(r->output, GOES_ON));
    CHECK_INT(before, typed_newest(r));
    note_again(r, "soon", id, 0);
    CHECK(!strstr(r->output, GOES_ON));
    CHECK_INT(before + 1, typed_newest(r));

    id = cut_off_at_the_end(r, "later");
    before = typed_newest(r);
    note_again(r, "later", id, 70 * MINUTE);
    CHECK(!strstr(r->output, GOES_ON));
    CHECK_INT(before + 1, typed_newest(r));
    typed_end(r);
}

/* What never reached the broker is sent, however late, and once. */
TEST(maat_same_command_sends_what_was_not_sent_days_later)
{
    struct rig *r = typed_board();
    long before = typed_newest(r);
    int unsent = 0;

    for (int n = 1; note_and_kill(r, "note", n, "sendto", n); n++) {
        bool done = strstr(r->output, "accepted as entry"); /* killed as it took its leave */
        bool sent = typed_newest(r) > before;
        note_again(r, "note", n, 3 * DAY);
        unsent += !sent && strstr(r->output, GOES_ON);
        before += done ? 2 : 1;
        CHECK_INT(before, typed_newest(r));
    }
    CHECK(unsent > 0);
    typed_end(r);
}
