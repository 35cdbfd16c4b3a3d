#include "agents/cli/printed/phrase.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum sort { SORT_NOTHING, SORT_SPACE, SORT_LETTER, SORT_DIGIT, SORT_APOSTROPHE, SORT_OTHER };

static bool
is_apostrophe(int32_t c)
{
    return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x02bc;
}

static enum sort
sort_of(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    if (is_apostrophe(c))
        return SORT_APOSTROPHE;
    if (c >= '0' && c <= '9')
        return SORT_DIGIT;
    if (c == '\n')
        return SORT_OTHER;
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME)
        return SORT_LETTER;
    if (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_CC)
        return SORT_SPACE;
    return SORT_OTHER;
}

static int32_t
mark_of(int32_t c)
{
    bool dash = utf8proc_category(c) == UTF8PROC_CATEGORY_PD || c == 0x2212;
    return dash ? '-' : is_apostrophe(c) ? '\'' : c;
}

/* One character of the cell, after compatibility folding: a ligature is its
   letters, a full-width digit a digit, and a soft hyphen nothing. */
struct character {
    enum sort sort;
    int32_t first;
    bool capital;
    char text[64];
    size_t text_len, len;
};

static void
character_read(struct character *out, const char *cell, size_t left)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)cell;
    utf8proc_int32_t c;
    utf8proc_int32_t folded[16];
    int last_class = 0;

    memset(out, 0, sizeof *out);
    utf8proc_ssize_t len = utf8proc_iterate(at, (utf8proc_ssize_t)left, &c);
    if (len <= 0) {
        out->sort = SORT_OTHER;
        out->first = 0xfffd;
        out->len = 1;
        return;
    }
    out->len = (size_t)len;
    out->capital = utf8proc_category(c) != UTF8PROC_CATEGORY_LL;
    utf8proc_ssize_t n = utf8proc_decompose_char(
        c, folded, 16, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
        &last_class);
    if (n <= 0)
        return;
    if (n > 16) { /* a ligature of eighteen letters exists; none here needs it */
        folded[0] = c;
        n = 1;
    }
    out->first = folded[0];
    out->sort = sort_of(folded[0]);
    for (utf8proc_ssize_t i = 0; i < n && out->text_len <= sizeof out->text - 4; i++)
        if (sort_of(folded[i]) == out->sort)
            out->text_len += (size_t)utf8proc_encode_char(folded[i], (utf8proc_uint8_t *)out->text
                                                                         + out->text_len);
}

static bool
put(struct phrase *p, const char *text, size_t len)
{
    if (p->used + len + 1 > PHRASE_BYTES)
        return false;
    memcpy(p->text + p->used, text, len);
    p->used += len;
    p->text[p->used] = '\0';
    return true;
}

/* The token that a letter or digit at `pos` continues, if there is one. */
static struct token *
continued(struct phrase *p, enum token_kind kind, size_t pos)
{
    struct token *last = p->count ? &p->tokens[p->count - 1] : NULL;
    return last && last->kind == kind && last->start + last->len == pos ? last : NULL;
}

static bool
append(struct phrase *p, const struct character *c, size_t pos)
{
    enum token_kind kind = c->sort == SORT_LETTER  ? TOKEN_WORD
                           : c->sort == SORT_DIGIT ? TOKEN_NUMBER
                                                   : TOKEN_MARK;
    struct token *t = kind == TOKEN_MARK ? NULL : continued(p, kind, pos);

    if (!t) {
        if (p->count == PHRASE_TOKENS || p->used + 2 > PHRASE_BYTES)
            return false;
        p->used += p->count > 0; /* past the terminator of the one before */
        t = &p->tokens[p->count++];
        *t = (struct token){.kind = kind, .start = pos, .capitals = true};
        t->text = p->text + p->used;
        p->text[p->used] = '\0';
    }
    t->len = pos + c->len - t->start;
    t->capitals = t->capitals && c->capital;
    if (kind == TOKEN_MARK)
        t->mark = mark_of(c->first);
    return put(p, c->text, c->text_len);
}

void
phrase_read(struct phrase *out, const char *cell)
{
    size_t len = strlen(cell);
    struct character c;

    out->count = out->used = 0;
    out->cut = false;
    for (size_t pos = 0; pos < len && !out->cut; pos += c.len) {
        character_read(&c, cell + pos, len - pos);
        struct token *word = continued(out, TOKEN_WORD, pos);
        if (word && (c.sort == SORT_APOSTROPHE || c.sort == SORT_NOTHING))
            word->len += c.len;
        else if (c.sort != SORT_SPACE && c.sort != SORT_NOTHING)
            out->cut = !append(out, &c, pos);
    }
}

const struct token *
phrase_token(const struct phrase *p, size_t at)
{
    static const struct token end = {.kind = TOKEN_END, .text = ""};
    return at < p->count ? &p->tokens[at] : &end;
}

bool
token_is_word(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && strcmp(t->text, word) == 0;
}

bool
token_is_mark(const struct token *t, int32_t mark)
{
    return t->kind == TOKEN_MARK && t->mark == mark;
}

int
token_number(const struct token *t, size_t least, size_t most)
{
    size_t digits = strlen(t->text);

    assert(most <= 9);
    if (t->kind != TOKEN_NUMBER || digits < least || digits > most)
        return -1;
    return (int)strtol(t->text, NULL, 10);
}

/* Is the token the first word of `words`? */
static bool
begins(const struct token *t, const char *words, size_t len)
{
    return (t->kind == TOKEN_WORD || t->kind == TOKEN_NUMBER) && strlen(t->text) == len
           && memcmp(t->text, words, len) == 0;
}

size_t
phrase_match(const struct phrase *p, size_t at, const char *words)
{
    size_t i = at;

    while (*words) {
        size_t len = strcspn(words, " ");
        while (i > at
               && (token_is_word(phrase_token(p, i), "the")
                   || token_is_mark(phrase_token(p, i), '-')
                   || token_is_mark(phrase_token(p, i), '/')))
            i++;
        if (!begins(phrase_token(p, i), words, len))
            return 0;
        i++;
        words += len + (words[len] == ' ');
    }
    return i - at;
}

size_t
phrase_match_any(const struct phrase *p, size_t at, const char *const *choices)
{
    size_t longest = 0;

    for (; *choices; choices++) {
        size_t n = phrase_match(p, at, *choices);
        longest = n > longest ? n : longest;
    }
    return longest;
}
