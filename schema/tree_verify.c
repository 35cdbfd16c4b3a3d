/* Checking proofs, by the loops of RFC 9162, 2.1.3.2 and 2.1.4.2. */
#include <string.h>

#include "schema/tree_head.h"

/* Where a proof stands on its way up: `at` is the place of the node reached,
   `last` that of the rightmost node of the same height. */
struct climb {
    uint64_t at;
    uint64_t last;
};

static void
go_up(struct climb *c)
{
    c->at >>= 1;
    c->last >>= 1;
}

static bool
has_left_sibling(const struct climb *c)
{
    return c->at & 1 || c->at == c->last;
}

/* After meeting a left sibling: a last node without a sibling of its own is
   moved up as it is, until it has one. */
static void
go_up_from_the_right(struct climb *c)
{
    while (!(c->at & 1) && c->at)
        go_up(c);
    go_up(c);
}

bool
tree_proof_read(struct tree_proof *out, const void *bytes, size_t len)
{
    out->count = len / TREE_HASH;
    if (len % TREE_HASH || out->count > TREE_PROOF)
        return false;
    if (len)
        memcpy(out->hash, bytes, len);
    return true;
}

bool
tree_verify_inclusion(const struct tree_head *head, uint64_t leaf, const struct tree_hash *hash,
                      const struct tree_proof *proof)
{
    struct climb c = {leaf, head->size - 1};
    struct tree_hash root = *hash;

    if (leaf >= head->size || proof->count > TREE_PROOF)
        return false;
    for (size_t i = 0; i < proof->count; i++) {
        if (c.last == 0)
            return false;
        if (has_left_sibling(&c)) {
            tree_hash_node(&proof->hash[i], &root, &root);
            go_up_from_the_right(&c);
        } else {
            tree_hash_node(&root, &proof->hash[i], &root);
            go_up(&c);
        }
    }
    return c.last == 0 && tree_hash_equal(&root, &head->root);
}

bool
tree_verify_consistency(const struct tree_head *old, const struct tree_head *head,
                        const struct tree_proof *proof)
{
    struct climb c = {old->size - 1, head->size - 1};
    bool power = (old->size & (old->size - 1)) == 0;
    struct tree_hash was;
    struct tree_hash is;
    size_t i = 0;

    if (old->size == 0)
        return proof->count == 0 && tree_hash_equal(&tree_empty_root, &old->root);
    if (old->size == head->size)
        return proof->count == 0 && tree_hash_equal(&old->root, &head->root);
    if (old->size > head->size || proof->count == 0 || proof->count > TREE_PROOF)
        return false;
    /* Where the old tree is one perfect subtree the proof starts from it. */
    was = power ? old->root : proof->hash[i++];
    is = was;
    while (c.at & 1)
        go_up(&c);
    for (; i < proof->count; i++) {
        if (c.last == 0)
            return false;
        if (has_left_sibling(&c)) {
            tree_hash_node(&proof->hash[i], &was, &was);
            tree_hash_node(&proof->hash[i], &is, &is);
            go_up_from_the_right(&c);
        } else {
            tree_hash_node(&is, &proof->hash[i], &is);
            go_up(&c);
        }
    }
    return c.last == 0 && tree_hash_equal(&was, &old->root) && tree_hash_equal(&is, &head->root);
}
