#include "schema/wire/spoken.h"

#include <ctype.h>
#include <string.h>

static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

void
spoken_print(const uint8_t *bytes, size_t len, char *text)
{
    size_t count = (len * 8 + 4) / 5;

    for (size_t i = 0; i < count; i++) {
        unsigned digit = 0;
        for (size_t bit = 5 * i; bit < 5 * i + 5; bit++) {
            unsigned one = bit / 8 < len ? (unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1 : 0;
            digit = digit << 1 | one;
        }
        if (i && i % 4 == 0)
            *text++ = '-';
        *text++ = digits[digit];
    }
    *text = '\0';
}

static int
digit_of(char c)
{
    int lower = tolower((unsigned char)c);
    const char *at = lower ? strchr(digits, lower) : NULL;

    if (lower == 'o')
        return 0;
    if (lower == 'i' || lower == 'l')
        return 1;
    return at ? (int)(at - digits) : -1;
}

/* Bits beyond the last byte are zero, or it is another text of the same bytes. */
static bool
put_digit(uint8_t *bytes, size_t len, size_t i, unsigned digit)
{
    for (size_t bit = 5 * i; bit < 5 * i + 5; bit++) {
        unsigned one = digit >> (5 * i + 4 - bit) & 1;
        if (bit / 8 < len)
            bytes[bit / 8] = (uint8_t)(bytes[bit / 8] | one << (7 - bit % 8));
        else if (one)
            return false;
    }
    return true;
}

bool
spoken_parse(const char *text, size_t text_len, uint8_t *bytes, size_t len, size_t *count,
             char *wrong)
{
    bool ok = true;

    memset(bytes, 0, len);
    *count = 0;
    *wrong = '\0';
    for (size_t i = 0; i < text_len; i++) {
        if (text[i] == '-')
            continue;
        int digit = digit_of(text[i]);
        if (digit < 0) {
            *wrong = text[i];
            return false;
        }
        ok = ok && put_digit(bytes, len, *count, (unsigned)digit);
        (*count)++;
    }
    return ok && *count == (len * 8 + 4) / 5;
}
