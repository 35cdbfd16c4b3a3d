#include "schema/commands.h"

#include "schema/records_of.h"
#include "tests/t.h"

/* clang-format off */
#define MOVE_FIELDS(F, S) F(S, to, REQUIRED, ID, "where to")
#define ALL_FIELDS(F, S) F(S, json, OPTIONAL, FLAG, "as JSON") F(S, config, OPTIONAL, TEXT(1, 100), "a file")
#define SAMPLES(X) X(move, MOVE_FIELDS, CLOSED, "Move.") X(everywhere, ALL_FIELDS, CLOSED, "All.")
/* clang-format on */
SAMPLES(RECORD_STRUCT)
SAMPLES(RECORD_EXTERN)
SAMPLES(RECORD_TABLE)

static const struct command commands[] = {
    {"plan move", "PLAN", 1, 1, &move_record, NULL, "moves a plan", "demo plan move p --to q"},
    {"plan member add", "PLAN AGENCY ...", 2, OPTION_WORDS, NULL, NULL, "adds members", "x"},
    {"status", "", 0, 0, NULL, NULL, "says how it is", "demo status"},
};
static const struct program demo = {
    .name = "demo",
    .version = "1.2",
    .about = "shows",
    .common = &everywhere_record,
    .commands = commands,
    .count = 3,
};

static struct invocation in;

#define READ(...)                                                                        \
    program_read(&demo, (int)(sizeof(const char *[]){__VA_ARGS__} / sizeof(char *)) + 1, \
                 (const char *[]){"demo", __VA_ARGS__}, &in)

TEST(commands_are_found_by_their_words)
{
    CHECK_INT(PROGRAM_RUNS, READ("plan", "move", "p", "--to", "q", "--json", "-c", "f"));
    CHECK(in.command == &commands[0]);
    CHECK_STR("p", in.words.at[0]);
    CHECK_INT(1, in.own.count);
    CHECK_INT(2, in.common.count);
    CHECK_STR("f", in.common.at[1].value);
    CHECK_INT(PROGRAM_RUNS, READ("plan", "member", "add", "p", "a", "b"));
    CHECK_INT(3, in.words.count);
    CHECK_INT(PROGRAM_RUNS, READ("status"));
    CHECK_INT(PROGRAM_RUNS, READ("-c", "f", "--json", "status"));
    CHECK_INT(2, in.common.count);
}

TEST(commands_say_what_is_wrong)
{
    CHECK_INT(PROGRAM_FAULTS, READ("statsu"));
    CHECK(strstr(in.said, "did you mean status?"));
    CHECK_INT(PROGRAM_FAULTS, READ("plna", "move"));
    CHECK(strstr(in.said, "did you mean plan?"));
    CHECK_INT(PROGRAM_FAULTS, READ("--to", "q", "plan", "move"));
    CHECK_INT(PROGRAM_FAULTS, READ("plan", "mvoe", "p"));
    CHECK(strstr(in.said, "did you mean plan move?"));
    CHECK(strstr(in.said, "demo plan member add PLAN"));
    CHECK(!strstr(in.said, "demo status"));
    CHECK_INT(PROGRAM_FAULTS, READ("plan", "move"));
    CHECK(strstr(in.said, "something is missing"));
    CHECK_INT(PROGRAM_FAULTS, READ("status", "now"));
    CHECK(strstr(in.said, "too much"));
    CHECK_INT(PROGRAM_FAULTS, READ("plan", "move", "p", "--tp", "q"));
    CHECK_STR("demo: --tp: is no option: did you mean to?\n", in.said);
    CHECK_INT(PROGRAM_FAULTS, READ("status", "-x"));
    CHECK_INT(PROGRAM_FAULTS, program_read(&demo, 1, (const char *[]){"demo"}, &in));
}

TEST(commands_have_help)
{
    CHECK_INT(PROGRAM_SAYS, READ("--help"));
    CHECK(strstr(in.said, "demo plan move PLAN\n      moves a plan\n"));
    CHECK(strstr(in.said, "--json"));
    CHECK_INT(PROGRAM_SAYS, READ("plan", "move", "--help"));
    CHECK(strstr(in.said, "--to ID"));
    CHECK(strstr(in.said, "example:\n  demo plan move p --to q\n"));
    CHECK_INT(PROGRAM_SAYS, READ("plan", "--help"));
    CHECK(!strstr(in.said, "demo status"));
    CHECK_INT(PROGRAM_SAYS, READ("--version"));
    CHECK_STR("demo 1.2\n", in.said);
}
