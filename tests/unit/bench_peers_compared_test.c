/* What is said of MAAT beside its peers. */
#include <stdlib.h>

#include "tests/bench/peers/comparison.h"
#include "tests/t.h"

static struct contest contest;

static void
take_part(const char *name, bool tls, bool durable)
{
    contest.at[contest.count++] =
        (struct contender){.name = name, .tls = tls, .checked = true, .durable = durable};
}

static void
add(struct figures *all, const char *setting, const char *by, const char *name, double first,
    double second)
{
    enum work_kind kind = strcmp(name, FIGURE_RECEIVED) == 0  ? W3_RECEIVE
                          : strcmp(name, FIGURE_SLOWEST) == 0 ? W2_FOLLOW
                                                              : W1_PUSH;
    const struct subject of = {work_names[kind], setting, by};

    figures_add(all, &of, name, "", first);
    figures_add(all, &of, name, "", second);
}

/* Of the target that is compared in that and by that. */
static const char *
said_of(const struct figures *all, const char *setting, const char *name, const char *beside,
        double wanted, double *ratio)
{
    struct comparison c;

    for (size_t i = 0; comparison_of(&contest, all, i, &c); i++)
        if (strcmp(c.setting, setting) == 0 && strcmp(c.name, name) == 0
            && strcmp(c.beside, beside) == 0 && c.wanted == wanted) {
            *ratio = c.ratio;
            return comparison_word(&c);
        }
    return "no such target";
}

TEST(peers_targets_are_met_by_ratios_of_the_same_round)
{
    struct figures *all = calloc(1, sizeof *all);
    double ratio;

    contest.count = 0;
    take_part(BY_MAAT, true, true);
    take_part("redis", false, true);
    take_part("redis-tls", true, true);
    add(all, "8x64", BY_MAAT, FIGURE_ACKNOWLEDGED, 100, 300);
    add(all, "8x64", "redis", FIGURE_ACKNOWLEDGED, 50, 300);
    add(all, "8x64", "redis-tls", FIGURE_ACKNOWLEDGED, 100, 300);
    CHECK_STR("met", said_of(all, "8x64", FIGURE_ACKNOWLEDGED, "redis", 1, &ratio));
    CHECK_INT(1500, ratio * 1000);
    CHECK_STR("missed", said_of(all, "8x64", FIGURE_ACKNOWLEDGED, "redis-tls", 1.25, &ratio));
    CHECK_INT(1000, ratio * 1000);
    CHECK_STR("not measured", said_of(all, "8x64", FIGURE_ACKNOWLEDGED, "rabbitmq", 3, &ratio));
    free(all);
}

TEST(peers_times_are_held_to_be_short)
{
    struct figures *all = calloc(1, sizeof *all);
    double ratio;

    contest.count = 0;
    take_part(BY_MAAT, true, true);
    take_part("postgresql", false, true);
    add(all, "rows", BY_MAAT, FIGURE_RECEIVED, 80, 80);
    add(all, "COPY", "postgresql", FIGURE_RECEIVED, 80, 80);
    CHECK_STR("met", said_of(all, "rows", FIGURE_RECEIVED, "postgresql", 1, &ratio));
    add(all, "rows", BY_MAAT, FIGURE_RECEIVED, 90, 90);
    add(all, "COPY", "postgresql", FIGURE_RECEIVED, 80, 80);
    CHECK_STR("missed", said_of(all, "rows", FIGURE_RECEIVED, "postgresql", 1, &ratio));
    free(all);
}

TEST(peers_that_are_not_durable_are_never_the_best)
{
    struct figures *all = calloc(1, sizeof *all);
    double ratio;

    contest.count = 0;
    take_part(BY_MAAT, true, true);
    take_part("fast-tls", true, false);
    take_part("plain", false, true);
    take_part("slow-tls", true, true);
    add(all, "1x1", BY_MAAT, FIGURE_P50, 4, 4);
    add(all, "1x1", "fast-tls", FIGURE_P50, 1, 1);
    add(all, "1x1", "plain", FIGURE_P50, 1, 1);
    add(all, "1x1", "slow-tls", FIGURE_P50, 2, 2);
    CHECK_STR("met", said_of(all, "1x1", FIGURE_P50, "slow-tls", 2.5, &ratio));
    CHECK_INT(2, ratio);
    add(all, "8x64, 8 followers", BY_MAAT, FIGURE_SLOWEST, 10, 10);
    add(all, "8x64, 8 followers", "fast-tls", FIGURE_SLOWEST, 100, 100);
    add(all, "8x64, 8 followers", "plain", FIGURE_SLOWEST, 5, 5);
    CHECK_STR("met", said_of(all, "8x64, 8 followers", FIGURE_SLOWEST, "plain", 2, &ratio));
    free(all);
}
