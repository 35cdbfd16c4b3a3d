/* A text in plain ASCII (schema/plain.h), read as runs: of letters or of digits,
   each as long as it goes. That is how the guard looks at it: "NHS 943-476-5919"
   is a run of letters and three of digits, with gaps of one character. */
#ifndef SCHEMA_RUNS_H
#define SCHEMA_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "schema/plain.h"

struct plain_text {
    const char *begin, *end;
};

struct run {
    const char *at, *end; /* equal if there is none */
};

enum { RUN_GAP = 3 }; /* the most characters between two parts of one thing: " - " */

static inline char
char_lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    return c;
}

static inline bool
char_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Of any script. */
static inline bool
char_is_letter(char c)
{
    return (char_lower(c) >= 'a' && char_lower(c) <= 'z') || c == PLAIN_LETTER;
}

static inline bool
char_is_one_of(char c, const char *set)
{
    return c != 0 && strchr(set, c);
}

static inline size_t
run_len(struct run run)
{
    return (size_t)(run.end - run.at);
}

static inline bool
run_is_digits(struct run run)
{
    return run.at < run.end && char_is_digit(*run.at);
}

/* The run that begins at `at`; none if no letter or digit is there. */
struct run run_from(const struct plain_text *t, const char *at);

/* The next run, if it is at most RUN_GAP away. */
struct run run_after(const struct plain_text *t, struct run run);

/* The run before, however far; none at the text's beginning. */
struct run run_before(const struct plain_text *t, struct run run);

/* True if at most RUN_GAP characters, all of them in `by`, are between the two. */
bool run_is_joined(struct run run, struct run next, const char *by);

/* Words are given in lower case and found in any. */
bool run_is(struct run run, const char *word);
bool run_is_one_of(struct run run, const char *const *words, size_t count);
#define RUN_IS_ONE_OF(run, words) run_is_one_of(run, words, sizeof(words) / sizeof *(words))

#endif
