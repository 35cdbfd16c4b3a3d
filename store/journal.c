/* What is the same for every kind of journal. */
#include "store/journal.h"

#include <assert.h>
#include <lmdb.h>
#include <string.h>

const char *
journal_error_text(int error)
{
    switch (error) {
#define X(symbol, number, text) \
    case symbol: return text;
        JOURNAL_ERRORS(X)
#undef X
    default:
        /* LMDB's own codes are negative too, far below those of errno. */
        return error >= MDB_KEYEXIST && error <= MDB_LAST_ERRCODE ? mdb_strerror(error)
                                                                  : strerror(-error);
    }
}

/* --- one entry --------------------------------------------------------------- */

struct copy {
    void *buf;
    size_t len;
};

static int
copy_entry(void *context, const struct journal_entry *entry)
{
    struct copy *to = context;

    memcpy(to->buf, entry->bytes, entry->len);
    to->len = entry->len;
    return 0;
}

int
journal_get(struct journal *j, uint64_t number, void *buf, size_t *len)
{
    struct copy to = {.buf = buf};
    uint64_t next = 0;
    int rc = 0;

    if (number == 0)
        return JOURNAL_NOT_FOUND;
    rc = journal_read(j, number, 1, copy_entry, &to, &next);
    if (rc < 0)
        return rc;
    *len = to.len;
    return next > number ? 0 : JOURNAL_NOT_FOUND;
}

/* --- proofs ------------------------------------------------------------------ */

static int
read_tile(void *context, unsigned level, uint64_t index, size_t count, struct tree_hash *out)
{
    struct journal *j = context;
    return j->ops->tile(j, level, index, count, out);
}

/* The tree is copied (57 KiB, on the stack), so that nobody waits while tiles
   are read: what it held then is held for ever. */
int
journal_root_at(struct journal *j, uint64_t size, struct tree_hash *out)
{
    const struct tree_tiles tiles = {.read = read_tile, .context = j};
    struct tree tree;

    j->ops->tree(j, &tree);
    return size <= tree.size ? tree_root_at(&tree, &tiles, size, out) : JOURNAL_NOT_FOUND;
}

int
journal_prove_inclusion(struct journal *j, uint64_t number, uint64_t size, struct tree_proof *out)
{
    const struct tree_tiles tiles = {.read = read_tile, .context = j};
    struct tree tree;

    j->ops->tree(j, &tree);
    if (number == 0 || number > size || size > tree.size)
        return JOURNAL_NOT_FOUND;
    return tree_prove_inclusion(&tree, &tiles, number - 1, size, out);
}

int
journal_prove_consistency(struct journal *j, uint64_t old, uint64_t size, struct tree_proof *out)
{
    const struct tree_tiles tiles = {.read = read_tile, .context = j};
    struct tree tree;

    j->ops->tree(j, &tree);
    if (old > size || size > tree.size)
        return JOURNAL_NOT_FOUND;
    return tree_prove_consistency(&tree, &tiles, old, size, out);
}

/* --- verify ------------------------------------------------------------------ */

/* The tree grown anew from the entries, and held against what is kept. */
struct check {
    struct journal *j;
    struct tree_head head;
    struct tree tree;
    struct why *why;
};

static int
compare_tile(void *context, unsigned level, uint64_t index, const struct tree_hash *tile)
{
    struct check *c = context;
    struct tree_hash kept[TREE_TILE];
    int rc = c->j->ops->tile(c->j, level, index, TREE_TILE, kept);

    if (rc && rc != JOURNAL_DAMAGED)
        return why_set(c->why, rc, "tile %u/%llu cannot be read: %s", level,
                       (unsigned long long)index, journal_error_text(rc));
    if (rc || memcmp(kept, tile, sizeof kept) != 0)
        return why_set(c->why, JOURNAL_DAMAGED,
                       "tile %u/%llu is not what its entries hash to: restore from a backup", level,
                       (unsigned long long)index);
    return 0;
}

static int
check_entry(void *context, const struct journal_entry *entry)
{
    struct check *c = context;
    const struct tree_tiles tiles = {.write = compare_tile, .context = c};
    int rc = tree_append(&c->tree, entry->leaf, &tiles);

    return rc ? rc : c->tree.size == c->head.size;
}

static int
check_root(struct check *c)
{
    struct tree_hash root;

    tree_root(&c->tree, &root);
    if (c->tree.size == c->head.size && tree_hash_equal(&root, &c->head.root))
        return 0;
    return why_set(c->why, JOURNAL_DAMAGED,
                   "the root is not what the entries hash to: restore from a backup");
}

int
journal_verify(struct journal *j, void (*progress)(void *context, uint64_t done, uint64_t size),
               void *context, struct why *why)
{
    struct check c = {.j = j, .why = why};
    uint64_t next = 1;
    int rc = 1;

    journal_head(j, &c.head);
    why->text[0] = '\0';
    while (rc == 1 && c.tree.size < c.head.size) {
        rc = journal_read(j, next, JOURNAL_SLICE_ROWS, check_entry, &c, &next);
        if (rc >= 0 && progress)
            progress(context, c.tree.size, c.head.size);
    }
    if (rc >= 0)
        return check_root(&c);
    if (why->text[0])
        return rc;
    if (rc == JOURNAL_DAMAGED)
        return why_set(why, rc, "entry %llu is not what was written: restore from a backup",
                       (unsigned long long)next);
    return why_set(why, rc, "entry %llu cannot be read: %s", (unsigned long long)next,
                   journal_error_text(rc));
}
