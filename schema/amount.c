#include "schema/amount.h"

#include <inttypes.h>
#include <stdio.h>

#include "schema/records_of.h"

bool
amount_parse(struct text text, int64_t *thousandths)
{
    uint32_t i = text.len && text.at[0] == '-';
    bool negative = i == 1;
    uint32_t digits = 0;
    uint32_t places = 0;
    bool dot = false;
    int64_t v = 0;

    for (; i < text.len; i++) {
        char c = text.at[i];
        if (c == '.' && !dot && digits) {
            dot = true;
            continue;
        }
        if (c < '0' || c > '9' || (dot && places == 3) || v > AMOUNT_MAX / 10)
            return false;
        v = v * 10 + (c - '0');
        digits++;
        places += dot;
    }
    if (!digits || (dot && !places))
        return false;
    for (; places < 3; places++) {
        if (v > AMOUNT_MAX / 10)
            return false;
        v *= 10;
    }
    if (v > AMOUNT_MAX)
        return false;
    *thousandths = negative ? -v : v;
    return true;
}

unsigned
amount_format(int64_t thousandths, char out[AMOUNT_TEXT])
{
    uint64_t v = thousandths < 0 ? -(uint64_t)thousandths : (uint64_t)thousandths;
    int len = snprintf(out, AMOUNT_TEXT, "%s%" PRIu64 ".%03u", thousandths < 0 ? "-" : "", v / 1000,
                       (unsigned)(v % 1000));
    while (out[len - 1] == '0')
        len--;
    if (out[len - 1] == '.')
        len--;
    out[len] = '\0';
    return (unsigned)len;
}
