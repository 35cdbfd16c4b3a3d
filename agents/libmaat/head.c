#include "agents/libmaat/head.h"

#include <openssl/evp.h>
#include <string.h>

enum { ROOT_LINE = 2, ROOT_TEXT = 44, ROOT_DECODED = 33 }; /* with a byte for the "=" */

bool
head_root(struct text note, uint8_t root[HEAD_ROOT])
{
    uint8_t decoded[ROOT_DECODED];
    const char *end = note.at + note.len;
    const char *at = note.at;

    for (int line = 0; line < ROOT_LINE; line++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at)
            return false;
        at++;
    }
    if (end - at <= ROOT_TEXT || at[ROOT_TEXT] != '\n' || at[ROOT_TEXT - 1] != '='
        || EVP_DecodeBlock(decoded, (const unsigned char *)at, ROOT_TEXT) != ROOT_DECODED)
        return false;
    memcpy(root, decoded, HEAD_ROOT);
    return true;
}
