/* What an operator may meet: a damaged file, a full disk, a wrong clock, a lost host; and
   backups that pile up. */
#include <stdlib.h>

#include "tests/desk.h"
#include "tests/machine.h"
#include "tests/t.h"
#include "tests/typed.h"

#define BACKUP "maat-broker backup board backup"
#define STATUS "maat-agent status --config agent.zpl"

/* A byte of a file is turned where the text first stands in it. */
#define TURN(file, text)                                                                   \
    "at=$(grep -abo '" text "' " file " | head -n 1 | cut -d: -f1) && test -n \"$at\" && " \
    "printf '\\377' | dd of=" file " bs=1 seek=$at conv=notrunc 2>/dev/null"

/* --- a damaged file ---------------------------------------------------------------------- */

TEST(backup_that_is_damaged_is_not_restored)
{
    static const struct {
        const char *damage, *says;
    } rows[] = {
        {TURN("spoilt/journal/data.mdb", "Riverside"), "is not what was written. Use another"},
        {"truncate -s 20000 spoilt/journal/data.mdb", "is cut off"},
        {"truncate -s 0 spoilt/journal/data.mdb", "is empty"},
        {"rm spoilt/journal/data.mdb", "restore the journal from a backup"},
        {"rm spoilt/head", "is no backup, and holds none"},
        {"truncate -s 30 spoilt/head", "spoilt/head is damaged"},
        {"sed -i '2s/.*/3/' spoilt/head", "spoilt/head was not signed by the key"},
        {"cp older/head spoilt/head", "spoilt/journal ends with entry 5, and is not what"},
        {"cp older/journal/data.mdb spoilt/journal", "spoilt/journal ends with entry 4, and is"},
        {"cp other/settings/board.zpl spoilt/settings", "those of board other-board: put the"},
        {"cp other/journal/data.mdb spoilt/journal", "is the journal of board other-board"},
        {"cp other/head spoilt/head", "is a backup of other-board.0"},
        {"rm spoilt/settings/board.zpl", "say with --keys in which folder"},
        {"chmod 644 spoilt/settings/board.zpl", "others may read it: chmod 600 it"},
    };
    struct rig *r = rig_open();

    rig_init_board(r);
    CHECK_INT(0, rig_run(r, BACKUP " && maat-broker init others --board 'Other board' && "
                                   "maat-broker backup others other"));
    /* Of the same board, one entry shorter. */
    CHECK_INT(
        0,
        rig_run(r, "cp -r backup older && maat-broker lead board lead-2.zpl --reason lost && rm -r "
                   "backup && " BACKUP " && cp -r backup spoilt && rm -r spoilt"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int rc = rig_run(r, "rm -rf spoilt && cp -r backup spoilt && %s", rows[i].damage);
        CHECK_INT(0, rc);
        rc = rig_run(r, "maat-broker restore spoilt new");
        if (rc != 1)
            FAIL_WITH("%s: exited with %d: %s", rows[i].damage, rc, r->output);
        if (!strstr(r->output, rows[i].says))
            FAIL_WITH("%s: not \"%s\": %s", rows[i].damage, rows[i].says, r->output);
        CHECK(!rig_exists(r, "new"));
        CHECK(rig_run(r, "maat-broker drill spoilt") == rc && !rig_exists(r, "spoilt.drill"));
    }
    rig_close(r);
}

/* Of a board that is damaged there is no backup, and those that are there stay. */
TEST(backup_of_a_damaged_board_is_not_made)
{
    struct rig *r = rig_open();

    rig_stop_clock(r, "2016-04-20");
    rig_init_board(r);
    typed(r, 0, "holds the entries 1 to 4", "maat-broker backup board many --keep 1");
    rig_stop_clock(r, "2016-04-21");
    typed(r, 0, "", TURN("board/journal/data.mdb", "Riverside"));
    typed(r, 1, "is not what was written. No backup was made of it; restore the newest",
          "maat-broker backup board many --keep 1");
    typed(r, 0, "1\n", "ls many | wc -l");
    typed(r, 0, "can be restored", "maat-broker drill many");
    typed(r, 0, "", "truncate -s 9000 board/journal/data.mdb");
    typed(r, 1, "is cut off", BACKUP);
    typed(r, 1, "", "ls | grep backup");
    rig_close(r);
}

/* Nobody reads on what it says: that is no damage. */
TEST(backup_restored_into_a_closed_pipe_is_whole)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    typed(r, 0, "holds the entries", BACKUP);
    CHECK_INT(0, rig_run(r, "maat-broker restore backup new 2>said | true; cat said"));
    CHECK_STR("", r->output);
    typed(r, 0, "equals refold", "maat-broker verify new");
    rig_close(r);
}

/* --- a full disk ---------------------------------------------------------------------------- */

TEST(backup_that_finds_no_room_is_not_begun)
{
    struct rig *r = rig_open();

    if (!machine_small_disk(r, "disk", "3m")) {
        rig_close(r);
        SKIP_WITH(MACHINE_NO_DISK);
    }
    rig_init_board(r);
    typed(r, 4, "disk/backup.unfinished has ", "maat-broker backup board disk/backup");
    CHECK(strstr(r->output, "MiB left, and 1 are needed, with 64 to be left free: make room"));
    typed(r, 0, "0\n", "ls disk | wc -l");
    typed(r, 0, "", BACKUP);
    typed(r, 4, "to be left free", "maat-broker restore backup disk/board");
    typed(r, 0, "0\n", "ls disk | wc -l");

    /* With less to be left free there is room for both. */
    rig_write(r, "board/broker.zpl", "reserve-mib = 0\n");
    typed(r, 0, "holds the entries", "maat-broker backup board disk/backup");
    CHECK_INT(0, rig_run(r, "umount disk"));
    rig_close(r);
}

/* --- a wrong clock --------------------------------------------------------------------------- */

/* What a wrong clock says is not for ever in the journal. */
TEST(backup_restored_where_the_clock_is_wrong_does_not_believe_it)
{
    struct rig *r = rig_open();

    rig_stop_clock(r, "2016-04-20");
    rig_init_board(r);
    CHECK_INT(0, rig_run(r, BACKUP));
    rig_stop_clock(r, "2031-01-01");
    typed(r, 0, "clock       is more than a week off that day",
          "rm -r board && "
          "maat-broker restore backup board");
    rig_start_broker(r, NULL);
    typed(r, 3, "the broker's clock has jumped",
          "maat board open -c board/operator.zpl --timeout 2");
    rig_stop_clock(r, "2016-04-21");
    typed(r, 0, "accepted", "maat board open -c board/operator.zpl");
    typed(r, 0, "2016-04-20", "maat log -c board/operator.zpl | grep restore");
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));

    /* One that is right, and much later, is confirmed by a person. The same backup a second
       time begins an epoch that nobody has seen. */
    rig_stop_clock(r, "2016-06-01");
    typed(r, 1,
          "--epoch: the last epoch that backup knows of is 1, after which 2 to 11 can be begun",
          "maat-broker restore backup other --epoch 12");
    typed(r, 1, "after which 2 to 11", "maat-broker restore backup other --epoch 1");
    CHECK(!rig_exists(r, "other"));
    typed(r, 0, "riverside-safeguarding-board.2",
          "rm -r board && maat-broker restore backup board --epoch 2");
    rig_start_broker(r, NULL);
    typed(r, 0, "accepted", "maat board confirm-clock 2016-06-01 -c board/operator.zpl");
    typed(r, 0, "accepted", "maat board open -c board/operator.zpl");
    rig_close(r);
}

/* --- a drill --------------------------------------------------------------------------------- */

/* With keys and all: the next one clears it away, and nothing else that lies there. */
TEST(drill_that_was_killed_holds_up_no_other)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    typed(r, 0, "holds the entries", "maat-broker backup board many --keep 3");
    typed(r, 0, "", "mkdir -p many/drill && cp -r board many/drill/restored-by-drill");
    typed(r, 0, "", "cp -r board many/drill/board");
    typed(r, 1, "many/drill: another drill is at it",
          "flock many/drill maat-broker drill many --scratch many/drill");
    typed(r, 0, "board.zpl", "ls many/drill/restored-by-drill");
    typed(r, 0, "can be restored", "maat-broker drill many --scratch many/drill");
    typed(r, 0, "board\n", "ls many/drill");
    typed(r, 0, "board.zpl", "ls many/drill/board");

    /* It is no backup, and none is taken away for it. */
    typed(r, 0, "can be restored",
          "rm -r many/drill && maat-broker drill many --scratch many/drill");
    CHECK(!rig_exists(r, "many/drill"));
    typed(r, 1, "no/such/place", "maat-broker drill many --scratch no/such/place");

    /* What no drill has left stays. */
    typed(r, 0, "", "mkdir scratch && ln -s ../board scratch/restored-by-drill");
    typed(r, 1, "scratch/restored-by-drill is there, and no folder that a drill of this user",
          "maat-broker drill many --scratch scratch");
    typed(r, 0, "board.zpl", "ls scratch/restored-by-drill/");
    rig_close(r);
}

/* Where no folder is named it leaves none either; whichever backup is the newest by then. */
TEST(drill_by_hand_clears_away_what_one_that_was_killed_has_left)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_stop_clock(r, "2016-04-20");
    typed(r, 0, "holds the entries", "maat-broker backup board many --keep 3");
    typed(r, 0, "", "mkdir -p many/drill && cp -r board many/drill/restored-by-drill");
    rig_stop_clock(r, "2016-04-21");
    typed(r, 0, "holds the entries", "maat-broker backup board many --keep 3");
    typed(r, 0, "2016-04-21T120000Z can be restored", "maat-broker drill many/");
    typed(r, 0, "2016-04-20T120000Z\n2016-04-21T120000Z\n", "ls many");

    typed(r, 0, "", "cp -r many/2016-04-20T120000Z one");
    typed(r, 0, "", "mkdir one.drill && cp -r board one.drill/restored-by-drill");
    typed(r, 0, "one can be restored", "maat-broker drill one");
    CHECK(!rig_exists(r, "one.drill"));

    /* What is there beside it is somebody's. */
    typed(r, 0, "", "mkdir one.drill && cp -r board one.drill/board");
    typed(r, 0, "one can be restored", "maat-broker drill one");
    typed(r, 0, "board\n", "ls one.drill");
    rig_close(r);
}

TEST(backup_is_its_owners_and_writes_over_nothing)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    /* It does not take away what has the name of an unfinished one. */
    typed(r, 0, "", "mkdir mine.unfinished && touch mine.unfinished/my-only-copy");
    typed(r, 1, "mine.unfinished is there, and holds what no backup does: move it away",
          "maat-broker backup board mine");
    typed(r, 0, "my-only-copy\n", "ls mine.unfinished");

    rig_write(r, "board/broker.zpl", "window = 99\n");
    typed(r, 0, "and the board's keys", "umask 0; " BACKUP);
    typed(r, 0, "", "test -z \"$(find backup -perm /077)\"");
    typed(r, 0, "board.zpl\nbroker.zpl\nlead.zpl\noperator.zpl\n", "ls backup/settings");
    typed(r, 1, "backup is there already: name a new folder", BACKUP);
    typed(r, 1, "board is not empty", "maat-broker restore backup board");
    typed(r, 0, "board/journal", "maat-broker verify board >/dev/null; ls -d board/journal");
    typed(r, 1, "board is no backup, and holds none", "maat-broker restore board new");
    typed(r, 1, "nowhere", "maat-broker backup nowhere other");
    typed(r, 1, "no/such/place", "maat-broker backup board no/such/place");
    typed(r, 2, "--keep", "maat-broker backup board many --keep 0");

    /* Without keys it is restored with those of another place. */
    typed(r, 0, "and no keys", "maat-broker backup board bare --without-keys");
    typed(r, 0, "broker.zpl\n", "ls bare/settings");
    typed(r, 1, "say with --keys", "maat-broker restore bare new");
    typed(r, 0, "new is restored",
          "mkdir safe && cp board/board.zpl safe && "
          "maat-broker restore bare new --keys safe");
    typed(r, 0, "window = 99", "cat new/broker.zpl");
    typed(r, 0, "and the board's keys",
          "mv board/board.zpl safe && CREDENTIALS_DIRECTORY=safe "
          "maat-broker backup board third");
    typed(r, 0, "board = ", "cat third/settings/board.zpl");
    typed(r, 0, "can be restored", "maat-broker drill bare --keys safe --scratch other");
    CHECK(!rig_exists(r, "other"));
    rig_close(r);
}

/* --- a lost host
 * ------------------------------------------------------------------------------------ */

/* Elsewhere, twice: the second before the agent had seen the first. */
TEST(backup_restored_on_another_host_is_found_by_its_new_address)
{
    struct desk *d = desk_open(NULL);
    char address[RIG_PATH + 20];

    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 10, 'wait': true}"),
                 "accepted"));
    typed(d->rig, 0, "holds the entries", BACKUP);
    CHECK(strstr(desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 20, 'wait': true}"),
                 "accepted"));
    rig_signal(d->rig->broker, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(d->rig->broker));
    typed(d->rig, 0, "riverside-safeguarding-board.1",
          "rm -r board && maat-broker restore backup first");
    typed(d->rig, 0, "holds the entries", "maat-broker backup first again");
    typed(d->rig, 0, "riverside-safeguarding-board.2", "maat-broker restore again board");
    (void)snprintf(address, sizeof address, "ipc://%s", rig_path(d->rig, "elsewhere.sock"));
    rig_start_broker(d->rig, (const char *const[]){"--listen", address, NULL});

    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "sed -i 's/broker.sock/elsewhere.sock/' agent.zpl"));
    desk_start(d);
    rig_until(d->rig, STATUS " | grep 'an operator must open intake'");
    CHECK_INT(0, rig_run(d->rig, "grep 'event=journal-restored.* again=1' %s", d->agent->log));
    typed(d->rig, 0, "accepted", "maat board open -c board/operator.zpl");
    (void)desk_settle(d);
    typed(d->rig, 0, "percent 20", "maat -c board/lead.zpl log da/1");
    CHECK_INT(5, desk_verify(d)); /* two restores, opened, and two of the agent's */
    desk_close(&d);
}
