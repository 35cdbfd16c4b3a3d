#include "tests/bench/peers/comparison.h"

#include <string.h>

#include "tests/t.h"

/* Instead of a name: the best of those whose acknowledgements were seen to be durable, of
   all of them and of those with TLS; or nobody, and the figure stands for itself. */
static const char best_durable[] = "best durable peer";
static const char best_durable_tls[] = "best durable peer with TLS";
static const char nobody[] = "itself";

static const struct target {
    enum work_kind kind;
    const char *setting, *name, *beside, *their_setting; /* NULL: the same */
    double wanted;
    bool at_most, aim;
} targets[] = {
    /* clang-format off */
    {W1_PUSH, "8x64", FIGURE_ACKNOWLEDGED, "redis",           NULL, 1,    false, false},
    {W1_PUSH, "8x64", FIGURE_ACKNOWLEDGED, "redis-tls",       NULL, 1.25, false, false},
    {W1_PUSH, "8x64", FIGURE_ACKNOWLEDGED, "postgresql",      NULL, 2,    false, false},
    {W1_PUSH, "8x64", FIGURE_ACKNOWLEDGED, "postgresql-each", NULL, 10,   false, false},
    {W1_PUSH, "8x64", FIGURE_ACKNOWLEDGED, "rabbitmq",        NULL, 3,    false, false},
    {W1_PUSH, "64x64", FIGURE_ACKNOWLEDGED, "redis-tls",      NULL, 1,    false, false},
    {W1_PUSH, "64x64", FIGURE_ACKNOWLEDGED, "redis",          NULL, 1,    false, true},
    {W1_PUSH, "1x1", FIGURE_P50, best_durable_tls,            NULL, 2.5,  true,  false},
    {W2_FOLLOW, "8x64, 8 followers", FIGURE_SLOWEST, best_durable, NULL, 1.5, false, false},
    {W2_FOLLOW, "8x64, 8 followers", FIGURE_SLOWEST, best_durable, NULL, 2,   false, true},
    {W2_FOLLOW, "8x64, 8 followers", FIGURE_P50, nobody,      NULL, 15,   true,  false},
    {W3_RECEIVE, "rows", FIGURE_RECEIVED, "redis",       "HGETALL", 1,    true,  false},
    {W3_RECEIVE, "rows", FIGURE_RECEIVED, "postgresql",  "COPY",    1,    true,  false},
    {W3_RECEIVE, "rows", FIGURE_RECEIVED, "postgresql",  "SELECT",  1,    true,  true},
    /* clang-format on */
};
enum { TARGETS = sizeof targets / sizeof *targets };

static const struct figure *
figure_of(const struct figures *all, const struct target *t, const char *by)
{
    const struct subject of = {
        work_names[t->kind],
        t->their_setting && strcmp(by, BY_MAAT) != 0 ? t->their_setting : t->setting, by};
    return figures_find(all, &of, t->name);
}

static bool
is_better(const struct target *t, const struct figure *f, const struct figure *than)
{
    double one = figure_range(f).median;
    double other = figure_range(than).median;
    return t->at_most ? one < other : one > other;
}

static const struct figure *
best_of(const struct contest *c, const struct figures *all, const struct target *t, bool tls)
{
    const struct figure *best = NULL;

    for (const struct contender *one = c->at + 1; one < c->at + c->count; one++) {
        const struct figure *f = figure_of(all, t, one->name);
        if (f && one->durable && (one->tls || !tls) && (!best || is_better(t, f, best)))
            best = f;
    }
    return best;
}

static const struct figure *
theirs_of(const struct contest *c, const struct figures *all, const struct target *t)
{
    if (t->beside == best_durable || t->beside == best_durable_tls)
        return best_of(c, all, t, t->beside == best_durable_tls);
    return figure_of(all, t, t->beside);
}

/* What a round met is nearest to what the other met in the same round. */
static double
ratio_of(const struct figure *ours, const struct figure *theirs)
{
    struct figure ratios = {.count = 0};

    for (size_t i = 0; i < ours->count && i < theirs->count; i++)
        if (theirs->value[i] > 0)
            ratios.value[ratios.count++] = ours->value[i] / theirs->value[i];
    return ratios.count ? figure_range(&ratios).median : 0;
}

bool
comparison_of(const struct contest *c, const struct figures *all, size_t i, struct comparison *out)
{
    if (i >= TARGETS)
        return false;
    const struct target *t = &targets[i];
    const struct figure *ours = figure_of(all, t, BY_MAAT);
    const struct figure *theirs = t->beside == nobody ? ours : theirs_of(c, all, t);
    *out = (struct comparison){.work = work_names[t->kind],
                               .setting = t->setting,
                               .name = t->name,
                               .beside = theirs && t->beside != nobody ? theirs->by : t->beside,
                               .wanted = t->wanted,
                               .at_most = t->at_most,
                               .aim = t->aim,
                               .measured = ours && theirs,
                               .figure = ours};
    if (!out->measured)
        return true;
    out->ours = figure_range(ours).median;
    out->theirs = figure_range(theirs).median;
    out->ratio = t->beside == nobody ? out->ours : ratio_of(ours, theirs);
    return true;
}

const char *
comparison_word(const struct comparison *s)
{
    if (!s->measured)
        return "not measured";
    return (s->at_most ? s->ratio <= s->wanted : s->ratio >= s->wanted) ? "met" : "missed";
}
