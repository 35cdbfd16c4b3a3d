/* maat send, on the real programs. */
#include "tests/t.h"
#include "tests/typed.h"

static const char *const lines_of_police =
    "\xef\xbb\xbf{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 10}\r\n"
    "\n"
    "{\"kind\": \"progress\", \"action\": \"da-2016/1.2\", \"percent\": 20}\n"
    "{\"kind\": \"progress\", \"action\": \"da-2016/9.9\", \"percent\": 30}\n"
    "{\"kind\": \"progress\", \"action\": \"da-2016/2.1\", \"percent\": 40}";

TEST(maat_send_says_what_became_of_each_line)
{
    struct rig *r = typed_board();

    rig_write(r, "lines", lines_of_police);
    typed(r, 1, "line 1: progress da-2016/1.1: accepted as entry ",
          "maat send lines -c police.zpl");
    CHECK(strstr(r->output, "line 3: progress da-2016/1.2: accepted as entry "));
    CHECK(strstr(r->output, "line 4: progress da-2016/9.9: refused (entry "));
    CHECK(strstr(r->output, "line 5: progress da-2016/2.1: accepted as entry "));
    CHECK(strstr(r->output, "maat: 4 submissions: 3 accepted, 1 refused\n"));
    CHECK(typed_shows(r, "da-2016/2.1", "\"percent\":40"));
    typed(r, 1, "\"line\":4,\"kind\":\"progress\",\"state\":\"refused\"",
          "maat send - -c police.zpl --json < lines");
    typed_end(r);
}

TEST(maat_send_sends_nothing_if_a_line_is_wrong_unless_told_to_skip_it)
{
    struct rig *r = typed_board();

    rig_write(r, "lines",
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 10}\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"percent\": 110}\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\", \"note\": \"9434765919\"}\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.1\"\n"
              "{\"kind\": \"progress\", \"action\": \"da-2016/1.2\", \"percent\": 20}\n");
    long before = typed_newest(r);
    typed(r, 1, "line 2: refused: invalid-field: percent: ", "maat send lines -c police.zpl");
    CHECK(strstr(r->output, "line 3: progress da-2016/1.1: refused: personal-data: note: "));
    CHECK(strstr(r->output, "line 4: refused: malformed: is not JSON"));
    CHECK(strstr(r->output, "3 of 5 submissions in lines are wrong: nothing was sent"));
    CHECK(!strstr(r->output, "9434765919"));
    typed(r, 0, "\"percent\":10}",
          "maat send lines -c police.zpl --skip-wrong --dry-run --json "
          "2> /dev/null > good; r=$?; cat good; test $r -eq 1");
    CHECK_INT(before, typed_newest(r));
    typed(r, 1, "maat: 5 submissions: 2 accepted, 0 refused, 3 wrong and not sent",
          "maat send lines -c police.zpl --skip-wrong");
    CHECK_INT(before + 2, typed_newest(r));
    typed(r, 0, "2 accepted", "maat send good -c police.zpl");
    typed(r, 1, "can't be read: No such file", "maat send nowhere -c police.zpl");
    typed(r, 1, "there is nothing to send in -", "maat send - -c police.zpl < /dev/null");
    rig_close(r);
}

/* A plan made, changed and decided in one file that says nothing of `seen`. */
TEST(maat_send_fills_in_what_was_seen_also_of_its_own_doing)
{
    struct rig *r = typed_board();

    rig_write(r, "lines",
              "{\"kind\": \"plan\", \"id\": \"new\", \"title\": \"A\", \"type\": \"strategy\", "
              "\"marking\": \"OFFICIAL\", \"members\": \"all\"}\n"
              "{\"kind\": \"action\", \"id\": \"new/1\", \"ref\": \"1\", \"title\": \"B\", "
              "\"leads\": [\"police\"]}\n"
              "{\"kind\": \"action\", \"id\": \"new/2\", \"ref\": \"2\", \"title\": \"B\", "
              "\"leads\": [\"police\"]}\n"
              "{\"kind\": \"plan\", \"id\": \"new\", \"title\": \"C\", \"type\": \"strategy\", "
              "\"marking\": \"OFFICIAL\", \"members\": \"all\"}\n"
              "{\"kind\": \"progress\", \"action\": \"new/1\", \"agency\": \"police\", \"status\": "
              "\"in-progress\", \"reported\": \"by telephone\"}\n"
              "{\"kind\": \"decision\", \"action\": \"new/1\", \"what\": \"withdraw\", "
              "\"reason\": \"twice\"}\n"
              "{\"kind\": \"decision\", \"action\": \"new/1\", \"what\": \"reopen\", "
              "\"reason\": \"not so\"}\n");
    typed(r, 0, "7 submissions: 7 accepted, 0 refused", "maat send lines -c board/lead.zpl");
    CHECK(typed_shows(r, "new/1", "\"standing\":\"open\""));
    CHECK(typed_shows(r, "new/1", "\"title\":\"C\""));
    rig_write(r, "old",
              "{\"kind\": \"decision\", \"action\": \"new/1\", \"what\": \"void\", \"reason\": "
              "\"twice\", \"seen\": 1, \"epoch\": 0}\n");
    typed(r, 1, "stale: seen: entry ", "maat send old -c board/lead.zpl");
    typed_end(r);
}
