#include "schema/wire/check_phrase.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "schema/wire/check_words.h"

enum { COST = 1 << 14, BLOCK = 8, LANES = 1, MEMORY_MOST = 32 * 1024 * 1024 };

void
check_phrase_words(const uint8_t *bytes, size_t len, char *words, size_t cap)
{
    size_t at = 0;

    *words = '\0';
    for (size_t i = 0; i < len && at < cap; i++)
        at += (size_t)snprintf(words + at, cap - at, "%s%s", i ? " " : "",
                               check_words[i % 2][bytes[i]]);
}

/* The sort is the salt: what is hashed has enough of its own. */
void
check_phrase(const char *sort, const void *bytes, size_t len, char phrase[CHECK_PHRASE])
{
    uint8_t hash[CHECK_WORDS];

    if (!EVP_PBE_scrypt(bytes, len, (const uint8_t *)sort, strlen(sort), COST, BLOCK, LANES,
                        MEMORY_MOST, hash, sizeof hash))
        abort(); /* memory has ended */
    check_phrase_words(hash, sizeof hash, phrase, CHECK_PHRASE);
}

/* The next word, from *at on, which is moved behind it; its length, 0 where there is
   none. */
static size_t
next_word(const char **at, const char **word)
{
    while (**at && !isalpha((unsigned char)**at))
        (*at)++;
    *word = *at;
    while (isalpha((unsigned char)**at))
        (*at)++;
    return (size_t)(*at - *word);
}

unsigned
check_phrase_differs(const char *phrase, const char *typed)
{
    const char *want, *got;

    for (unsigned place = 1;; place++) {
        size_t want_len = next_word(&phrase, &want);
        size_t got_len = next_word(&typed, &got);
        if (want_len != got_len || strncasecmp(want, got, want_len) != 0)
            return place;
        if (!want_len)
            return 0;
    }
}
