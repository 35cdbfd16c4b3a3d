#include "schema/plain.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

enum {
    DECOMPOSED = 32,   /* characters; the most that Unicode has is 18 */
    MIDDLE_DOT = 0xb7, /* typed as a dot between groups of digits */
};

struct writer {
    char *out;      /* or NULL, to count only */
    size_t len;     /* of what was written */
    char before[2]; /* the last two that were written */
    size_t index;   /* the byte whose origin is wanted */
    size_t origin;
};

/* The separator that "%2d" stands for in a web address, or 0. Other escapes are
   left: decoding a digit could hide what is there without it. */
static char
percent_separator(char high, char low)
{
    static const struct {
        char high, low, separator;
    } escapes[] = {
        {'2', '0', ' '}, {'2', '8', '('}, {'2', '9', ')'}, {'2', 'B', '+'},
        {'2', 'b', '+'}, {'2', 'D', '-'}, {'2', 'd', '-'}, {'2', 'E', '.'},
        {'2', 'e', '.'}, {'2', 'F', '/'}, {'2', 'f', '/'}, {'4', '0', '@'},
    };
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escapes[i].high == high && escapes[i].low == low)
            return escapes[i].separator;
    return 0;
}

/* `at` is where in the text the character is that gave `c`. */
static void
put(struct writer *w, char c, size_t at)
{
    char separator = 0;

    if (w->before[0] == '%')
        separator = percent_separator(w->before[1], c);
    if (separator) {
        w->len -= 2;
        w->before[1] = 0;
        c = separator;
    } else if (w->len == w->index) {
        w->origin = at;
    }
    if (w->out)
        w->out[w->len] = c;
    w->len++;
    w->before[0] = w->before[1];
    w->before[1] = c;
}

/* What has no ASCII form is a letter or not; all that matters of it is whether
   it makes a number beside it part of a longer word. */
static char
stand_in(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    bool letter = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
                  || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
    return letter ? PLAIN_LETTER : PLAIN_OTHER;
}

/* One character at a time, not a whole text: so that what is beside a
   character never changes what it gives. That is all of NFKC that ASCII can
   show, for composing again gives no ASCII. */
static void
put_character(struct writer *w, utf8proc_int32_t code, size_t at)
{
    static const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE
                                             | UTF8PROC_STRIPMARK | UTF8PROC_LUMP | UTF8PROC_NLF2LF;
    utf8proc_int32_t parts[DECOMPOSED];
    int bound = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(code, parts, DECOMPOSED, options, &bound);
    char last = 0;

    assert(count >= 0 && count <= DECOMPOSED);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        char c;
        if (parts[i] == MIDDLE_DOT)
            c = '.';
        else if (parts[i] < 0x80)
            c = (char)parts[i];
        else
            c = stand_in(parts[i]);
        if (c == last && (c == PLAIN_LETTER || c == PLAIN_OTHER))
            continue; /* one ligature can be a sentence */
        put(w, c, at);
        last = c;
    }
}

static void
fold(struct writer *w, const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t code;
        const uint8_t *next = (const uint8_t *)text + at;
        if (*next < 0x80) {
            put(w, text[at], at);
            at++;
            continue;
        }
        utf8proc_ssize_t step = utf8proc_iterate(next, (utf8proc_ssize_t)(len - at), &code);
        if (step > 0) {
            put_character(w, code, at);
            at += (size_t)step;
        } else {
            put(w, PLAIN_OTHER, at);
            at++;
        }
    }
}

static bool
may_hold_escape(const char *text, const char *end)
{
    while (text < end && (text = memchr(text, '%', (size_t)(end - text)))) {
        text++;
        if (text < end && (*text == '2' || *text == '4'))
            return true;
    }
    return false;
}

bool
plain_is(const char *text, size_t len)
{
    uint64_t seen = 0;
    uint64_t word;
    size_t i = 0;

    for (; i + sizeof word <= len; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        seen |= word;
    }
    for (; i < len; i++)
        seen |= (uint8_t)text[i];
    return (seen & UINT64_C(0x8080808080808080)) == 0 && !may_hold_escape(text, text + len);
}

size_t
plain_from(const char *text, size_t len, char *out)
{
    struct writer w = {.index = SIZE_MAX};
    w.out = out;
    fold(&w, text, len);
    return w.len;
}

size_t
plain_origin(const char *text, size_t len, size_t index)
{
    struct writer w = {.index = index};
    fold(&w, text, len);
    assert(index < w.len);
    return w.origin;
}
