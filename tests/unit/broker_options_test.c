#include "broker/board.h"
#include "schema/options.h"
#include "tests/t.h"

/* It lies where a board's own would, and shows what holds without it. */
TEST(broker_sample_settings_are_the_defaults)
{
    struct option_values none = {0};
    struct arena *arena = arena_new();
    struct run_option sample;
    struct run_option defaults = {.window = 0};
    struct fault fault;

    if (!board_settings("broker", arena, &none, &sample, &fault))
        FAIL_WITH("%s %s", fault.field, fault.reason);
    run_option_defaults(&defaults);
    CHECK_INT(1, sample.listen.count);
    CHECK_INT(defaults.reserve_mib, sample.reserve_mib);
    CHECK_INT(defaults.window, sample.window);
    CHECK_INT(defaults.ping_ms, sample.ping_ms);
    CHECK_INT(defaults.outboxes_a_day, sample.outboxes_a_day);
    CHECK_INT(defaults.entries_a_day, sample.entries_a_day);
    arena_destroy(&arena);
}
