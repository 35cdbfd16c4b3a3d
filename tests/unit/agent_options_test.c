#include <string.h>

#include "agents/agency/options.h"
#include "schema/arena.h"
#include "tests/scratch.h"
#include "tests/t.h"

/* Settings of a configuration file and flags. */
static bool
settings(struct arena *arena, const char *file, int argc, const char *const *argv,
         struct agent_option *out, struct fault *fault)
{
    struct option_values common = {0}, own = {0};
    struct option_words words = {0};
    const struct option_set set = {&agent_option_record, &own};

    return option_values_add(&common, OPTION_FROM_FLAG, "config", file, fault)
           && options_take_args(&set, 1, argc, argv, &words, fault)
           && agent_settings(arena, &common, &own, out, fault);
}

TEST(agent_sample_configuration_is_one)
{
    struct arena *arena = arena_new();
    struct agent_option o;
    struct fault fault;

    if (!settings(arena, "agents/agency/maat-agent.zpl", 0, NULL, &o, &fault))
        FAIL_WITH("%s %s", fault.field, fault.reason);
    CHECK(text_is(o.outbox, "/var/lib/maat-agent/outbox"));
    CHECK(text_is(o.socket_mode, "0660"));
    CHECK_INT(30, o.taken_days);
    CHECK_INT(0, o.broker.count);
    arena_destroy(&arena);
}

TEST(agent_settings_are_flags_and_lines)
{
    struct arena *arena = arena_new();
    struct scratch scratch;
    struct agent_option o;
    struct fault fault;
    FILE *f;

    scratch_make(&scratch);
    const char *path = scratch_file(&scratch, "a.zpl");
    f = fopen(path, "w");
    CHECK(f && fputs("key = k\noutbox = o\ntaken-days = 3\ncallers = 7\n", f) >= 0);
    fclose(f);
    CHECK(settings(arena, path, 2, (const char *const[]){"--callers", "9"}, &o, &fault));
    CHECK_INT(9, o.callers);
    CHECK_INT(3, o.taken_days);
    CHECK(text_is(o.refused, "o/refused"));
    CHECK_INT(2000, o.settle_ms);
    CHECK(!settings(arena, path, 1, (const char *const[]){"--socket-mode=0668"}, &o, &fault));
    CHECK_STR("socket_mode", fault.field);
    CHECK(!settings(arena, "none.zpl", 0, NULL, &o, &fault));
    CHECK_STR("none.zpl is not there: maat-agent init --agency ID --config none.zpl makes it",
              fault.reason);
    scratch_remove(&scratch);
    arena_destroy(&arena);
}

/* --- several boards ------------------------------------------------------------------- */

#define TWO                                                                          \
    "socket = s\nspool = p\nspool-group = g\ntaken-days = 3\nboards\n"               \
    "    north\n        key = nk\n        outbox = no\n        broker = tcp://h:1\n" \
    "    south\n        key = sk\n        outbox = so\n        plans = da-*\n"

struct several {
    struct arena *arena;
    struct scratch scratch;
    struct option_values common, own;
    struct agent_option o;
    struct agent_boards boards;
    struct fault fault;
};

/* The file, with the board that --at names, or NULL. */
static void
write_several(struct several *t, const char *text, const char *at)
{
    *t = (struct several){.arena = arena_new()};
    scratch_make(&t->scratch);
    const char *path = arena_string(t->arena, scratch_file(&t->scratch, "a.zpl"),
                                    strlen(scratch_file(&t->scratch, "a.zpl")));
    FILE *f = fopen(path, "w");
    CHECK(f && fputs(text, f) >= 0);
    fclose(f);
    CHECK(option_values_add(&t->common, OPTION_FROM_FLAG, "config", path, &t->fault));
    if (at)
        CHECK(option_values_add(&t->common, OPTION_FROM_FLAG, "at", at, &t->fault));
}

static void
end_several(struct several *t)
{
    scratch_remove(&t->scratch);
    arena_destroy(&t->arena);
}

static bool
read_boards(struct several *t)
{
    return agent_boards(t->arena, &t->common, &t->own, &t->o, &t->boards, &t->fault);
}

static bool
read_one(struct several *t)
{
    return agent_settings(t->arena, &t->common, &t->own, &t->o, &t->fault);
}

TEST(agent_settings_have_several_boards)
{
    struct several t;

    write_several(&t, TWO, NULL);
    if (!read_boards(&t))
        FAIL_WITH("%s", t.fault.reason);
    CHECK_INT(2, t.boards.count);
    CHECK_STR("north", t.boards.at[0].name);
    CHECK(text_is(t.boards.at[0].option.outbox, "no"));
    CHECK_INT(1, t.boards.at[0].option.broker.count);
    CHECK(text_is(t.boards.at[1].option.plans.at[0], "da-*"));
    CHECK(text_is(t.o.socket, "s"));
    CHECK(text_is(t.o.spool_group, "g"));
    CHECK_INT(0, t.o.outbox.len);
    CHECK_INT(3, t.o.taken_days);
    t.own.count = 0;
    CHECK(!read_one(&t));
    CHECK_STR("at", t.fault.field);
    CHECK_STR("names one of the configuration's boards: north, south", t.fault.reason);
    end_several(&t);
}

TEST(agent_settings_of_one_board_of_several)
{
    struct several t;

    write_several(&t, TWO, "south");
    CHECK(option_values_add(&t.own, OPTION_FROM_FLAG, "spool", "p/south", &t.fault));
    CHECK(option_values_add(&t.own, OPTION_FROM_FLAG, "refused", "r", &t.fault));
    CHECK(read_boards(&t));
    CHECK_INT(0, t.boards.count);
    t.own.count = 2;
    if (!read_one(&t))
        FAIL_WITH("%s", t.fault.reason);
    CHECK(text_is(t.o.key, "sk"));
    CHECK(text_is(t.o.refused, "r"));
    CHECK(text_is(t.o.socket, "so/agent.sock"));
    CHECK(text_is(t.o.socket_mode, "0600"));
    CHECK(text_is(t.o.spool, "p/south"));
    CHECK_INT(0, t.o.spool_group.len); /* who hands in does it in front */
    CHECK_INT(0, t.o.broker.count);
    CHECK_INT(3, t.o.taken_days);
    end_several(&t);
}

TEST(agent_settings_name_file_board_and_line_of_a_mistake)
{
    static const struct {
        const char *text, *at, *reason; /* after the file's name */
    } rows[] = {
        {"boards\n    north\n        key = k\n", NULL, ": boards/north/outbox: is missing"},
        {"boards\n    north\n        kee = k\n", NULL, ": line 3: boards/north/kee "},
        {"boards\n    No!\n        key = k\n", NULL, ": line 2: "},
        {"boards\n    N\n        key = k\n", NULL, ": line 2: boards/N: a name is 1 to 24 bytes"},
        {"boards\n    taken\n        key = k\n        outbox = o\n", NULL,
         ": boards/taken: is the "},
        {"boards = x\n", NULL, ": line 1: boards takes no value"},
        {"key = k\n" TWO, NULL, ": key is each board's own"},
        {"boards\n    a\n        key = k\n        outbox = o\n    b\n        key = l\n"
         "        outbox = o\n",
         NULL, ": boards/b/outbox: is that of boards/a too"},
        {"boards\n    a\n        key = k\n        plans = p\n        plans = q\n        key = l\n",
         NULL, ": line 6: boards/a/key is said twice: leave one of the two lines"},
        {"callers = 3\nbroker = b\nbroker = c\ncallers = 3\n", NULL,
         ": line 4: callers is said twice"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct several t;
        write_several(&t, rows[i].text, rows[i].at);
        CHECK(!read_boards(&t));
        if (!strstr(t.fault.reason, "a.zpl") || !strstr(t.fault.reason, rows[i].reason))
            FAIL_WITH("%s: %s", rows[i].reason, t.fault.reason);
        end_several(&t);
    }
}

TEST(agent_settings_know_the_board_that_is_meant)
{
    struct several t;

    write_several(&t, TWO, "east");
    CHECK(!read_one(&t));
    CHECK_INT(FAULT_NOT_FOUND, t.fault.code);
    CHECK_STR("names one of the configuration's boards: north, south", t.fault.reason);
    end_several(&t);
    write_several(&t, "key = k\noutbox = o\n", "north");
    CHECK(!read_one(&t));
    CHECK_STR("is for several boards, and the configuration has but one", t.fault.reason);
    end_several(&t);
}
