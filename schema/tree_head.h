/* A head of the journal's Merkle tree (RFC 9162, SHA-256), and what its holder
   needs to check proofs against it: no tree, no journal.

   The tree's leaf k is the hash of entry number k + 1. A head is its size and
   root; schema/checkpoint.h signs and reads one, store/tree.h grows the tree and
   gives the proofs. */
#ifndef SCHEMA_TREE_HEAD_H
#define SCHEMA_TREE_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TREE_HASH = 32,  /* bytes of a hash */
    TREE_PROOF = 57, /* hashes in the longest proof: fewer than 2^56 leaves */
};

struct tree_hash {
    uint8_t bytes[TREE_HASH];
};

struct tree_head {
    uint64_t size;
    struct tree_hash root;
};

struct tree_proof {
    size_t count;
    struct tree_hash hash[TREE_PROOF];
};

/* The root of the tree without leaves: SHA-256 of nothing. */
extern const struct tree_hash tree_empty_root;

void tree_hash_leaf(const void *entry, size_t len, struct tree_hash *out);
void tree_hash_node(const struct tree_hash *left, const struct tree_hash *right,
                    struct tree_hash *out);
bool tree_hash_equal(const struct tree_hash *a, const struct tree_hash *b);

/* --- checking: any numbers, any proof are safe ----------------------------- */

/* A proof as the wire carries it: hashes of 32 bytes, one after the other. False
   if that is none. */
bool tree_proof_read(struct tree_proof *out, const void *bytes, size_t len);

/* Is `hash` leaf number `leaf` (from 0) of the tree that `head` is the head of? */
bool tree_verify_inclusion(const struct tree_head *head, uint64_t leaf,
                           const struct tree_hash *hash, const struct tree_proof *proof);

/* Does the tree of `head` begin with all of the tree of `old`? */
bool tree_verify_consistency(const struct tree_head *old, const struct tree_head *head,
                             const struct tree_proof *proof);

#endif
