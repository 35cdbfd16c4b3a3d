#include "agents/cli/printed/moment.h"

static const struct moment nothing = {.day = UNSAID, .month = UNSAID, .year = UNSAID};

/* clang-format off */
static const struct name { const char *text; int number; } months[] = {
    {"january", 1}, {"february", 2}, {"march", 3}, {"april", 4}, {"may", 5}, {"june", 6}, {"july", 7}, {"august", 8},
    {"september", 9}, {"october", 10}, {"november", 11}, {"december", 12}, {"jan", 1}, {"feb", 2}, {"mar", 3},
    {"apr", 4}, {"jun", 6}, {"jul", 7}, {"aug", 8}, {"sept", 9}, {"sep", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12},
    {NULL, 0},
}, weekdays[] = {
    {"monday", 1}, {"tuesday", 2}, {"wednesday", 3}, {"thursday", 4}, {"friday", 5}, {"saturday", 6}, {"sunday", 7},
    {"mon", 1}, {"tue", 2}, {"tues", 2}, {"wed", 3}, {"weds", 3}, {"thu", 4}, {"thur", 4}, {"thurs", 4}, {"fri", 5},
    {"sat", 6}, {"sun", 7}, {NULL, 0},
};
/* clang-format on */

static int
name_of(const struct name *names, const struct token *t)
{
    for (; names->text; names++)
        if (token_is_word(t, names->text))
            return names->number;
    return 0;
}

/* --- tokens --------------------------------------------------------------- */

/* A phrase and a place in it. The readers below step over what they take, and
   return false and stay where they are if it does not stand there. */
struct cursor {
    const struct phrase *p;
    size_t at;
};

static const struct token *
peek(const struct cursor *c, size_t ahead)
{
    return phrase_token(c->p, c->at + ahead);
}

static bool
take_mark(struct cursor *c, const char *marks)
{
    for (; *marks; marks++)
        if (token_is_mark(peek(c, 0), *marks)) {
            c->at++;
            return true;
        }
    return false;
}

static bool
take_words(struct cursor *c, const char *words)
{
    size_t n = phrase_match(c->p, c->at, words);
    c->at += n;
    return n > 0;
}

static bool
take_number(struct cursor *c, size_t least, size_t most, int *out)
{
    int value = token_number(peek(c, 0), least, most);
    if (value < 0)
        return false;
    *out = value;
    c->at++;
    return true;
}

static bool
take_month(struct cursor *c, int *out)
{
    int month = name_of(months, peek(c, 0));
    if (!month)
        return false;
    *out = month;
    c->at++;
    take_mark(c, "."); /* "Sept." */
    return true;
}

static bool
take_ordinal(struct cursor *c)
{
    return take_words(c, "st") || take_words(c, "nd") || take_words(c, "rd") || take_words(c, "th");
}

static bool
take_day(struct cursor *c, int *out)
{
    if (!take_number(c, 1, 2, out))
        return false;
    take_ordinal(c);
    take_words(c, "of");
    return true;
}

/* Two digits are a year of this century. Not if they are rather the day of
   the next date, as in "1 March - 15 April 2015". */
static bool
take_short_year(struct cursor *c, int *out)
{
    struct cursor ahead = *c;
    int month;
    int year;

    if (!take_number(&ahead, 2, 2, &year))
        return false;
    struct cursor after = ahead;
    take_mark(&after, "-/.");
    if (take_ordinal(&after) || take_month(&after, &month))
        return false;
    *out = 2000 + year;
    *c = ahead;
    return true;
}

/* --- moments, a function for each way to write one ------------------------ */

/* 2016/17, 2016-17, 2016/2017, and 16/17 where it is said to be one. */
static bool
take_financial_year(struct cursor *c, bool said, int *out)
{
    struct cursor ahead = *c;
    int from;
    int to;

    if (!take_number(&ahead, 4, 4, &from)) {
        if (!said || !take_number(&ahead, 2, 2, &from))
            return false;
        from += 2000;
    }
    if (!take_mark(&ahead, "/-")
        || !(take_number(&ahead, 2, 2, &to) || take_number(&ahead, 4, 4, &to)))
        return false;
    if (to != (to < 100 ? (from + 1) % 100 : from + 1))
        return false;
    struct cursor after = ahead;
    if (take_mark(&after, "/-") && take_number(&after, 1, 2, &to))
        return false; /* 2011-12-31 */
    *out = from;
    *c = ahead;
    return true;
}

/* With a dash it might be a month, or two years, unless it is said. */
static bool
financial(struct cursor *c, struct moment *m)
{
    struct cursor ahead = *c;
    int from;
    bool said = take_words(&ahead, "fy") || take_words(&ahead, "financial year");

    if (!take_financial_year(&ahead, said, &from))
        return false;
    bool dash = token_is_mark(phrase_token(c->p, ahead.at - 2), '-');
    bool two_years = token_number(phrase_token(c->p, ahead.at - 1), 4, 4) >= 0;
    said = said || take_words(&ahead, "financial year");
    *m = (struct moment){.day = 31, .month = 3, .year = from + 1, .assumed = !said};
    m->note = "read as the financial year, which ends on 31 March";
    if (dash && !said && (two_years || (from + 1) % 100 <= 12))
        m->unclear = "a financial year, a month, or two calendar years?";
    *c = ahead;
    return true;
}

static bool
quarter(struct cursor *c, struct moment *m)
{
    struct cursor ahead = *c;
    int number;
    int year;

    if ((!take_words(&ahead, "q") && !take_words(&ahead, "quarter"))
        || !take_number(&ahead, 1, 1, &number))
        return false;
    take_mark(&ahead, ",");
    take_words(&ahead, "of");
    take_words(&ahead, "the");
    bool said = take_words(&ahead, "fy") || take_words(&ahead, "financial year");
    bool known = take_financial_year(&ahead, said, &year);
    if (!known && !take_number(&ahead, 4, 4, &year))
        return false;
    *m = (struct moment){.day = UNSAID, .month = number * 3 + 3, .year = year};
    m->note = "the last day of that quarter of the financial year";
    if (number == 4) {
        m->month = 3;
        m->year++;
    }
    if (!known)
        m->unclear = "a quarter of the calendar year, or of the financial year?";
    if (number < 1 || number > 4)
        m->unclear = "a year has four quarters";
    *c = ahead;
    return true;
}

/* 2015-03-31, 2015-03 */
static bool
year_first(struct cursor *c, struct moment *m)
{
    struct cursor ahead = *c;

    *m = nothing;
    if (!take_number(&ahead, 4, 4, &m->year) || !take_mark(&ahead, "-/.")
        || !take_number(&ahead, 2, 2, &m->month))
        return false;
    if (take_mark(&ahead, "-/.") && !take_number(&ahead, 2, 2, &m->day))
        return false;
    if (m->day == UNSAID && (m->month > 12 || !token_is_mark(peek(c, 1), '-')))
        m->unclear = "not a date that is usual here";
    *c = ahead;
    return true;
}

/* 31/03/2015, 31.3.15, 03/2015 */
static bool
numbers(struct cursor *c, struct moment *m)
{
    struct cursor ahead = *c;
    int first;
    int second;

    *m = nothing;
    if (!take_number(&ahead, 1, 2, &first) || !take_mark(&ahead, "/.-"))
        return false;
    if (take_number(&ahead, 4, 4, &m->year)) {
        m->month = first;
    } else {
        if (!take_number(&ahead, 1, 2, &second) || !take_mark(&ahead, "/.-"))
            return false;
        m->day = first;
        m->month = second;
        if (!take_number(&ahead, 4, 4, &m->year) && !take_short_year(&ahead, &m->year))
            return false;
    }
    *c = ahead;
    return true;
}

/* 31st March 2015, 31-Mar-15, 31 March */
static bool
day_month(struct cursor *c, struct moment *m)
{
    struct cursor ahead = *c;

    *m = nothing;
    if (!take_day(&ahead, &m->day))
        return false;
    take_mark(&ahead, "-/.");
    if (!take_month(&ahead, &m->month))
        return false;
    *c = ahead;
    take_mark(&ahead, "-/,'");
    if (take_number(&ahead, 4, 4, &m->year) || take_short_year(&ahead, &m->year))
        *c = ahead;
    return true;
}

/* March 2015, Mar-15, March 31st, 2015, March */
static bool
month_first(struct cursor *c, struct moment *m)
{
    struct cursor ahead = *c;

    *m = nothing;
    if (!take_month(&ahead, &m->month))
        return false;
    *c = ahead;
    bool apostrophe = take_mark(&ahead, "'");
    bool mark = apostrophe || take_mark(&ahead, "-/,");
    if (take_number(&ahead, 4, 4, &m->year)) {
        *c = ahead;
    } else if (mark && take_short_year(&ahead, &m->year)) {
        m->assumed = !apostrophe;
        m->note = "the two digits read as the year";
        *c = ahead;
    } else if (!mark && take_day(&ahead, &m->day)) {
        take_mark(&ahead, ",");
        if (!take_number(&ahead, 4, 4, &m->year))
            m->unclear = "is the number a day or a year?";
        *c = ahead;
    }
    return true;
}

static bool
year_alone(struct cursor *c, struct moment *m)
{
    *m = nothing;
    m->assumed = true;
    m->note = "the last day of the year";
    return take_number(c, 4, 4, &m->year);
}

/* Only within a period: "1 to 5 March 2015". */
static bool
day_alone(struct cursor *c, struct moment *m)
{
    *m = nothing;
    return take_day(c, &m->day);
}

static bool
week(struct cursor *c, int *extra)
{
    static const char *const begins[] = {
        "week commencing", "week beginning", "week starting", "w c", "w b", "wc", "wb", NULL};
    static const char *const ends[] = {"week ending", "w e", NULL};
    size_t n = phrase_match_any(c->p, c->at, begins);

    *extra = n ? 6 : 0;
    if (!n)
        n = phrase_match_any(c->p, c->at, ends);
    c->at += n;
    return n > 0;
}

size_t
moment_read(struct moment *out, const struct phrase *p, size_t at)
{
    static bool (*const readers[])(struct cursor *, struct moment *) = {
        financial, quarter, year_first, numbers, day_month, month_first, year_alone, day_alone,
    };
    struct cursor c = {p, at};
    int extra;
    bool weekly = week(&c, &extra);
    int weekday = name_of(weekdays, peek(&c, 0));

    c.at += weekday > 0;
    if (weekday)
        take_mark(&c, ",");
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i](&c, out)) {
            out->weekday = weekday;
            out->extra = extra;
            if (weekly)
                out->note = "the last day of that week";
            if ((weekly || weekday) && out->day == UNSAID)
                out->unclear = "a day of the week without its date";
            return c.at - at;
        }
    return 0;
}
