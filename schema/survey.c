#include "schema/survey.h"

#include <string.h>

/* Sixteen bytes, each by itself: the compiler makes of it what the processor has. What
   holds for a byte makes it 255, else 0. */
enum { LANES = 16, TURNS_MOST = 255 /* before a byte's count comes round */ };
typedef uint8_t lanes __attribute__((vector_size(LANES)));

struct sums {
    lanes all, at, percent;
    lanes digits; /* so many */
};

static inline lanes
load(const char *text)
{
    lanes bytes;
    memcpy(&bytes, text, sizeof bytes);
    return bytes;
}

static inline void
add(struct sums *s, lanes bytes)
{
    s->all |= bytes;
    s->at |= (lanes)(bytes == '@');
    s->percent |= (lanes)(bytes == '%');
    s->digits -= (lanes)(bytes - '0' < 10);
}

static bool
any(lanes bytes, uint64_t of)
{
    uint64_t half[2];

    memcpy(half, &bytes, sizeof half);
    return ((half[0] | half[1]) & of) != 0;
}

static uint32_t
total(lanes counts)
{
    uint32_t sum = 0;

    for (int i = 0; i < LANES; i++)
        sum += counts[i];
    return sum;
}

void
survey_text(const char *text, size_t len, struct survey *out)
{
    const char *end = text + len;
    struct sums s = {0};

    out->digits = 0;
    for (unsigned turns = 0; (size_t)(end - text) >= LANES; text += LANES) {
        add(&s, load(text));
        if (++turns % TURNS_MOST == 0) {
            out->digits += total(s.digits);
            s.digits = (lanes){0};
        }
    }
    if (text < end) {
        char rest[LANES] = {0};
        memcpy(rest, text, (size_t)(end - text));
        add(&s, load(rest));
    }
    out->digits += total(s.digits);
    out->at = any(s.at, UINT64_MAX);
    out->plain = !any(s.all, UINT64_C(0x8080808080808080)) && !any(s.percent, UINT64_MAX);
}
