#include "tests/failing_journal.h"

static struct failing_journal *
self(struct journal *j)
{
    return (struct failing_journal *)j;
}

static int
begin_generation(struct journal *j, uint64_t *generation)
{
    int rc = journal_begin_generation(self(j)->inner, generation);

    self(j)->over = rc != 0;
    return rc;
}

static int
append(struct journal *j, uint64_t expected, uint64_t generation,
       const struct journal_bytes *entries, size_t count)
{
    int rc = self(j)->error;

    if (self(j)->over)
        return JOURNAL_GENERATION;
    self(j)->error = 0;
    if (rc == 0)
        rc = journal_append(self(j)->inner, expected, generation, entries, count);
    self(j)->over = rc != 0;
    return rc;
}

static int
read_slice(struct journal *j, uint64_t from, size_t count,
           int (*each)(void *context, const struct journal_entry *entry), void *context,
           uint64_t *next)
{
    return journal_read(self(j)->inner, from, count, each, context, next);
}

static void
head(struct journal *j, struct tree_head *out)
{
    journal_head(self(j)->inner, out);
}

static void
tree(struct journal *j, struct tree *out)
{
    self(j)->inner->ops->tree(self(j)->inner, out);
}

static int
tile(struct journal *j, unsigned level, uint64_t index, size_t count, struct tree_hash *out)
{
    return self(j)->inner->ops->tile(self(j)->inner, level, index, count, out);
}

static void
close_both(struct journal *j)
{
    journal_close(&self(j)->inner);
}

void
failing_journal_open(struct failing_journal *j, struct journal *inner)
{
    static const struct journal_ops ops = {begin_generation, append, read_slice, head, tree, tile,
                                           close_both};
    *j = (struct failing_journal){.base = {&ops}, .inner = inner};
}
