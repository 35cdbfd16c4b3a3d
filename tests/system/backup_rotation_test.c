/* A folder of backups: which of them is the newest, and which are taken away. */
#include "tests/t.h"
#include "tests/typed.h"

static void
back_up_on(struct rig *r, const char *day, int keep)
{
    rig_stop_clock(r, day);
    CHECK_INT(0, rig_run(r, "maat-broker backup board many --keep %d", keep));
}

TEST(backups_in_a_folder_are_kept_as_many_as_wanted)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    rig_write(r, "a-note", "not mine to take away\n");
    for (int i = 0; i < 4; i++) {
        const char *const days[] = {"2016-04-20", "2016-04-21", "2016-04-22", "2016-04-23"};
        back_up_on(r, days[i], 3);
        CHECK_INT(0, rig_run(r, "cp a-note many"));
    }
    typed(r, 0, "2016-04-21T120000Z\n2016-04-22T120000Z\n2016-04-23T120000Z\na-note\n", "ls many");
    typed(r, 1, "many/2016-04-23T120000Z is there already",
          "maat-broker backup board many --keep 3");

    /* A clock that went back: the one just made stays, whatever its name. */
    back_up_on(r, "2001-01-01", 3);
    typed(r, 0, "2001-01-01T120000Z\n2016-04-22T120000Z\n2016-04-23T120000Z\n", "ls many");

    /* What was cut off is cleared away, and is never taken for a backup; nor are remains,
       which no backup has to make room for. */
    CHECK_INT(0, rig_run(r, "mkdir many/2016-05-01T120000Z.unfinished many/2016-05-02T120000Z"));
    CHECK_INT(0, rig_run(r, "mkdir many/2016-05-02T120000Z/journal"));
    typed(r, 0, "backup      many/2016-04-23T120000Z: entries 1 to 4", "maat-broker drill many");
    back_up_on(r, "2016-05-03", 2);
    typed(r, 0, "2016-04-23T120000Z\n2016-05-03T120000Z\na-note\n", "ls many");

    /* What has such a name, and holds other things, is somebody's. */
    CHECK_INT(0, rig_run(r, "cd many && mkdir 2016-05-04T120000Z 2016-05-05T120000Z.unfinished && "
                            "cp ../a-note 2016-05-04T120000Z && "
                            "cp ../a-note 2016-05-05T120000Z.unfinished"));
    back_up_on(r, "2016-05-06", 1);
    typed(r, 0, "2016-05-04T120000Z\n2016-05-05T120000Z.unfinished\n2016-05-06T120000Z\na-note\n",
          "ls many");

    /* One that was moved elsewhere stays there. */
    CHECK_INT(0, rig_run(r, "mv many/2016-05-06T120000Z moved && "
                            "ln -s ../moved many/2016-05-06T120000Z"));
    back_up_on(r, "2016-05-07", 1);
    typed(r, 0, "2016-05-05T120000Z.unfinished\n2016-05-07T120000Z\na-note\n", "ls many");
    typed(r, 0, "can be restored", "maat-broker drill moved");
    rig_close(r);
}

/* Names are times of a clock that was ahead once; the journal says what came after what. */
TEST(backups_made_while_the_clock_was_ahead_are_the_older_ones)
{
    struct rig *r = rig_open();

    rig_stop_clock(r, "2016-04-20");
    rig_init_board(r);
    back_up_on(r, "2036-01-01", 2);
    rig_stop_clock(r, "2016-04-20");
    typed(r, 0, "new key", "maat-broker lead board 1.zpl --reason lost");
    back_up_on(r, "2016-04-21", 2);
    typed(r, 0, "backup      many/2016-04-21T120000Z: entries 1 to ", "maat-broker drill many");
    typed(r, 0, "new key", "maat-broker lead board 2.zpl --reason lost");
    back_up_on(r, "2016-04-22", 2);
    typed(r, 0, "2016-04-21T120000Z\n2016-04-22T120000Z\n", "ls many");

    /* A board that was restored goes on from there, with fewer entries. */
    typed(r, 0, "is restored", "rm -r board && maat-broker restore many/2016-04-21T120000Z board");
    back_up_on(r, "2016-04-23", 2);
    typed(r, 0, "backup      many/2016-04-23T120000Z", "maat-broker drill many");
    typed(r, 0, "2016-04-22T120000Z\n2016-04-23T120000Z\n", "ls many");
    rig_close(r);
}

/* One of the same name too, as it is made where the first was lost. */
TEST(backups_of_another_board_are_not_taken_away)
{
    struct rig *r = rig_open();

    rig_init_board(r);
    back_up_on(r, "2016-04-20", 1);
    CHECK_INT(0, rig_run(r, "mv board lost"));
    rig_init_board(r);
    back_up_on(r, "2016-04-21", 1);
    back_up_on(r, "2016-04-22", 1);
    typed(r, 0, "2016-04-20T120000Z\n2016-04-22T120000Z\n", "ls many");
    CHECK_INT(0, rig_run(r, "echo rubbish >many/2016-04-20T120000Z/head"));
    back_up_on(r, "2016-04-23", 1);
    typed(r, 0, "2016-04-20T120000Z\n2016-04-23T120000Z\n", "ls many");

    CHECK_INT(0, rig_run(r, "rm -r board && maat-broker init board --board North"));
    back_up_on(r, "2016-04-24", 1);
    typed(r, 0, "2016-04-20T120000Z\n2016-04-23T120000Z\n2016-04-24T120000Z\n", "ls many");
    typed(r, 1, "many holds backups of several boards", "maat-broker drill many");
    typed(r, 0, "can be restored", "maat-broker drill many/2016-04-24T120000Z");
    rig_close(r);
}

/* What is in a board's directory is lost with it, what is in a backup taken away with it. */
TEST(backup_is_not_made_within_a_board_or_a_backup)
{
    static const char refused[] = "which is a board's directory or a backup: name another place";
    struct rig *r = rig_open();

    rig_init_board(r);
    typed(r, 1, refused, "maat-broker backup board board/backup");
    typed(r, 1, refused, "maat-broker backup board board/many --keep 3");
    typed(r, 1, refused, "cd board && maat-broker backup . ./a/../b/");
    typed(r, 1, refused, "ln -s board/journal link && maat-broker backup board link/backup");
    typed(r, 1, "without a name", "maat-broker backup board ''");
    typed(r, 0, "holds the entries", "maat-broker backup board backup/");
    typed(r, 1, refused, "maat-broker backup board backup --keep 3");
    typed(r, 1, refused, "maat-broker restore backup backup/settings/board");
    typed(r, 1, refused, "maat-broker restore backup board/other");
    typed(r, 0, "board.zpl\njournal\nlead.zpl\noperator.zpl\n", "ls board");
    typed(r, 0, "head\njournal\nsettings\n", "ls backup");
    rig_close(r);
}
