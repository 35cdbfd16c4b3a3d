#include "agents/cli/given_action.h"

#include <string.h>

/* --- values in several pieces ---------------------------------------------------- */

/* What stands before the first `by`, and after it; false if there is none. */
static bool
split(struct text from, char by, struct text *first, struct text *rest)
{
    const char *at = from.len ? memchr(from.at, by, from.len) : NULL;

    if (!at)
        return false;
    *first = (struct text){from.at, (uint32_t)(at - from.at)};
    *rest = (struct text){at + 1, from.len - first->len - 1};
    return true;
}

static bool
is_not(struct fault *fault, const char *option, const char *form)
{
    return fault_set(fault, FAULT_FIELD_INVALID, option, "is not of the form %s", form);
}

static bool
say_exceptions(struct arena *arena, struct action *a, struct texts given, struct fault *fault)
{
    struct exception *list = arena_take(arena, given.count * sizeof *list);

    for (uint32_t i = 0; i < given.count; i++) {
        struct exception *e = &list[i];
        *e = (struct exception){0};
        if (!split(given.at[i], '=', &e->agency, &e->reason))
            return is_not(fault, "except", "AGENCY=REASON");
        if (!given_text(arena, "except", TEXT_MAX, &e->reason, fault))
            return false;
        e->has.agency = e->has.reason = 1;
    }
    a->except.at = list;
    a->except.count = given.count;
    a->has.except = 1;
    return true;
}

static bool
say_cells(struct arena *arena, struct action *a, struct texts given, struct fault *fault)
{
    struct cell *list = arena_take(arena, given.count * sizeof *list);

    for (uint32_t i = 0; i < given.count; i++) {
        struct cell *c = &list[i];
        *c = (struct cell){0};
        if (!split(given.at[i], '=', &c->heading, &c->text))
            return is_not(fault, "cell", "HEADING=TEXT");
        if (!given_text(arena, "cell", TEXT_MAX, &c->text, fault))
            return false;
        c->has.heading = c->has.text = 1;
    }
    a->cells.at = list;
    a->cells.count = given.count;
    a->has.cells = 1;
    return true;
}

/* --- recommendations ---------------------------------------------------------------- */

static struct recommendation *
find(struct recommendation *list, uint32_t count, struct text source, struct text number)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(list[i].source, source) && text_equal(list[i].number, number))
            return &list[i];
    return NULL;
}

/* One that the action had keeps what was said of it. */
static bool
say_recommendation(struct recommendation *r, struct recommendation *had, uint32_t had_count,
                   struct text given, struct fault *fault)
{
    struct text source, number, printed = {0};

    if (!split(given, ':', &source, &number))
        return is_not(fault, "recommendation", "SOURCE:NUMBER[:PRINTED]");
    bool prints = split(number, ':', &number, &printed);
    const struct recommendation *before = find(had, had_count, source, number);
    *r = before ? *before : (struct recommendation){.source = source, .number = number};
    r->has.source = r->has.number = 1;
    if (prints) {
        r->printed = printed;
        r->has.printed = 1;
    }
    return true;
}

/* The one that "SOURCE:NUMBER=..." is about, and what is said of it. */
static struct recommendation *
about(struct recommendation *list, uint32_t count, const char *option, const char *form,
      struct text given, struct text *said, struct fault *fault)
{
    struct text name, source, number;

    if (!split(given, '=', &name, said) || !split(name, ':', &source, &number)) {
        (void)is_not(fault, option, form);
        return NULL;
    }
    struct recommendation *r = find(list, count, source, number);
    if (!r)
        (void)fault_set(fault, FAULT_NOT_FOUND, option,
                        "%.*s is no recommendation of this action: --recommendation names those",
                        (int)name.len, name.at);
    return r;
}

static bool
say_recommended(struct arena *arena, struct recommendation *list, uint32_t count, struct text given,
                struct fault *fault)
{
    struct text said;
    struct recommendation *r =
        about(list, count, "recommended", "SOURCE:NUMBER=TEXT", given, &said, fault);

    if (!r || !given_text(arena, "recommended", TEXT_MAX, &said, fault))
        return false;
    r->text = said;
    r->has.text = 1;
    return true;
}

static bool
say_response(struct arena *arena, struct recommendation *list, uint32_t count, struct text given,
             struct fault *fault)
{
    static const char form[] = "SOURCE:NUMBER=accepted|partly|not[:WHY]";
    struct text said, why = {0};
    struct recommendation *r = about(list, count, "response", form, given, &said, fault);

    if (!r)
        return false;
    bool says_why = split(said, ':', &said, &why);
    int word = word_find(&responses, said.at, said.len);
    if (word < 0)
        return is_not(fault, "response", form);
    if (says_why && !given_text(arena, "response", TEXT_MAX, &why, fault))
        return false;
    r->response = (enum response)word;
    r->why = why;
    r->has.response = 1;
    r->has.why = says_why;
    return true;
}

static bool
say_recommendations(struct arena *arena, struct action *a, const struct action_said *said,
                    struct fault *fault)
{
    uint32_t had_count = a->recommendations.count;
    uint32_t count = said->has.recommendation ? said->recommendation.count : had_count;
    struct recommendation *had = arena_take(arena, (had_count + 1) * sizeof *had);
    struct recommendation *list = arena_take(arena, (count + 1) * sizeof *list);

    if (had_count)
        memcpy(had, a->recommendations.at, had_count * sizeof *had);
    if (!said->has.recommendation)
        memcpy(list, had, count * sizeof *list);
    for (uint32_t i = 0; said->has.recommendation && i < count; i++)
        if (!say_recommendation(&list[i], had, had_count, said->recommendation.at[i], fault))
            return false;
    for (uint32_t i = 0; i < said->recommended.count && said->has.recommended; i++)
        if (!say_recommended(arena, list, count, said->recommended.at[i], fault))
            return false;
    for (uint32_t i = 0; i < said->response.count && said->has.response; i++)
        if (!say_response(arena, list, count, said->response.at[i], fault))
            return false;
    a->recommendations.at = list;
    a->recommendations.count = count;
    a->has.recommendations = count > 0;
    return true;
}

/* --- the measure ---------------------------------------------------------------------- */

static bool
say_measure(struct action *a, const struct action_said *said, struct fault *fault)
{
    struct measure *m = &a->measure;

    if (!said->has.measure && !a->has.measure) {
        const char *lonely = said->has.how          ? "how"
                             : said->has.unit       ? "unit"
                             : said->has.comparator ? "comparator"
                             : said->has.target     ? "target"
                                                    : NULL;
        return !lonely
               || fault_set(fault, FAULT_FIELD_MISSING, lonely,
                            "there is no measure: --measure says what is counted");
    }
    if (!a->has.measure) {
        *m = (struct measure){.unit = UNIT_COUNT, .comparator = AT_LEAST};
        m->has.unit = m->has.comparator = a->has.measure = 1;
    }
    if (said->has.measure) {
        m->counted = said->measure;
        m->has.counted = 1;
    }
    if (said->has.how)
        KEEP(m, said, how);
    if (said->has.unit)
        KEEP(m, said, unit);
    if (said->has.comparator)
        KEEP(m, said, comparator);
    if (said->has.target)
        KEEP(m, said, target);
    return true;
}

/* --- all of it -------------------------------------------------------------------------- */

void
given_action_take(struct action *a, const struct action_taken *taken)
{
    a->has.text &= !taken->no_text;
    a->has.outcome &= !taken->no_outcome;
    a->has.themes &= !taken->no_theme;
    a->has.except &= !taken->no_except;
    a->has.contributors &= !taken->no_contributor;
    a->has.due &= !taken->no_due;
    a->has.due_printed &= !taken->no_due_printed;
    a->has.measure &= !taken->no_measure;
    a->measure.has.how &= !taken->no_how;
    a->measure.has.target &= !taken->no_target;
    a->has.cells &= !taken->no_cell;
    if (taken->no_lead)
        a->leads = (struct who){0};
    if (taken->no_recommendation) {
        a->has.recommendations = 0;
        a->recommendations.count = 0;
    }
}

bool
given_action_say(struct arena *arena, struct action *a, const struct action_said *said,
                 struct fault *fault)
{
    if (said->has.ref)
        KEEP(a, said, ref);
    if (said->has.text)
        KEEP(a, said, text);
    if (said->has.outcome)
        KEEP(a, said, outcome);
    if (said->has.due)
        KEEP(a, said, due);
    if (said->has.due_printed)
        KEEP(a, said, due_printed);
    if (said->has.lead) {
        a->leads = said->lead;
        a->has.except &= a->leads.all; /* of a list nobody is excepted */
    }
    if (said->has.theme) {
        a->themes = said->theme;
        a->has.themes = 1;
    }
    if (said->has.contributor) {
        a->contributors = said->contributor;
        a->has.contributors = 1;
    }
    return (!said->has.except || say_exceptions(arena, a, said->except, fault))
           && (!said->has.cell || say_cells(arena, a, said->cell, fault))
           && say_measure(a, said, fault) && say_recommendations(arena, a, said, fault);
}
