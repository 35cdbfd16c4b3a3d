#include "schema/digest.h"

#include <assert.h>
#include <openssl/evp.h>

static int
add(EVP_MD_CTX *hash, const void *at, uint32_t len)
{
    uint8_t length[8];

    for (unsigned i = 0; i < sizeof length; i++)
        length[i] = (uint8_t)((uint64_t)len >> (56 - 8 * i));
    return EVP_DigestUpdate(hash, length, sizeof length) && EVP_DigestUpdate(hash, at, len);
}

void
submission_digest(enum submission_kind kind, struct bytes nonce, struct bytes body,
                  uint8_t digest[DIGEST_SIZE])
{
    struct text word = text_of(word_text(&submission_kinds, (int)kind));
    EVP_MD_CTX *hash = EVP_MD_CTX_new();

    int done = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) && add(hash, word.at, word.len)
               && add(hash, nonce.at, nonce.len) && add(hash, body.at, body.len)
               && EVP_DigestFinal_ex(hash, digest, NULL);
    EVP_MD_CTX_free(hash);
    assert(done && "libcrypto has SHA-256, and memory does not end");
    (void)done;
}
