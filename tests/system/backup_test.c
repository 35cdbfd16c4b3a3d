/* maat-broker backup, restore and drill: of a board that is served, and what agents and
   leads make of it when it is restored. */
#include <stdlib.h>

#include "schema/checkpoint.h"
#include "tests/crowd.h"
#include "tests/desk.h"
#include "tests/raw.h"
#include "tests/t.h"
#include "tests/typed.h"

#define STATUS "maat-agent status --config agent.zpl"

enum { BACKUPS = 3, QUEUED_EACH = 100 };

/* --- while it is served ----------------------------------------------------------------- */

/* The head that a backup has. */
static struct checkpoint
head_of(struct rig *r, const char *backup)
{
    struct checkpoint head;
    struct fault fault;

    CHECK_INT(0, rig_run(r, "cat %s/head", backup));
    if (!checkpoint_parse(&head, r->output, strlen(r->output), &fault))
        FAIL_WITH("%s: %s", backup, fault.reason);
    return head;
}

/* The broker proves that its journal begins with what the backup holds. */
static void
check_is_prefix(struct rig *r, const char *backup)
{
    const struct checkpoint had = head_of(r, backup);
    struct raw *c = raw_open(r, "board/lead.zpl", 'a');
    struct checkpoint shown;
    struct tree_proof proof;
    struct fault fault;

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    struct text note = c->message.welcome.head;
    CHECK(checkpoint_parse(&shown, note.at, note.len, &fault));
    CHECK_STR(shown.origin, had.origin);
    raw_say_line(c, SAY_QUERY, "{'id': 1, 'what': 'consistency', 'from': %lld, 'size': %lld}",
                 (long long)had.head.size, (long long)shown.head.size);
    CHECK_STR("RESULT 1", raw_hear(c));
    struct bytes bytes = c->message.result.proof;
    CHECK(tree_proof_read(&proof, bytes.at, bytes.len));
    CHECK(tree_verify_consistency(&had.head, &shown.head, &proof));
    raw_close(&c);
}

/* Under load: all that was acknowledged before it began is in it. */
static void
back_up_under_load(struct rig *r, struct crowd *w, const char *to)
{
    long newest = typed_newest(r);
    struct rig_program *p =
        rig_start(r, (const char *const[]){"maat-broker", "backup", "board", to, NULL});

    while (!rig_exists(r, to))
        if (!crowd_step(w))
            crowd_queue(w, QUEUED_EACH);
    CHECK_INT(0, rig_wait(p));
    CHECK(head_of(r, to).head.size >= (uint64_t)newest);
}

TEST(backup_made_under_load_is_what_the_journal_begins_with)
{
    struct stage s = stage_open(NULL);
    struct crowd w;
    char name[20];

    crowd_open(&w, &s);
    crowd_queue(&w, QUEUED_EACH);
    for (int i = 0; i < BACKUPS; i++) {
        (void)snprintf(name, sizeof name, "backup-%d", i);
        back_up_under_load(s.rig, &w, name);
    }
    crowd_settle(&w);
    crowd_check(&w);
    crowd_close(&w);
    for (int i = 0; i < BACKUPS; i++) {
        (void)snprintf(name, sizeof name, "backup-%d", i);
        check_is_prefix(s.rig, name);
        CHECK_INT(0, rig_run(s.rig, "maat-broker drill %s", name));
        CHECK(strstr(s.rig->output, "can be restored"));
    }
    stage_end(&s);
}

/* --- a lost host ---------------------------------------------------------------------------- */

/* The broker is gone with all that it had, and comes again from the backup. */
static void
lose_and_restore(struct desk *d, const char *backup)
{
    rig_signal(d->rig->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(d->rig->broker));
    CHECK_INT(0, rig_run(d->rig, "rm -r board && maat-broker restore %s board", backup));
    desk_start_broker(d);
}

TEST(backup_restored_gets_from_an_agent_what_it_lacks)
{
    struct desk *d = desk_open(NULL);

    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10, 'wait': true}"),
                 "accepted"));
    CHECK_INT(0, rig_run(d->rig, "maat-broker backup board backup"));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 20, 'wait': true}"),
                 "accepted"));
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/2', 'percent': 30, 'wait': true}"),
                 "\"refused\""));
    lose_and_restore(d, "backup");
    rig_until(d->rig, "grep 'event=journal-restored' 1.log");
    rig_until(d->rig, STATUS " | grep 'an operator must open intake'");
    rig_until(d->rig, "grep 'event=intake-closed why=restored' 0.log");
    rig_until(d->rig, "grep 'event=put-off reason=.*an operator must open intake' 1.log");
    CHECK_STR("{\"queued\":4}",
              desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 40}"));
    typed(d->rig, 0, "accepted", "maat board open -c board/operator.zpl");
    const struct agent_status *status = desk_settle(d);
    CHECK_INT(4, status->last);
    CHECK_INT(1, status->refused);
    rig_until(d->rig, "grep 'event=intake-opened why=restored' 0.log");
    rig_until(d->rig, "grep event=taken-again 1.log");
    CHECK_INT(0, rig_run(d->rig, "test $(grep -c event=put-off 1.log) = 1"));
    CHECK_INT(6, desk_verify(d)); /* restored, opened, and four of the agent's */
    desk_close(&d);
}

/* --- leads -------------------------------------------------------------------------------- */

#define NOTE "maat decide note da-2016/1.1 --reason asked -c board/lead.zpl"

static void
restore_over(struct rig *r, const char *backup)
{
    rig_signal(r->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "rm -r board && maat-broker restore %s board", backup));
    rig_start_broker(r, NULL);
}

/* Once, on stderr; then it is the journal that is known. */
TEST(backup_restored_is_told_to_a_lead_who_goes_on)
{
    struct rig *r = typed_board();
    char want[300];

    typed(r, 0, "holds the entries", "maat-broker backup board backup");
    long last = typed_newest(r);
    typed(r, 0, "accepted", NOTE);
    long seen = typed_newest(r);
    restore_over(r, "backup");
    (void)snprintf(
        want, sizeof want,
        "maat: the board was restored from a backup, and lacks what came after entry "
        "%ld; seen was riverside-safeguarding-board.0 up to entry %ld. `maat sent --after "
        "%ld` prints what you had sent since: look through it, and send again what is "
        "missing",
        last, seen, last);
    typed(r, 0, want, "maat whoami -c board/lead.zpl");
    CHECK_INT(0, rig_run(r, "maat whoami -c board/lead.zpl"));
    CHECK(!strstr(r->output, "restored"));
    typed(r, 0, "accepted", NOTE);
    typed(r, 1, "only operators may do this", "maat board open -c board/lead.zpl");
    typed(r, 0, "accepted", "maat board open -c board/operator.zpl --reason 'all is there'");
    typed_end(r);
}

/* With the entry of the first time, so that who has seen no more than that goes on too. */
TEST(backup_restored_a_second_time_begins_another_epoch)
{
    static const char ask[] = "maat whoami -c board/lead.zpl";
    struct rig *r = typed_board();

    typed(r, 0, "holds the entries", "maat-broker backup board many --keep 9");
    typed(r, 0, "epoch 0", ask);
    restore_over(r, "many");
    typed(r, 0, "the board was restored", ask);
    restore_over(r, "many");
    typed(r, 0, "of entry 13; nothing that was seen is missing", ask);
    typed(r, 0, "epoch 2", ask);
    typed(r, 0, "accepted", NOTE);
    typed(r, 0, "epoch 2", ask);
    restore_over(r, "many");
    typed(r, 0, "lacks what came after entry 14; seen was riverside-safeguarding-board.2 up to",
          ask);
    typed(r, 0, "accepted", "maat board open -c board/operator.zpl --reason 'all is there'");
    typed(r, 0, "3 many", "wc -l many/*/restored");
    typed(r, 0, "can be restored", "maat-broker drill many");
    typed(r, 0, "3 many", "wc -l many/*/restored");

    /* One beside it was made before: its own first epoch nobody has seen. */
    typed(r, 0, "",
          "mkdir two && cp -r many/2* two/one && cp -r two/one two/other && rm two/other/restored");
    typed(r, 0, "epoch       4, as a restore before this one has begun epoch 3",
          "maat-broker restore two/other a");
    typed(r, 0, "equals refold", "maat-broker verify a");
    typed_end(r);
}

/* As where the first board was lost, and made anew: it never was of these epochs. */
TEST(backup_restored_beside_one_of_another_key_begins_its_own_epoch)
{
    struct rig *r = typed_board();

    typed(r, 0, "holds the entries", "mkdir many && maat-broker backup board many/theirs");
    typed(r, 0, "", "maat-broker restore --epoch 7 many/theirs theirs");
    CHECK_INT(0, rig_run(r, "maat-broker init mine --board 'Riverside Safeguarding Board'"));
    typed(r, 0, "holds the entries", "maat-broker backup mine many/mine");
    CHECK_INT(0, rig_run(r, "maat-broker restore many/mine a"));
    CHECK(!strstr(r->output, "a restore before this one"));
    typed(r, 0, "1 many/mine/restored", "wc -l many/mine/restored");
    typed_end(r);
}

/* No more of them than can be read again. */
TEST(backup_restored_a_hundred_epochs_ago_is_too_old)
{
    struct rig *r = typed_board();

    typed(r, 0, "holds the entries", "maat-broker backup board one");
    for (int epoch = 10; epoch <= 100; epoch += 10)
        CHECK_INT(0, rig_run(r, "rm -rf a; maat-broker restore --epoch %d one a", epoch));
    typed(r, 0, "100 one/restored", "wc -l one/restored");
    typed(r, 1,
          "one is of epoch 0, too far before epoch 101, which is to begin: use a newer backup",
          "maat-broker restore one b");
    CHECK(!rig_exists(r, "b"));
    typed(r, 0, "100 one/restored", "wc -l one/restored");
    typed_end(r);
}

/* What lies there in its place. */
TEST(backup_restored_with_a_mark_that_is_none_says_what_to_do)
{
    struct rig *r = typed_board();

    typed(r, 0, "holds the entries", "maat-broker backup board one");
    typed(r, 0, "accepted", NOTE);
    typed(r, 0, "holds the entries", "maat-broker backup board two");
    typed(r, 0, "", "maat-broker restore two a && cp two/restored one");
    typed(r, 1, "tells of a restore of another backup: move it away, and say with --epoch",
          "maat-broker restore one b");
    CHECK(!rig_exists(r, "b") && !rig_exists(r, "one/restored.new"));
    typed(r, 1, "one/restored is not what a restore has written",
          "echo nonsense > one/restored; maat-broker restore one b");
    typed(r, 1, "one/restored is not what a restore has written",
          "head -c 3000 /dev/zero > one/restored; maat-broker restore one b");
    typed(r, 1, "one/restored is not what a restore has written",
          "sed p two/restored | sed '2s/.$//' > one/restored; maat-broker restore one b");
    typed(r, 0, "were this backup restored once more, say\n            --epoch 3 then",
          "rm one/restored && mkdir one/restored.new && maat-broker restore one b");
    CHECK(!rig_exists(r, "one/restored"));
    typed_end(r);
}

/* Of a copy that knows nothing of it; the client, and the broker's log, say what to do. */
TEST(backup_restored_from_another_copy_says_how_to_begin_another_epoch)
{
    static const char ask[] = "maat whoami -c board/lead.zpl";
    static const char advice[] = "If its backup was restored before: do that again with the file "
                                 "`restored` of the copy that was taken then, or --epoch 2";
    struct rig *r = typed_board();
    char command[RIG_PATH + 300];

    typed(r, 0, "holds the entries", "maat-broker backup board backup");
    typed(r, 0, "", "mkdir elsewhere && cp -r backup elsewhere/copy");
    restore_over(r, "backup");
    typed(r, 0, "epoch 1", ask);
    restore_over(r, "elsewhere/copy");
    typed(r, 3, advice, ask);
    (void)snprintf(command, sizeof command, "grep -F '%s' %s", advice, r->broker->log);
    typed(r, 0, "code=other-journal", command);
    typed(r, 0, "", "cp backup/restored elsewhere/copy");
    restore_over(r, "elsewhere/copy");
    typed(r, 0, "of entry 13; nothing that was seen is missing", ask);

    /* Without that file: enough for who has seen more than the restore itself. */
    typed(r, 0, "accepted", NOTE);
    typed(r, 0, "epoch 2", ask);
    typed(r, 0, "", "rm elsewhere/copy/restored");
    restore_over(r, "elsewhere/copy");
    typed(r, 3, "or --epoch 3", ask);
    typed(r, 0, "", "rm elsewhere/copy/restored");
    restore_over(r, "--epoch 3 elsewhere/copy");
    typed(r, 0, "seen was riverside-safeguarding-board.2 up to", ask);
    typed_end(r);
}

/* What a lead had made since is said again, in its order, with what is seen now; of that key
   alone, and without what was refused. */
TEST(backup_restored_gets_again_what_leads_had_sent)
{
    struct rig *r = typed_board();
    char command[200];

    typed(r, 0, "accepted", NOTE);
    typed(r, 0, "holds the entries", "maat-broker backup board backup");
    long last = typed_newest(r);
    typed(r, 0, "accepted",
          "maat plan add new --title New --type strategy --marking OFFICIAL "
          "--members all -c board/lead.zpl");
    typed(r, 0, "accepted", "maat action add new/1 --title First --lead police -c board/lead.zpl");
    typed(r, 0, "accepted", "maat action amend new/1 --title Second -c board/lead.zpl");
    typed(r, 1, "not-found",
          "echo '{\"kind\": \"decision\", \"action\": \"new/2\", \"what\": \"note\", "
          "\"reason\": \"asked\"}' | maat send - -c board/lead.zpl");
    typed(r, 0, "accepted",
          "maat agency add fire --name Fire --sector other -c board/operator.zpl");
    restore_over(r, "backup");
    (void)snprintf(command, sizeof command, "maat sent --after %ld -c board/lead.zpl > again",
                   last);
    typed(r, 0, "", command);
    typed(r, 0, "3 again", "wc -l again");
    typed(r, 1, "", "grep 'seen\\|epoch\\|Fire\\|asked' again");
    typed(r, 0, "3 accepted", "maat send again -c board/lead.zpl");
    typed(r, 0, "Second", "maat show new/1 -c board/lead.zpl");
    typed(r, 0, "Fire", "maat sent -c board/operator.zpl");
    typed_end(r);
}

/* What it was told is gone: it ends, and says so; and so does one that comes later with
   its state, when the journal is as long as it was. */
TEST(backup_restored_ends_a_watch_that_was_past_it)
{
    static const char *const live[] = {"maat", "watch", "--since",        "0", "--state",
                                       "s",    "-c",    "board/lead.zpl", NULL};
    struct rig *r = typed_board();

    typed(r, 0, "holds the entries", "maat-broker backup board backup");
    struct rig_program *watch = rig_start(r, live);
    typed(r, 0, "accepted", NOTE);
    rig_until(r, "grep '\"upto\":'$(maat whoami -c board/lead.zpl --json | jq .number) s");
    restore_over(r, "backup");
    rig_until(r, "grep 'lacks what came after entry' *.log && grep 'the state file s is of the "
                 "journal that was' *.log");
    CHECK_INT(3, rig_wait(watch));
    typed(r, 0, "accepted", NOTE);
    typed(r, 0, "accepted", NOTE);
    typed(r, 3, "the state file s is of the journal as it was before the board was restored",
          "maat watch --state s --since 0 -c board/lead.zpl");
    typed_end(r);
}
