#include "agents/cli/watch/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/days.h"
#include "schema/ids.h"
#include "schema/roll.h"

bool
watch_ask_filter(const struct invocation *in, const struct watch_option *o, struct arena *arena,
                 struct feed_filter *out, struct fault *fault)
{
    const unsigned count = in->words.count;
    struct text *words = arena_take(arena, (count + 1) * sizeof *words);
    unsigned actions = 0;

    *out = (struct feed_filter){.themes = o->theme, .agencies = o->agency, .want = WANT_BOTH};
    if (count > LIST_MAX)
        return fault_set(fault, FAULT_LIMIT, "", "at most %d plans or actions", LIST_MAX);
    for (unsigned i = 0; i < count; i++) {
        words[i] = text_of(in->words.at[i]);
        actions += path_valid(words[i]);
        if (!path_valid(words[i]) && !id_valid(words[i]))
            return fault_set(fault, FAULT_FIELD_INVALID, "", "%s is no plan, and no PLAN/REF",
                             in->words.at[i]);
    }
    if (actions && actions < count)
        return fault_set(fault, FAULT_FIELD_INVALID, "", "plans or actions, not both at once");
    if (actions)
        out->actions = (struct texts){words, count};
    else
        out->plans = (struct texts){words, count};
    return true;
}

/* --- as words ------------------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
    return roll_compare(*(const struct text *)a, *(const struct text *)b);
}

static uint32_t
add(struct arena *arena, struct text *words, const char *kind, struct texts list)
{
    for (uint32_t i = 0; i < list.count; i++) {
        char word[2 * PATH_MAX_LEN];
        int len = snprintf(word, sizeof word, "%s %.*s", kind, (int)list.at[i].len, list.at[i].at);
        words[i] = (struct text){arena_copy(arena, word, (size_t)len), (uint32_t)len};
    }
    return list.count;
}

struct texts
watch_ask_words(const struct feed_filter *f, const struct watch_option *o, struct arena *arena)
{
    struct text *words = arena_take(arena, (4 * LIST_MAX + 2) * sizeof *words);
    char day[DAY_TEXT] = "";
    const struct text rag = text_of(o->has.rag ? word_text(&ratings, (int)o->rag) : "");
    uint32_t count = 0;

    if (o->has.silent_since)
        day_format(o->silent_since, day);
    const struct text silent = text_of(day);
    count += add(arena, words + count, "plan", f->plans);
    count += add(arena, words + count, "action", f->actions);
    count += add(arena, words + count, "theme", f->themes);
    count += add(arena, words + count, "agency", f->agencies);
    count += add(arena, words + count, "rag", (struct texts){&rag, o->has.rag});
    count +=
        add(arena, words + count, "silent-since", (struct texts){&silent, o->has.silent_since});
    qsort(words, count, sizeof *words, compare);
    return (struct texts){words, count};
}

/* --- what is not there -------------------------------------------------------------------- */

static bool
is_absent(const struct feed *f, struct arena *arena, struct text plan)
{
    struct plan_row row;
    bool known;

    arena_reset(arena);
    return !feed_plan(f, arena, plan, &row, &known);
}

const struct text *
watch_ask_absent(const struct feed *f)
{
    const struct feed_filter *filter = feed_filter(f);
    struct arena *arena = arena_new();
    const struct text *absent = NULL;

    for (uint32_t i = 0; i < filter->plans.count && !absent; i++)
        if (is_absent(f, arena, filter->plans.at[i]))
            absent = &filter->plans.at[i];
    for (uint32_t i = 0; i < filter->actions.count && !absent; i++)
        if (is_absent(f, arena, path_first(filter->actions.at[i])))
            absent = &filter->actions.at[i];
    arena_destroy(&arena);
    return absent;
}
