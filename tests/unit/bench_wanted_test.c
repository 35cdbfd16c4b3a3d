/* Which works `make bench W=...` is asked for. */
#include "tests/bench/run.h"
#include "tests/t.h"

TEST(bench_works_are_wanted_by_their_whole_names)
{
    static const struct {
        const char *works, *name;
        bool wanted;
    } rows[] = {
        {"", "w1", true},      {"w1", "w1", true},      {"w1,w3", "w3", true},
        {"w1,w3", "w1", true}, {"w1,w3", "w2", false},  {"w1", "w10", false},
        {"w10", "w1", false},  {"w1,w30", "w3", false}, {"w3 ", "w3", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (run_is_wanted(rows[i].works, rows[i].name) != rows[i].wanted)
            FAIL_WITH("%s of \"%s\"", rows[i].name, rows[i].works);
}
