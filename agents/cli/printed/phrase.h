/* A printed cell as a row of words, numbers and marks, so that what people
   wrote can be compared without minding case, accents of layout, ligatures of
   a PDF, curly quotes or which of the many dashes it was:

       "31st March"         31 st march
       "Children’s / Q2"    childrens / q 2

   What reads a cell (headings, printed_date, printed_lead, printed_progress)
   reads it as a phrase.                                                      */
#ifndef AGENTS_CLI_PRINTED_PHRASE_H
#define AGENTS_CLI_PRINTED_PHRASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PHRASE_TOKENS = 512, PHRASE_BYTES = 4096 };

enum token_kind {
    TOKEN_END,    /* what is before the first and after the last */
    TOKEN_WORD,   /* letters; apostrophes in it are dropped */
    TOKEN_NUMBER, /* ASCII digits */
    TOKEN_MARK,   /* anything else but space; a line's end is one, '\n' */
};

struct token {
    enum token_kind kind;
    const char *text;  /* terminated; a word in lower case, a number's digits */
    int32_t mark;      /* its code point; every dash is '-' */
    bool capitals;     /* a word that was written in capitals */
    size_t start, len; /* where it stands in the cell */
};

struct phrase {
    struct token tokens[PHRASE_TOKENS];
    size_t count;
    bool cut; /* the cell is longer than a phrase can be: the rest is unread */
    char text[PHRASE_BYTES];
    size_t used;
};

/* `cell` is terminated UTF-8; a byte that is not is a mark. */
void phrase_read(struct phrase *out, const char *cell);

/* The token there, or one of kind TOKEN_END. */
const struct token *phrase_token(const struct phrase *p, size_t at);

bool token_is_word(const struct token *t, const char *word);
bool token_is_mark(const struct token *t, int32_t mark);

/* A number's value if it is written with `least` to `most` digits (at most 9),
   else -1. */
int token_number(const struct token *t, size_t least, size_t most);

/* How many tokens from `at` on are taken by `words` ("in progress", lower case,
   a space between them); 0 if it does not stand there. "the", dashes and slashes
   between the words of the cell count for nothing: "on-going", "w/c". */
size_t phrase_match(const struct phrase *p, size_t at, const char *words);

/* The same with each of `choices` (ended by NULL): the longest, or 0. */
size_t phrase_match_any(const struct phrase *p, size_t at, const char *const *choices);

#endif
