/* The past of a plan with more entries than are kept while it is folded: the oldest are
   read once more. */
#include "broker/queries/past.h"

#include <string.h>

#include "tests/small_board.h"
#include "tests/t.h"

enum { NOTE = 8000, SAYINGS = 1200, DAY = 86400 };

static void
say_note(struct small_board *b, int i)
{
    char note[NOTE + 1];
    char line[NOTE + 200];

    memset(note, 'a' + i % 26, NOTE);
    note[NOTE] = '\0';
    (void)snprintf(line, sizeof line,
                   "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\","
                   "\"status\":\"in-progress\",\"note\":\"%s\"}",
                   note);
    small_board_say(b, "police/crm", line);
    small_board_settle(b);
}

static void
check_past(struct small_board *b, int32_t day, int64_t number, int last)
{
    atomic_bool stop = false;
    struct past_of of;
    struct past past;
    struct part part;

    CHECK_INT(0, past_find(&b->ledger, text_of("p"), day, &of));
    CHECK_INT(0, past_fold(b->journal, &of, &stop, &past));
    CHECK_INT(number, past.number);
    CHECK_INT(1, state_get_part(past.state, b->arena, text_of("p/1"), text_of("police"), &part));
    CHECK_INT(NOTE, part.note.len);
    CHECK_INT('a' + last % 26, part.note.at[0]);
    past_free(&past);
}

TEST(past_of_more_entries_than_are_kept)
{
    struct small_board b;

    small_board_open(&b);
    int32_t day = ledger_day(&b.ledger, b.host);
    for (int i = 0; i < SAYINGS; i++)
        say_note(&b, i);
    int64_t number = b.ledger.number;
    b.host += DAY * INT64_C(1000000);
    say_note(&b, SAYINGS);
    check_past(&b, day, number, SAYINGS - 1);
    check_past(&b, day + 1, number + 1, SAYINGS);
    small_board_close(&b);
}
