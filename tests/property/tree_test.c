/* The tree of tiles against the definitions of RFC 9162, section 2.1, written
   down as they stand there. */
#include <stdlib.h>

#include "store/tree.h"
#include "tests/t.h"

enum { LEAVES = 65536 + 600, ROUNDS = 60 };

/* --- the RFC ------------------------------------------------------------------ */

static struct tree_hash d[LEAVES]; /* leaf hashes */

static size_t
split(size_t n)
{
    size_t k = 1;

    while (2 * k < n)
        k *= 2;
    return k;
}

/* MTH(D[from:from + n]) */
static struct tree_hash
mth(size_t from, size_t n)
{
    struct tree_hash root = d[from];

    if (n > 1) {
        struct tree_hash left = mth(from, split(n));
        struct tree_hash right = mth(from + split(n), n - split(n));
        tree_hash_node(&left, &right, &root);
    }
    return root;
}

/* PATH(m, D[from:from + n]) */
static void
path(size_t m, size_t from, size_t n, struct tree_proof *out)
{
    size_t k = split(n);

    if (n == 1)
        return;
    if (m < k) {
        path(m, from, k, out);
        out->hash[out->count++] = mth(from + k, n - k);
    } else {
        path(m - k, from + k, n - k, out);
        out->hash[out->count++] = mth(from, k);
    }
}

/* SUBPROOF(m, D[from:from + n], b) */
static void
subproof(size_t m, size_t from, size_t n, bool b, struct tree_proof *out)
{
    size_t k = split(n);

    if (m == n) {
        if (!b)
            out->hash[out->count++] = mth(from, n);
    } else if (m <= k) {
        subproof(m, from, k, b, out);
        out->hash[out->count++] = mth(from + k, n - k);
    } else {
        subproof(m - k, from + k, n - k, false, out);
        out->hash[out->count++] = mth(from, k);
    }
}

/* --- tiles in memory ------------------------------------------------------------ */

struct shelf {
    struct tree_hash level1[1][TREE_TILE]; /* 65,536 leaves fill one tile of level 1 */
    unsigned written;
};

static int
read_tile(void *context, unsigned level, uint64_t index, size_t count, struct tree_hash *out)
{
    const struct shelf *s = context;

    if (level == 1 && (index >= s->written || count != TREE_TILE))
        return -2;
    if (level > 1 || (level == 0 && index * TREE_TILE + count > LEAVES))
        return -3;
    memcpy(out, level ? s->level1[index] : d + index * TREE_TILE, count * sizeof *out);
    return 0;
}

static int
write_tile(void *context, unsigned level, uint64_t index, const struct tree_hash *tile)
{
    struct shelf *s = context;

    if (level != 1 || index != s->written)
        return -4;
    memcpy(s->level1[s->written++], tile, sizeof *s->level1);
    return 0;
}

static struct tree tree;
static struct tree_hash roots[LEAVES + 1];
static struct shelf shelf;
static const struct tree_tiles tiles = {read_tile, write_tile, &shelf};

static void
grow(void)
{
    memset(&tree, 0, sizeof tree);
    shelf.written = 0;
    for (size_t i = 0; i < LEAVES; i++) {
        uint64_t r = random_u64();
        tree_hash_leaf(&r, sizeof r, &d[i]);
        CHECK_INT(i, tree.size);
        CHECK_INT(0, tree_append(&tree, &d[i], &tiles));
        CHECK_INT(i + 1 >= 65536, shelf.written);
        tree_root(&tree, &roots[i + 1]);
    }
}

/* Sizes where something carries over, and any others. */
static size_t
some_size(void)
{
    static const size_t edges[] = {1, 2, 255, 256, 257, 511, 512, 513, 65535, 65536, 65537};
    uint64_t pick = random_below(4);

    if (pick == 0)
        return edges[random_below(sizeof edges / sizeof *edges)];
    return 1 + (size_t)random_below(pick == 1 ? LEAVES : 1000);
}

TEST(tree_root_is_what_the_rfc_defines)
{
    struct tree_hash root;

    grow();
    for (size_t size = 1; size <= 600; size++) {
        struct tree_hash want = mth(0, size);
        CHECK(tree_hash_equal(&want, &roots[size]));
    }
    for (int i = 0; i < ROUNDS; i++) {
        size_t size = some_size();
        struct tree_hash want = mth(0, size);
        CHECK(tree_hash_equal(&want, &roots[size]));
        CHECK_INT(0, tree_root_at(&tree, &tiles, size, &root));
        CHECK(tree_hash_equal(&want, &root));
    }
}

static void
check_same(const struct tree_proof *want, const struct tree_proof *got)
{
    CHECK_INT(want->count, got->count);
    CHECK(memcmp(want->hash, got->hash, want->count * sizeof *want->hash) == 0);
}

TEST(tree_inclusion_proof_is_what_the_rfc_defines_and_no_other_passes)
{
    grow();
    for (int i = 0; i < ROUNDS; i++) {
        struct tree_proof want = {0};
        struct tree_proof got;
        size_t size = some_size();
        size_t leaf = (size_t)random_below(size);
        struct tree_head head = {size, roots[size]};
        uint8_t *bit = NULL;

        path(leaf, 0, size, &want);
        CHECK_INT(0, tree_prove_inclusion(&tree, &tiles, leaf, size, &got));
        check_same(&want, &got);
        CHECK(tree_verify_inclusion(&head, leaf, &d[leaf], &got));
        CHECK(!tree_verify_inclusion(&head, leaf ^ 1, &d[leaf], &got) || size == 1);
        CHECK(!tree_verify_inclusion(&head, leaf, &d[(leaf + 1) % LEAVES], &got));
        got.count++;
        CHECK(!tree_verify_inclusion(&head, leaf, &d[leaf], &got));
        got.count--;
        if (got.count == 0)
            continue;
        bit = &got.hash[random_below(got.count)].bytes[random_below(32)];
        *bit ^= 1;
        CHECK(!tree_verify_inclusion(&head, leaf, &d[leaf], &got));
        *bit ^= 1;
        got.count--;
        CHECK(!tree_verify_inclusion(&head, leaf, &d[leaf], &got));
    }
}

TEST(tree_consistency_proof_is_what_the_rfc_defines_and_no_other_passes)
{
    grow();
    for (int i = 0; i < ROUNDS; i++) {
        struct tree_proof want = {0};
        struct tree_proof got;
        size_t size = some_size();
        size_t old = 1 + (size_t)random_below(size);
        struct tree_head head = {size, roots[size]};
        struct tree_head was = {old, roots[old]};
        uint8_t *bit = NULL;

        subproof(old, 0, size, true, &want);
        CHECK_INT(0, tree_prove_consistency(&tree, &tiles, old, size, &got));
        check_same(&want, &got);
        CHECK(tree_verify_consistency(&was, &head, &got));
        got.count++;
        CHECK(!tree_verify_consistency(&was, &head, &got));
        got.count--;
        was.root.bytes[31] ^= 1;
        CHECK(!tree_verify_consistency(&was, &head, &got));
        was.root.bytes[31] ^= 1;
        head.root.bytes[0] ^= 1;
        CHECK(!tree_verify_consistency(&was, &head, &got));
        head.root.bytes[0] ^= 1;
        if (got.count == 0)
            continue;
        bit = &got.hash[random_below(got.count)].bytes[random_below(32)];
        *bit ^= 1;
        CHECK(!tree_verify_consistency(&was, &head, &got));
        *bit ^= 1;
        got.count--;
        CHECK(!tree_verify_consistency(&was, &head, &got));
    }
}

TEST(tree_loaded_at_any_size_grows_on_as_if_it_had_never_been_away)
{
    static const size_t sizes[] = {0, 1, 2, 255, 256, 257, 512, 1000, 65535, 65536, 65537, 66000};
    static struct tree loaded;
    struct tree_hash root;

    grow();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t size = sizes[i];

        shelf.written = size >= 65536;
        CHECK_INT(0, tree_load(&loaded, size, &tiles));
        CHECK_INT(size, loaded.size);
        for (; size < sizes[i] + 130; size++) {
            tree_root(&loaded, &root);
            if (size)
                CHECK(tree_hash_equal(&roots[size], &root));
            CHECK_INT(0, tree_append(&loaded, &d[size], &tiles));
        }
        CHECK_INT(size >= 65536, shelf.written);
    }
}

TEST(tree_copied_back_grows_again_as_before)
{
    static struct tree kept;
    static struct tree tried;
    struct tree_hash root;

    grow();
    for (int i = 0; i < ROUNDS; i++) {
        size_t size = some_size();
        size_t end = size + (size_t)random_below(600);

        end = end > LEAVES ? LEAVES : end;
        shelf.written = size >= 65536;
        CHECK_INT(0, tree_load(&kept, size, &tiles));
        tried = kept;
        for (size_t n = size; n < end; n++)
            CHECK_INT(0, tree_append(&tried, &roots[n], &tiles));
        tree_copy(&tried, &kept);
        shelf.written = size >= 65536;
        for (size_t n = size; n < end; n++)
            CHECK_INT(0, tree_append(&tried, &d[n], &tiles));
        tree_copy(&kept, &tried);
        CHECK_INT(end, kept.size);
        for (size_t n = size; n <= end; n += 1 + n / 3) {
            CHECK_INT(0, tree_root_at(&kept, &tiles, n, &root));
            CHECK(tree_hash_equal(&roots[n], &root));
        }
    }
}
