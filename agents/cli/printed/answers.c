#include <stdio.h>

#include "agents/cli/printed/row.h"
#include "agents/cli/printed/title.h"
#include "schema/ids.h"

/* A number and its text are one recommendation: neither is taken without the other
   from the row above. */
void
printed_remember(struct printed_reading *r)
{
    struct text numbers = printed_cell(r, COLUMN_RECOMMENDATION_REF);
    struct text text = printed_cell(r, COLUMN_RECOMMENDATION);
    struct text theme = printed_cell(r, COLUMN_THEME);

    if (numbers.len || text.len) {
        r->plan->above[COLUMN_RECOMMENDATION_REF] = numbers;
        r->plan->above[COLUMN_RECOMMENDATION] = text;
    }
    if (theme.len)
        r->plan->above[COLUMN_THEME] = theme;
}

/* Where no number is printed anywhere: 1, 2, 3 in the order of the texts. */
static size_t
number_of(struct printed_plan *p, struct text text)
{
    for (size_t i = 0; i < p->recommendation_count; i++)
        if (text_equal(p->recommendations[i], text))
            return i + 1;
    p->recommendations[p->recommendation_count++] = text;
    return p->recommendation_count;
}

static void
add_recommendation(struct printed_reading *r, struct text number, struct text printed,
                   struct text text)
{
    struct action *a = &r->out->action;
    struct recommendation *list = arena_take(r->plan->arena, LIST_MAX * sizeof *list);

    for (uint32_t i = 0; i < a->recommendations.count; i++) {
        if (text_equal(a->recommendations.at[i].number, number))
            return;
        list[i] = a->recommendations.at[i];
    }
    struct recommendation *one = &list[a->recommendations.count];
    *one = (struct recommendation){
        .source = r->plan->rules->source, .number = number, .printed = printed, .text = text};
    one->has.source = one->has.number = 1;
    one->has.printed = printed.len > 0;
    one->has.text = text.len > 0;
    a->recommendations.at = list;
    a->recommendations.count++;
    a->has.recommendations = 1;
}

static bool
separates(char c)
{
    return c == ',' || c == ';' || c == '&' || c == '\n';
}

/* "1, 3 & 5" are three; the text is then not said to be of one of them. */
static void
read_numbers(struct printed_reading *r, struct text numbers, struct text text)
{
    const struct text none = {"", 0};
    bool several = false;

    for (uint32_t i = 0; i < numbers.len; i++)
        several = several || separates(numbers.at[i]);
    if (several && text.len)
        r->keep |= 1U << COLUMN_RECOMMENDATION;
    for (uint32_t from = 0; from < numbers.len;) {
        char id[ID_MAX + 1];
        uint32_t to = from;
        while (to < numbers.len && !separates(numbers.at[to]))
            to++;
        struct text one = printed_line(r->plan->arena, (struct text){numbers.at + from, to - from});
        unsigned len = one.len <= TITLE_MAX ? id_from_printed(one, id) : 0;
        if (len && r->out->action.recommendations.count < LIST_MAX)
            add_recommendation(r, printed_keep(r, id, len), one, several ? none : text);
        else if (one.len)
            r->keep |= 1U << COLUMN_RECOMMENDATION_REF;
        from = to + 1;
    }
}

void
printed_read_recommendation(struct printed_reading *r)
{
    struct text numbers = printed_cell(r, COLUMN_RECOMMENDATION_REF);
    struct text text = printed_cell(r, COLUMN_RECOMMENDATION);
    char number[24];

    if (!text.len && !numbers.len && r->plan->rules->fill_down) {
        numbers = r->plan->above[COLUMN_RECOMMENDATION_REF];
        text = r->plan->above[COLUMN_RECOMMENDATION];
    }
    printed_remember(r);
    if (!text.len && !numbers.len) {
        r->plan->unrecommended += r->plan->above[COLUMN_RECOMMENDATION].len > 0;
        return;
    }
    if (!printed_has_column(r, COLUMN_RECOMMENDATION_REF)) {
        int len = snprintf(number, sizeof number, "%zu", number_of(r->plan, text));
        add_recommendation(r, printed_keep(r, number, (size_t)len), (struct text){0}, text);
        return;
    }
    read_numbers(r, numbers, text);
    if (text.len && !r->out->action.has.recommendations) {
        r->keep |= 1U << COLUMN_RECOMMENDATION;
        PRINTED_SAY(r, ODD_SAID, COLUMN_RECOMMENDATION,
                    "the recommendation has no number: it is kept as printed");
    }
}

void
printed_read_theme(struct printed_reading *r)
{
    struct action *a = &r->out->action;
    struct text cell = printed_line(r->plan->arena, printed_cell(r, COLUMN_THEME));
    char id[ID_MAX + 1];

    if (!cell.len && r->plan->rules->fill_down)
        cell = printed_line(r->plan->arena, r->plan->above[COLUMN_THEME]);
    unsigned len = id_from_printed(cell, id);
    if (len) {
        struct text *theme = arena_take(r->plan->arena, sizeof *theme);
        *theme = printed_keep(r, id, len);
        a->themes = (struct texts){theme, 1};
        a->has.themes = 1;
    } else if (cell.len) {
        PRINTED_SAY(r, ODD_SAID, COLUMN_THEME, "is too long for a theme: it is kept as printed");
    }
}
