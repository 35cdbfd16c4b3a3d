#include "tests/read_journal.h"

static int
count_read(struct journal *j, uint64_t from, size_t count,
           int (*each)(void *context, const struct journal_entry *entry), void *context,
           uint64_t *next)
{
    struct read_journal *r = (struct read_journal *)j;

    r->reads++;
    return journal_read(r->of, from, count, each, context, next);
}

struct journal *
read_journal_of(struct journal *of, struct read_journal *out)
{
    static const struct journal_ops ops = {.read = count_read};

    *out = (struct read_journal){.base = {&ops}, .of = of};
    return &out->base;
}
