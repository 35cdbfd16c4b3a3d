#include "schema/runs.h"

struct run
run_from(const struct plain_text *t, const char *at)
{
    struct run run = {at, at};
    if (at < t->end && char_is_digit(*at))
        while (run.end < t->end && char_is_digit(*run.end))
            run.end++;
    else
        while (run.end < t->end && char_is_letter(*run.end))
            run.end++;
    return run;
}

struct run
run_after(const struct plain_text *t, struct run run)
{
    const char *at = run.end;
    const char *limit = t->end - at < RUN_GAP ? t->end : at + RUN_GAP;
    while (at < limit && !char_is_letter(*at) && !char_is_digit(*at))
        at++;
    return run_from(t, at);
}

struct run
run_before(const struct plain_text *t, struct run run)
{
    struct run before = {run.at, run.at};
    while (before.at > t->begin && !char_is_letter(before.at[-1]) && !char_is_digit(before.at[-1]))
        before.at--;
    before.end = before.at;
    if (before.at > t->begin && char_is_digit(before.at[-1]))
        while (before.at > t->begin && char_is_digit(before.at[-1]))
            before.at--;
    else
        while (before.at > t->begin && char_is_letter(before.at[-1]))
            before.at--;
    return before;
}

bool
run_is(struct run run, const char *word)
{
    const char *p = run.at;
    while (p < run.end && *word && char_lower(*p) == *word)
        p++, word++;
    return p == run.end && !*word;
}

bool
run_is_one_of(struct run run, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (run_is(run, words[i]))
            return true;
    return false;
}

bool
run_is_joined(struct run run, struct run next, const char *by)
{
    if (next.at - run.end > RUN_GAP)
        return false;
    for (const char *p = run.end; p < next.at; p++)
        if (!char_is_one_of(*p, by))
            return false;
    return true;
}
