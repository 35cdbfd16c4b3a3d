/* The Merkle tree of RFC 9162 (SHA-256) over the journal's entries.

   Leaf k is the hash of entry number k + 1. The tree keeps itself in tiles as
   in C2SP tlog-tiles: tile `index` of `level` is the row of 256 hashes

       MTH(D[(index * 256 + i) << 8 * level : (index * 256 + i + 1) << 8 * level])

   of which each is the root of a full tile of the level below; level 0 holds
   the leaf hashes. `struct tree` is the right edge: the last, partial tile of
   each level, and the roots of the perfect subtrees that make up the whole.
   Full tiles are somebody else's to keep: `struct tree_tiles` says whose.

   Adding a leaf allocates nothing and hashes two nodes on average. What a holder
   of a tree head needs to check proofs is in schema/tree_head.h. */
#ifndef STORE_TREE_H
#define STORE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "schema/tree_head.h"

enum {
    TREE_TILE = 256,  /* hashes in a full tile: 8 levels of the binary tree */
    TREE_LEVELS = 7,  /* of tiles, so fewer than 2^56 leaves */
    TREE_HEIGHT = 56, /* of the binary tree */
};

struct tree {
    uint64_t size;
    struct tree_hash frontier[TREE_HEIGHT];        /* [h] is set where bit h of size is */
    struct tree_hash tile[TREE_LEVELS][TREE_TILE]; /* [level] has size >> 8 * level & 255 */
};

/* Where full tiles are kept. Both return 0 or a negative error, which ends what
   was asked of the tree and is returned by it. */
struct tree_tiles {
    /* The first `count` hashes of a tile. Fewer than 256 are asked for of level
       0 only, whose last tile the keeper of the leaves has too. */
    int (*read)(void *context, unsigned level, uint64_t index, size_t count, struct tree_hash *out);
    /* Takes a tile that has just become full; of level 1 and up. NULL for a
       tree that no leaf is added to. */
    int (*write)(void *context, unsigned level, uint64_t index, const struct tree_hash *tile);
    void *context;
};

/* An empty tree is `(struct tree){0}`. After a failure the tree is of no more
   use: load it. */
int tree_append(struct tree *tree, const struct tree_hash *leaf, const struct tree_tiles *tiles);

/* Builds the right edge of a tree of `size` leaves from its tiles: reads up to
   65,535 leaf hashes and 255 tiles of each level above. */
int tree_load(struct tree *tree, uint64_t size, const struct tree_tiles *tiles);

/* Makes `to` equal to `from`, which must have grown from it, or it from `from`;
   copies only what differs. */
void tree_copy(struct tree *to, const struct tree *from);

void tree_root(const struct tree *tree, struct tree_hash *out);

/* For any size and leaf that the tree has had: leaf < size <= tree->size, and
   old <= size. The proof of a size for itself, or for an empty tree, is empty. */
int tree_root_at(const struct tree *tree, const struct tree_tiles *tiles, uint64_t size,
                 struct tree_hash *out);
int tree_prove_inclusion(const struct tree *tree, const struct tree_tiles *tiles, uint64_t leaf,
                         uint64_t size, struct tree_proof *out);
int tree_prove_consistency(const struct tree *tree, const struct tree_tiles *tiles, uint64_t old,
                           uint64_t size, struct tree_proof *out);

#endif
