/* SHA-256 through libcrypto's plain functions: they cannot fail and need no
   context of their own, where EVP allocates, may fail and costs half as much
   again for a node. They are declared deprecated from 3.0 on, not in 1.1.1. */
#define OPENSSL_API_COMPAT 0x10101000L
#include <openssl/sha.h>
#include <string.h>

#include "schema/tree_head.h"

const struct tree_hash tree_empty_root = {{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
                                           0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
                                           0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
                                           0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};

/* What keeps a leaf from passing for a node (RFC 9162, 2.1.1). */
static const uint8_t leaf_prefix = 0x00;
static const uint8_t node_prefix = 0x01;

void
tree_hash_leaf(const void *entry, size_t len, struct tree_hash *out)
{
    SHA256_CTX sha;

    SHA256_Init(&sha);
    SHA256_Update(&sha, &leaf_prefix, 1);
    SHA256_Update(&sha, entry, len);
    SHA256_Final(out->bytes, &sha);
}

void
tree_hash_node(const struct tree_hash *left, const struct tree_hash *right, struct tree_hash *out)
{
    SHA256_CTX sha;

    SHA256_Init(&sha);
    SHA256_Update(&sha, &node_prefix, 1);
    SHA256_Update(&sha, left->bytes, sizeof left->bytes);
    SHA256_Update(&sha, right->bytes, sizeof right->bytes);
    SHA256_Final(out->bytes, &sha);
}

bool
tree_hash_equal(const struct tree_hash *a, const struct tree_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
