#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "store/journal.h"

/* The bytes are never changed or moved once they are there, so that a reader
   needs the lock only to find them. */
struct memory_entry {
    struct tree_hash leaf;
    size_t len;
    uint8_t *bytes;
};

/* The full tiles of a level, one after the other. */
struct memory_level {
    struct tree_hash (*tiles)[TREE_TILE];
    size_t cap;
};

struct memory_journal {
    struct journal base;
    size_t max_bytes;     /* 0: no limit */
    pthread_mutex_t lock; /* of all that follows */
    bool accepting;
    uint64_t generation;
    size_t bytes;
    struct memory_entry *entries; /* tree.size of them */
    size_t cap;
    struct memory_level levels[TREE_LEVELS];
    struct tree tree;
};

static struct memory_journal *
self(struct journal *j)
{
    return (struct memory_journal *)j;
}

/* Makes room for item number `at` of an array. */
static int
reserve(void **array, size_t *cap, size_t at, size_t size)
{
    size_t wanted = *cap ? 2 * *cap : 16;
    void *grown = NULL;

    if (at < *cap)
        return 0;
    grown = realloc(*array, wanted * size);
    if (!grown)
        return -ENOMEM;
    *array = grown;
    *cap = wanted;
    return 0;
}

/* --- writing ----------------------------------------------------------------- */

static int
begin_generation(struct journal *base, uint64_t *generation)
{
    struct memory_journal *j = self(base);

    pthread_mutex_lock(&j->lock);
    *generation = ++j->generation;
    j->accepting = true;
    pthread_mutex_unlock(&j->lock);
    return 0;
}

static int
write_tile(void *context, unsigned level, uint64_t index, const struct tree_hash *tile)
{
    struct memory_journal *j = context;
    struct memory_level *l = &j->levels[level];
    void *array = l->tiles;
    int rc = reserve(&array, &l->cap, index, sizeof *l->tiles);

    l->tiles = array;
    if (rc == 0)
        memcpy(l->tiles[index], tile, sizeof *l->tiles);
    return rc;
}

static int
add_entry(struct memory_journal *j, struct tree *grown, const struct journal_bytes *entry)
{
    const struct tree_tiles tiles = {.write = write_tile, .context = j};
    struct memory_entry made = {.len = entry->len, .bytes = malloc(entry->len + 1)};
    void *array = j->entries;
    int rc = made.bytes ? reserve(&array, &j->cap, grown->size, sizeof made) : -ENOMEM;

    j->entries = array;
    if (rc == 0) {
        tree_hash_leaf(entry->bytes, entry->len, &made.leaf);
        if (entry->len)
            memcpy(made.bytes, entry->bytes, entry->len);
        rc = tree_append(grown, &made.leaf, &tiles);
    }
    if (rc)
        free(made.bytes);
    else
        j->entries[grown->size - 1] = made;
    return rc;
}

static int
add_batch(struct memory_journal *j, const struct journal_bytes *entries, size_t count)
{
    struct tree grown = j->tree;
    size_t bytes = j->bytes;
    int rc = 0;

    for (size_t i = 0; i < count; i++) {
        assert(entries[i].len <= JOURNAL_ENTRY);
        bytes += entries[i].len;
    }
    if (j->max_bytes && bytes > j->max_bytes)
        return JOURNAL_FULL;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = add_entry(j, &grown, &entries[i]);
    if (rc) {
        while (grown.size > j->tree.size)
            free(j->entries[--grown.size].bytes);
        return rc;
    }
    j->tree = grown;
    j->bytes = bytes;
    return 0;
}

static int
append(struct journal *base, uint64_t expected, uint64_t generation,
       const struct journal_bytes *entries, size_t count)
{
    struct memory_journal *j = self(base);
    int rc = JOURNAL_GENERATION;

    pthread_mutex_lock(&j->lock);
    if (j->accepting && generation == j->generation) {
        rc = expected == j->tree.size + 1 ? add_batch(j, entries, count) : JOURNAL_CONFLICT;
        j->accepting = rc == 0;
    }
    pthread_mutex_unlock(&j->lock);
    return rc;
}

/* --- reading ----------------------------------------------------------------- */

static bool
find_entry(struct memory_journal *j, uint64_t number, struct memory_entry *out)
{
    bool found = false;

    pthread_mutex_lock(&j->lock);
    found = number <= j->tree.size;
    if (found)
        *out = j->entries[number - 1];
    pthread_mutex_unlock(&j->lock);
    return found;
}

static int
read_slice(struct journal *base, uint64_t from, size_t count,
           int (*each)(void *context, const struct journal_entry *entry), void *context,
           uint64_t *next)
{
    assert(from);
    *next = from;
    for (size_t i = 0; i < count && i < JOURNAL_SLICE_ROWS; i++) {
        struct memory_entry e;
        int rc = 0;

        if (!find_entry(self(base), *next, &e))
            return 0;
        rc = each(context, &(struct journal_entry){*next, e.bytes, e.len, &e.leaf});
        if (rc < 0)
            return rc;
        ++*next;
        if (rc)
            break;
    }
    return 1;
}

static void
read_head(struct journal *base, struct tree_head *out)
{
    struct memory_journal *j = self(base);

    pthread_mutex_lock(&j->lock);
    out->size = j->tree.size;
    tree_root(&j->tree, &out->root);
    pthread_mutex_unlock(&j->lock);
}

static void
read_tree(struct journal *base, struct tree *out)
{
    struct memory_journal *j = self(base);

    pthread_mutex_lock(&j->lock);
    *out = j->tree;
    pthread_mutex_unlock(&j->lock);
}

static int
read_tile(struct journal *base, unsigned level, uint64_t index, size_t count, struct tree_hash *out)
{
    struct memory_journal *j = self(base);

    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < count; i++)
        out[i] = level ? j->levels[level].tiles[index][i] : j->entries[index * TREE_TILE + i].leaf;
    pthread_mutex_unlock(&j->lock);
    return 0;
}

/* --- opening and closing ----------------------------------------------------- */

static void
close_memory(struct journal *base)
{
    struct memory_journal *j = self(base);

    for (uint64_t i = 0; i < j->tree.size; i++)
        free(j->entries[i].bytes);
    for (unsigned level = 0; level < TREE_LEVELS; level++)
        free(j->levels[level].tiles);
    free(j->entries);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

int
journal_open_memory(struct journal **out, size_t max_bytes)
{
    static const struct journal_ops ops = {begin_generation, append,    read_slice,  read_head,
                                           read_tree,        read_tile, close_memory};
    struct memory_journal *j = calloc(1, sizeof *j);

    *out = NULL;
    if (!j)
        return -ENOMEM;
    j->base.ops = &ops;
    j->max_bytes = max_bytes;
    pthread_mutex_init(&j->lock, NULL);
    *out = &j->base;
    return 0;
}
