/* Questions that no client of ours would ask, at the real broker: each gets an answer,
   within its credit, and everybody else goes on. */
#include <string.h>

#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

static struct raw *
greeted(struct stage *s, const char *key_file)
{
    struct raw *c = raw_open(s->rig, key_file, 'q');

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    return c;
}

/* The answer to a question in a few words. */
static const char *
answer(struct raw *c, const char *question)
{
    raw_say_line(c, SAY_QUERY, "{'id': 7, %s}", question);
    return raw_hear(c);
}

TEST(questions_that_are_odd_get_a_plain_answer)
{
    static const struct {
        const char *question, *answer;
    } rows[] = {
        {"'what': 'consistency', 'from': 0, 'size': 5", "ERROR not-found"},
        {"'what': 'consistency', 'from': 6, 'size': 5", "ERROR not-found"},
        {"'what': 'consistency', 'from': 1, 'size': 9223372036854775807", "ERROR not-found"},
        {"'what': 'inclusion', 'from': 0, 'size': 5", "ERROR not-found"},
        {"'what': 'inclusion', 'from': 9223372036854775807, 'size': 9223372036854775807",
         "ERROR not-found"},
        {"'what': 'consistency', 'from': 2, 'size': 5", "RESULT 7"},
        {"'what': 'inclusion', 'from': 5, 'size': 5", "RESULT 7"},
        {"'what': 'counts', 'plan': 'da-2016'", "RESULT 7"},
        {"'what': 'counts', 'plan': 'da-2016', 'since': '1900-01-01', 'every': 1", "RESULT 7"},
        {"'what': 'counts', 'plan': 'da-2016', 'until': '2199-12-31'", "ERROR day"},
        {"'what': 'counts', 'plan': 'da-2016', 'after': '2199-12-31'", "RESULT 7"},
        {"'what': 'counts', 'plan': 'da-2016', 'after': 'x'", "RESULT 7"},
        {"'what': 'counts', 'plan': 'sealed'", "ERROR not-found"},
        {"'what': 'counts', 'plan': 'nothing'", "ERROR not-found"},
        {"'what': 'counts'", "ERROR not-found"},
        {"'what': 'counts', 'plan': 'da-2016', 'credit': 1", "ERROR limit"},
        {"'what': 'head', 'credit': 1", "ERROR limit"},
        {"'what': 'agencies', 'credit': 9223372036854775807", "RESULT 7"},
    };
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = answer(c, rows[i].question);
        if (strcmp(got, rows[i].answer) != 0)
            FAIL_WITH("%s: %s", rows[i].question, got);
    }
    raw_close(&c);
    stage_end(&s);
}

/* As many at once as fit the pipes: a few are answered, the rest told that it is busy,
   in their order. */
TEST(questions_by_the_thousand_are_answered_one_at_a_time)
{
    enum { ASKED = 1000 };
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl");
    int answered = 0;

    for (int i = 0; i < ASKED; i++)
        raw_say_line(c, SAY_QUERY, "{'id': %d, 'what': 'counts', 'plan': 'da-2016'}", i);
    for (int i = 0; i < ASKED; i++) {
        const char *said = raw_hear(c);
        if (c->kind == SAY_RESULT)
            answered++;
        else
            CHECK_STR("ERROR busy", said);
    }
    CHECK(answered > 0);
    CHECK_STR("RESULT 7", answer(c, "'what': 'status'"));
    raw_close(&c);
    stage_end(&s);
}
