#include "schema/wire/curve.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <zmq.h>

int
curve_generate(uint8_t public[CURVE_KEY], uint8_t secret[CURVE_KEY])
{
    char public_text[CURVE_TEXT + 1];
    char secret_text[CURVE_TEXT + 1];

    if (zmq_curve_keypair(public_text, secret_text) != 0)
        return -errno;
    bool ok = curve_parse(public_text, public) && curve_parse(secret_text, secret);
    assert(ok);
    explicit_bzero(secret_text, sizeof secret_text);
    return ok ? 0 : -EINVAL;
}

int
curve_public_of(const uint8_t secret[CURVE_KEY], uint8_t public[CURVE_KEY])
{
    char public_text[CURVE_TEXT + 1];
    char secret_text[CURVE_TEXT + 1];

    curve_print(secret, secret_text);
    int rc = zmq_curve_public(public_text, secret_text);
    explicit_bzero(secret_text, sizeof secret_text);
    if (rc != 0)
        return -errno;
    return curve_parse(public_text, public) ? 0 : -EINVAL;
}

void
curve_print(const uint8_t key[CURVE_KEY], char text[CURVE_TEXT + 1])
{
    (void)zmq_z85_encode(text, key, CURVE_KEY);
}

bool
curve_parse(const char *text, uint8_t key[CURVE_KEY])
{
    uint8_t parsed[CURVE_KEY];

    if (strlen(text) != CURVE_TEXT || !zmq_z85_decode(parsed, text))
        return false;
    memcpy(key, parsed, sizeof parsed);
    explicit_bzero(parsed, sizeof parsed);
    return true;
}
