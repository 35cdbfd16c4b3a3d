#include <string.h>

#include "agents/agency/front/answer.h"
#include "schema/arena.h"
#include "tests/t.h"

/* --- where a line goes ------------------------------------------------------------------ */

/* The north has said its plans, the south those of its configuration; the east is not known
   yet, where it is there. */
struct three {
    struct arena *arena;
    struct agent_board board[3];
    struct front_boards boards;
    struct text plans[2];
};

static void
open_three(struct three *t, unsigned count)
{
    static const char *const names[3] = {"north", "south", "east"};

    *t = (struct three){.arena = arena_new(), .boards.count = count};
    for (unsigned i = 0; i < 3; i++) {
        t->board[i].name = names[i];
        t->boards.at[i].board = &t->board[i];
        plan_list_init(&t->boards.at[i].plans);
    }
    plan_list_add(&t->boards.at[0].plans, "da", 2);
    plan_list_add(&t->boards.at[0].plans, "da-2", 4);
    CHECK(plan_list_take(&t->boards.at[0].plans));
    t->plans[0] = text_of("neglect");
    t->plans[1] = text_of("da-*");
    t->board[1].option.plans = (struct texts){t->plans, 2};
    t->board[1].option.has.plans = 1;
}

static void
close_three(struct three *t)
{
    for (unsigned i = 0; i < 3; i++)
        plan_list_end(&t->boards.at[i].plans);
    arena_destroy(&t->arena);
}

TEST(front_route_goes_by_the_plan_that_is_named)
{
    static const struct {
        const char *line;
        enum front_route route;
        unsigned boards;
        const char *field;
    } rows[] = {
        {"{\"kind\":\"progress\",\"action\":\"da/1\"}", ROUTE_TO, 1, ""},
        {"{\"kind\":\"progress\",\"action\":\"da-2/1\"}", ROUTE_TO, 3, ""},
        {"{\"kind\":\"progress\",\"action\":\"da-3/1\",\"wait\":true}", ROUTE_TO, 2, ""},
        {"{\"kind\":\"progress\",\"action\":\"neglect/1\"}", ROUTE_TO, 2, ""},
        {"{\"kind\":\"progress\",\"action\":\"neglect-1/1\"}", ROUTE_REFUSED, 0, "action"},
        {"{\"kind\":\"progress\",\"action\":\"d/1\"}", ROUTE_REFUSED, 0, "action"},
        {"{\"kind\":\"decision\",\"action\":\"da/1\",\"what\":\"assure\",\"seen\":1,\"epoch\":0}",
         ROUTE_TO, 1, ""},
        {"{\"kind\":\"agency\",\"id\":\"da\",\"name\":\"x\",\"sector\":\"police\",\"seen\":1,"
         "\"epoch\":0}",
         ROUTE_REFUSED, 0, "kind"},
        {"{\"kind\":\"progress\",\"action\":\"da\"}", ROUTE_REFUSED, 0, "action"},
        {"{\"ask\":\"status\"}", ROUTE_REQUEST, 0, "kind"},
        {"{", ROUTE_REFUSED, 0, ""},
    };
    struct three t;

    open_three(&t, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct front_line out = {0};
        enum front_route route = front_route(&t.boards, t.arena, text_of(rows[i].line), &out);
        if (route != rows[i].route)
            FAIL_WITH("%s: %d, %s %s", rows[i].line, (int)route, out.why.field, out.why.reason);
        CHECK_INT(rows[i].boards, route == ROUTE_TO ? out.boards : 0);
        if (route != ROUTE_TO)
            CHECK_STR(rows[i].field, out.why.field);
    }
    close_three(&t);
}

TEST(front_route_does_not_guess_for_a_board_that_is_not_known)
{
    struct front_line out = {0};
    struct three t;

    open_three(&t, 3);
    CHECK_INT(ROUTE_LATER,
              front_route(&t.boards, t.arena, text_of("{\"kind\":\"progress\",\"action\":\"x/1\"}"),
                          &out));
    CHECK_STR("is of no known plan, and these boards have not shown theirs yet: east",
              out.why.reason);
    CHECK_INT(ROUTE_TO, front_route(&t.boards, t.arena,
                                    text_of("{\"kind\":\"progress\",\"action\":\"da/1\"}"), &out));
    CHECK_INT(1, out.boards);
    close_three(&t);
}

/* --- one answer of several ------------------------------------------------------------------ */

static bool
begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static const char *
answer(struct three *t, const char *north, const char *south)
{
    char lines[2][300];
    char *said[SETTINGS_GROUPS] = {lines[0], lines[1]};

    (void)snprintf(lines[0], sizeof lines[0], "%s", north);
    (void)snprintf(lines[1], sizeof lines[1], "%s", south);
    struct text text = front_answer(&t->boards, t->arena, 3, said);
    return text_string(t->arena, text);
}

TEST(front_answer_is_what_all_boards_say)
{
    struct three t;

    open_three(&t, 2);
    CHECK_STR("{\"queued\":7,\"boards\":[{\"board\":\"north\",\"queued\":7},{\"board\":\"south\","
              "\"queued\":3}]}",
              answer(&t, "{\"queued\":7}", "{\"queued\":3}"));
    CHECK_STR("{\"queued\":7,\"accepted\":40,\"boards\":[{\"board\":\"north\",\"queued\":7,"
              "\"accepted\":40},{\"board\":\"south\",\"queued\":3,\"accepted\":50}]}",
              answer(&t, "{\"queued\":7,\"accepted\":40}", "{\"queued\":3,\"accepted\":50}"));
    const char *refusal = "{\"queued\":3,\"refused\":{\"code\":\"rule\",\"field\":\"agency\","
                          "\"reason\":\"no\",\"number\":9}}";
    const char *said = answer(&t, "{\"queued\":7,\"accepted\":40}", refusal);
    CHECK(begins(said, "{\"queued\":7,\"refused\":{\"code\":\"rule\""));
    said = answer(&t, refusal, "{\"queued\":7,\"accepted\":40}");
    CHECK(begins(said, "{\"queued\":3,\"refused\":{\"code\":\"rule\""));
    said = answer(&t, "{\"queued\":7}", "{\"later\":\"full\"}");
    CHECK(begins(
        said,
        "{\"later\":\"south: full; north has it, where the same once more changes nothing\","));
    said = answer(&t, "not JSON", "{\"later\":\"full\"}");
    CHECK(begins(said, "{\"later\":\"north: its agent's answer can't be read\","));
    close_three(&t);
}

TEST(front_answer_tells_how_boards_are_whichever_is_absent)
{
    struct three t;

    open_three(&t, 2);
    const char *said =
        answer(&t, "{\"later\":\"does not run\"}",
               "{\"status\":{\"software\":\"x\",\"link\":\"open\",\"connection\":\"y\","
               "\"outbox\":\"00000000000000000000000000000000\",\"last\":1,"
               "\"queued\":0,\"refused\":0,\"room\":true,\"spool\":0}}");
    CHECK(begins(said, "{\"boards\":[{\"board\":\"north\",\"later\":\"does not run\"},"));
    CHECK(strstr(said, "{\"board\":\"south\",\"status\":{\"software\":\"x\""));
    close_three(&t);
}
