/* What is read of a tree head is what is written of it: a note that parses has
   a head that can be signed, and what we sign verifies, and says the same. */
#include <stdlib.h>
#include <string.h>

#include "schema/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t secret[CHECKPOINT_KEY] = {7};
    struct checkpoint a;
    struct checkpoint b;
    struct fault fault;
    uint8_t key[CHECKPOINT_KEY];
    char note[CHECKPOINT_NOTE];
    int signed_len = 0;

    if (checkpoint_public_key(secret, key))
        abort();
    if (!checkpoint_parse(&a, data, len, &fault))
        return 0;
    if (checkpoint_verify(&b, data, len, a.origin, key, &fault) && memcmp(&a, &b, sizeof a) != 0)
        abort();
    signed_len = checkpoint_sign(&a, secret, note);
    if (signed_len < 0 || !checkpoint_verify(&b, note, (size_t)signed_len, a.origin, key, &fault)
        || memcmp(&a, &b, sizeof a) != 0)
        abort();
    return 0;
}
