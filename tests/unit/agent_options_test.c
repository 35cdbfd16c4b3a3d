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
    CHECK_STR("none.zpl can't be read: No such file or directory", fault.reason);
    scratch_remove(&scratch);
    arena_destroy(&arena);
}
