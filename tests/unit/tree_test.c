/* The tree against what others have published: the eight leaves of Certificate
   Transparency's tests, their roots, and the proofs of RFC 6962 over them. */
#include <stdlib.h>

#include "store/tree.h"
#include "tests/t.h"

static const struct {
    const char *bytes;
    size_t len;
} leaves[8] = {
    {"", 0},
    {"\x00", 1},
    {"\x10", 1},
    {"\x20\x21", 2},
    {"\x30\x31", 2},
    {"\x40\x41\x42\x43", 4},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};

static const char *const roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static const struct {
    uint64_t leaf, size;
    const char *proof[4];
} inclusions[] = {
    {0, 1, {NULL}},
    {0,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {5,
     8,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {1,
     5,
     {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};

static const struct {
    uint64_t old, size;
    const char *proof[4];
} consistencies[] = {
    {1, 1, {NULL}},
    {1,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {2,
     8,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {6,
     8,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2,
     5,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
};

static const char *
hex(const struct tree_hash *hash)
{
    static char text[2 * sizeof hash->bytes + 1];

    for (size_t i = 0; i < sizeof hash->bytes; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", hash->bytes[i]);
    return text;
}

static void
check_proof(const char *const *want, const struct tree_proof *proof)
{
    size_t count = 0;

    for (; want[count]; count++) {
        CHECK(count < proof->count);
        CHECK_STR(want[count], hex(&proof->hash[count]));
    }
    CHECK_INT(count, proof->count);
}

/* Eight leaves need no tile but those of the edge. */
static int
no_tile(void *context, unsigned level, uint64_t index, size_t count, struct tree_hash *out)
{
    (void)context;
    (void)level;
    (void)index;
    (void)count;
    (void)out;
    return -1;
}

static const struct tree_tiles no_tiles = {.read = no_tile};

static void
grow(struct tree *tree, struct tree_head heads[9])
{
    struct tree_hash leaf;

    memset(tree, 0, sizeof *tree);
    for (size_t i = 0; i <= 8; i++) {
        heads[i].size = i;
        tree_root(tree, &heads[i].root);
        if (i == 8)
            break;
        tree_hash_leaf(leaves[i].bytes, leaves[i].len, &leaf);
        CHECK_INT(0, tree_append(tree, &leaf, &no_tiles));
    }
}

TEST(tree_has_the_published_roots)
{
    struct tree tree;
    struct tree_head heads[9];
    struct tree_hash root;

    grow(&tree, heads);
    for (size_t i = 0; i <= 8; i++) {
        CHECK_STR(roots[i], hex(&heads[i].root));
        CHECK_INT(0, tree_root_at(&tree, &no_tiles, i, &root));
        CHECK_STR(roots[i], hex(&root));
    }
}

TEST(tree_gives_the_published_inclusion_proofs)
{
    struct tree tree;
    struct tree_head heads[9];
    struct tree_proof proof;
    struct tree_hash leaf;

    grow(&tree, heads);
    for (size_t i = 0; i < sizeof inclusions / sizeof *inclusions; i++) {
        uint64_t n = inclusions[i].leaf;
        uint64_t size = inclusions[i].size;

        CHECK_INT(0, tree_prove_inclusion(&tree, &no_tiles, n, size, &proof));
        check_proof(inclusions[i].proof, &proof);
        tree_hash_leaf(leaves[n].bytes, leaves[n].len, &leaf);
        CHECK(tree_verify_inclusion(&heads[size], n, &leaf, &proof));
        CHECK(!tree_verify_inclusion(&heads[size], n + 1, &leaf, &proof));
        CHECK(!tree_verify_inclusion(&heads[size - 1], n, &leaf, &proof));
    }
}

TEST(tree_gives_the_published_consistency_proofs)
{
    struct tree tree;
    struct tree_head heads[9];
    struct tree_proof proof;

    grow(&tree, heads);
    for (size_t i = 0; i < sizeof consistencies / sizeof *consistencies; i++) {
        uint64_t old = consistencies[i].old;
        uint64_t size = consistencies[i].size;

        CHECK_INT(0, tree_prove_consistency(&tree, &no_tiles, old, size, &proof));
        check_proof(consistencies[i].proof, &proof);
        CHECK(tree_verify_consistency(&heads[old], &heads[size], &proof));
        CHECK(old == size || !tree_verify_consistency(&heads[old + 1], &heads[size], &proof));
        CHECK(old == size || !tree_verify_consistency(&heads[size], &heads[old], &proof));
    }
}

TEST(tree_of_nothing_is_the_beginning_of_every_tree)
{
    struct tree tree;
    struct tree_head heads[9];
    struct tree_head other;
    struct tree_proof proof;

    grow(&tree, heads);
    CHECK_INT(0, tree_prove_consistency(&tree, &no_tiles, 0, 8, &proof));
    CHECK_INT(0, proof.count);
    CHECK(tree_verify_consistency(&heads[0], &heads[8], &proof));
    CHECK(tree_verify_consistency(&heads[0], &heads[0], &proof));
    other = (struct tree_head){0, heads[1].root};
    CHECK(!tree_verify_consistency(&other, &heads[8], &proof));
    proof.count = 1;
    CHECK(!tree_verify_consistency(&heads[0], &heads[8], &proof));
    CHECK(!tree_verify_consistency(&heads[8], &heads[8], &proof));
    proof.count = 0;
    other = (struct tree_head){8, heads[7].root};
    CHECK(!tree_verify_consistency(&other, &heads[8], &proof));
    CHECK(!tree_verify_inclusion(&heads[0], 0, &heads[0].root, &proof));
}

/* A proof comes from the other end of a wire: whatever it says, it is safe. */
TEST(tree_takes_no_proof_that_is_too_long)
{
    struct tree_head one = {1, {{0}}};
    struct tree_head two = {UINT64_MAX, {{0}}};
    struct tree_proof proof = {.count = TREE_PROOF + 1};

    CHECK(!tree_verify_inclusion(&two, 0, &one.root, &proof));
    CHECK(!tree_verify_consistency(&one, &two, &proof));
    proof.count = SIZE_MAX;
    CHECK(!tree_verify_inclusion(&two, 0, &one.root, &proof));
    CHECK(!tree_verify_consistency(&one, &two, &proof));
    proof.count = TREE_PROOF;
    CHECK(!tree_verify_inclusion(&two, UINT64_MAX - 1, &one.root, &proof));
    CHECK(!tree_verify_consistency(&one, &two, &proof));
}

/* As it comes from the wire. */
TEST(tree_proof_is_read_whole_or_not_at_all)
{
    static uint8_t bytes[(TREE_PROOF + 1) * TREE_HASH];
    struct tree_proof proof;

    bytes[0] = 1;
    bytes[2 * TREE_HASH - 1] = 2;
    CHECK(tree_proof_read(&proof, NULL, 0));
    CHECK_INT(0, proof.count);
    CHECK(tree_proof_read(&proof, bytes, (size_t)2 * TREE_HASH));
    CHECK_INT(2, proof.count);
    CHECK_INT(1, proof.hash[0].bytes[0]);
    CHECK_INT(2, proof.hash[1].bytes[TREE_HASH - 1]);
    CHECK(!tree_proof_read(&proof, bytes, TREE_HASH - 1));
    CHECK(!tree_proof_read(&proof, bytes, TREE_HASH + 1));
    CHECK(tree_proof_read(&proof, bytes, sizeof bytes - TREE_HASH));
    CHECK_INT(TREE_PROOF, proof.count);
    CHECK(!tree_proof_read(&proof, bytes, sizeof bytes));
}

/* A tile that cannot be read ends what was asked. */
TEST(tree_passes_on_what_its_tiles_say)
{
    static struct tree tree;
    struct tree_proof proof;
    struct tree_hash leaf = {{0}};

    for (int i = 0; i < 257; i++)
        CHECK_INT(0, tree_append(&tree, &leaf, &no_tiles));
    CHECK_INT(-1, tree_root_at(&tree, &no_tiles, 255, &leaf));
    CHECK_INT(0, tree_root_at(&tree, &no_tiles, 256, &leaf));
    CHECK_INT(-1, tree_prove_inclusion(&tree, &no_tiles, 0, 257, &proof));
    CHECK_INT(0, tree_prove_inclusion(&tree, &no_tiles, 256, 257, &proof));
    CHECK_INT(-1, tree_prove_consistency(&tree, &no_tiles, 3, 257, &proof));
    CHECK_INT(-1, tree_load(&tree, 255, &no_tiles));
    CHECK_INT(-1, tree_load(&tree, 256, &no_tiles));
    CHECK_INT(0, tree_load(&tree, 0, &no_tiles));
}
