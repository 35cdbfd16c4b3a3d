#include "store/tree.h"

#include <assert.h>
#include <string.h>

/* How many hashes a level has had, full tiles and all. */
static uint64_t
width_of(uint64_t size, unsigned level)
{
    return size >> 8 * level;
}

static int
add_to_tile(struct tree *t, unsigned level, const struct tree_hash *hash,
            const struct tree_tiles *tiles)
{
    uint64_t place = width_of(t->size, level);
    size_t at = place % TREE_TILE;

    t->tile[level][at] = *hash;
    if (level == 0 || at < TREE_TILE - 1)
        return 0;
    return tiles->write(tiles->context, level, place / TREE_TILE, t->tile[level]);
}

/* Adding one to a binary number: each 1 it carries over is a perfect subtree
   that gets a sibling of its height, and the two make one of the next. */
int
tree_append(struct tree *t, const struct tree_hash *leaf, const struct tree_tiles *tiles)
{
    struct tree_hash hash = *leaf;

    assert(t->size + 1 < UINT64_C(1) << TREE_HEIGHT);
    for (unsigned height = 0;; height++) {
        int rc = height % 8 ? 0 : add_to_tile(t, height / 8, &hash, tiles);

        if (rc)
            return rc;
        if (!(t->size >> height & 1)) {
            t->frontier[height] = hash;
            break;
        }
        tree_hash_node(&t->frontier[height], &hash, &hash);
    }
    t->size++;
    return 0;
}

void
tree_root(const struct tree *t, struct tree_hash *out)
{
    bool begun = false;

    *out = tree_empty_root;
    for (unsigned height = 0; height < TREE_HEIGHT; height++) {
        if (!(t->size >> height & 1))
            continue;
        if (begun)
            tree_hash_node(&t->frontier[height], out, out);
        else
            *out = t->frontier[height];
        begun = true;
    }
}

void
tree_copy(struct tree *to, const struct tree *from)
{
    memcpy(to->frontier, from->frontier, sizeof to->frontier);
    for (unsigned level = 0; level < TREE_LEVELS; level++)
        if (width_of(to->size, level) != width_of(from->size, level))
            memcpy(to->tile[level], from->tile[level], sizeof to->tile[level]);
    to->size = from->size;
}

/* --- reading ---------------------------------------------------------------- */

/* A tree being asked, with the full tile that was needed last: the nodes of a
   proof lie eight and eight in the same tile. */
struct view {
    const struct tree *tree;
    const struct tree_tiles *tiles;
    bool held;
    unsigned level;
    uint64_t index;
    struct tree_hash tile[TREE_TILE];
};

static int
hold_tile(struct view *v, unsigned level, uint64_t index)
{
    int rc = 0;

    if (v->held && v->level == level && v->index == index)
        return 0;
    rc = v->tiles->read(v->tiles->context, level, index, TREE_TILE, v->tile);
    v->held = rc == 0;
    v->level = level;
    v->index = index;
    return rc;
}

/* The root over `count` hashes, a power of two up to 256. */
static void
fold(const struct tree_hash *hashes, size_t count, struct tree_hash *out)
{
    struct tree_hash row[TREE_TILE];

    memcpy(row, hashes, count * sizeof *row);
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            tree_hash_node(&row[2 * i], &row[2 * i + 1], &row[i]);
    *out = row[0];
}

/* The root of the perfect subtree of 2^height leaves, number `index` of them. */
static int
node_at(struct view *v, unsigned height, uint64_t index, struct tree_hash *out)
{
    unsigned level = height / 8;
    size_t count = (size_t)1 << height % 8;
    uint64_t first = index * count;
    uint64_t tile = first / TREE_TILE;
    const struct tree_hash *hashes = v->tree->tile[level];

    if (tile != width_of(v->tree->size, level) / TREE_TILE) {
        int rc = hold_tile(v, level, tile);
        if (rc)
            return rc;
        hashes = v->tile;
    }
    fold(hashes + first % TREE_TILE, count, out);
    return 0;
}

static unsigned
log2_of(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n);
}

/* The largest power of two smaller than n: where RFC 9162 splits n leaves. */
static uint64_t
split_of(uint64_t n)
{
    return UINT64_C(1) << log2_of(n - 1);
}

/* MTH(D[start : start + n]); start is a multiple of a power of two >= n. */
static int
range_root(struct view *v, uint64_t start, uint64_t n, struct tree_hash *out)
{
    struct tree_hash left;
    struct tree_hash right;
    unsigned height = log2_of(n);
    uint64_t k = UINT64_C(1) << height;
    int rc = node_at(v, height, start >> height, &left);

    if (rc || n == k) {
        *out = left;
        return rc;
    }
    rc = range_root(v, start + k, n - k, &right);
    if (rc == 0)
        tree_hash_node(&left, &right, out);
    return rc;
}

int
tree_root_at(const struct tree *tree, const struct tree_tiles *tiles, uint64_t size,
             struct tree_hash *out)
{
    struct view v = {.tree = tree, .tiles = tiles};

    assert(size <= tree->size);
    *out = tree_empty_root;
    return size ? range_root(&v, 0, size, out) : 0;
}

static int
add_range(struct view *v, uint64_t start, uint64_t n, struct tree_proof *out)
{
    assert(out->count < TREE_PROOF);
    return range_root(v, start, n, &out->hash[out->count++]);
}

/* PATH(leaf, D[start : start + n]) of RFC 9162, 2.1.3.1. */
static int
add_path(struct view *v, uint64_t leaf, uint64_t start, uint64_t n, struct tree_proof *out)
{
    uint64_t k = 0;
    int rc = 0;

    if (n == 1)
        return 0;
    k = split_of(n);
    if (leaf - start < k) {
        rc = add_path(v, leaf, start, k, out);
        return rc ? rc : add_range(v, start + k, n - k, out);
    }
    rc = add_path(v, leaf, start + k, n - k, out);
    return rc ? rc : add_range(v, start, k, out);
}

int
tree_prove_inclusion(const struct tree *tree, const struct tree_tiles *tiles, uint64_t leaf,
                     uint64_t size, struct tree_proof *out)
{
    struct view v = {.tree = tree, .tiles = tiles};

    assert(leaf < size && size <= tree->size);
    out->count = 0;
    return add_path(&v, leaf, 0, size, out);
}

/* SUBPROOF(old - start, D[start : start + n], whole) of RFC 9162, 2.1.4.1. */
static int
add_subproof(struct view *v, uint64_t old, uint64_t start, uint64_t n, bool whole,
             struct tree_proof *out)
{
    uint64_t k = 0;
    int rc = 0;

    if (old - start == n)
        return whole ? 0 : add_range(v, start, n, out);
    k = split_of(n);
    if (old - start <= k) {
        rc = add_subproof(v, old, start, k, whole, out);
        return rc ? rc : add_range(v, start + k, n - k, out);
    }
    rc = add_subproof(v, old, start + k, n - k, false, out);
    return rc ? rc : add_range(v, start, k, out);
}

int
tree_prove_consistency(const struct tree *tree, const struct tree_tiles *tiles, uint64_t old,
                       uint64_t size, struct tree_proof *out)
{
    struct view v = {.tree = tree, .tiles = tiles};

    assert(old <= size && size <= tree->size);
    out->count = 0;
    return old ? add_subproof(&v, old, 0, size, true, out) : 0;
}

/* --- at start --------------------------------------------------------------- */

static int
load_tile(struct view *v, struct tree *t, unsigned level)
{
    uint64_t width = width_of(t->size, level);
    size_t count = width % TREE_TILE;
    int rc = 0;

    if (level == 0)
        return count ? v->tiles->read(v->tiles->context, 0, width / TREE_TILE, count, t->tile[0])
                     : 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = hold_tile(v, level - 1, width - count + i);
        if (rc == 0)
            fold(v->tile, TREE_TILE, &t->tile[level][i]);
    }
    return rc;
}

int
tree_load(struct tree *t, uint64_t size, const struct tree_tiles *tiles)
{
    struct view v = {.tree = t, .tiles = tiles};
    int rc = 0;

    assert(size < UINT64_C(1) << TREE_HEIGHT);
    memset(t, 0, sizeof *t);
    t->size = size;
    for (unsigned level = 0; level < TREE_LEVELS && rc == 0; level++)
        rc = load_tile(&v, t, level);
    for (unsigned height = 0; height < TREE_HEIGHT && rc == 0; height++)
        if (size >> height & 1)
            rc = node_at(&v, height, (size >> height) - 1, &t->frontier[height]);
    return rc;
}
