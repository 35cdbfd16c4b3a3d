/* Dates of birth: dates that are called so. Any other date may be in a text. */
#include <string.h>

#include "schema/guard_forms.h"

static int
run_value(struct run run)
{
    int value = 0;
    for (; run.at < run.end; run.at++)
        value = value * 10 + *run.at - '0';
    return value;
}

static bool
is_day(struct run run)
{
    return run_is_digits(run) && run_len(run) <= 2 && run_value(run) >= 1 && run_value(run) <= 31;
}

static bool
is_day_and_month(struct run day, struct run month)
{
    return is_day(day) && is_day(month) && run_value(month) <= 12;
}

static bool
is_year(struct run run)
{
    if (!run_is_digits(run))
        return false;
    return run_len(run) == 2
           || (run_len(run) == 4 && run_value(run) >= 1900 && run_value(run) <= 2199);
}

static bool
is_month_name(struct run run)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    size_t len = run_len(run);
    for (size_t i = 0; i < sizeof names / sizeof *names && len >= 3; i++) {
        size_t same = 0;
        while (same < len && names[i][same] && char_lower(run.at[same]) == names[i][same])
            same++;
        if (same == len)
            return true;
    }
    return false;
}

/* A whole date with its first digits at `first`. `date` gets where it begins. */
static bool
read_date(const struct plain_text *t, struct run first, struct run *date)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th"};
    const char *at = first.at;

    date->at = at;
    if (run_len(first) == 8 || run_len(first) == 6) { /* 03042010 20100403 030410 */
        struct run a = {at, at + 2}, b = {at + 2, at + 4}, c = {at + 4, first.end};
        struct run year = {at, at + 4}, month = {at + 4, at + 6}, day = {at + 6, first.end};
        return (is_day_and_month(a, b) && is_year(c))
               || (run_len(first) == 8 && is_year(year) && is_day_and_month(day, month));
    }
    if (!is_day(first) && !is_year(first))
        return false;
    struct run second = run_after(t, first);
    struct run third = run_after(t, second);
    if (is_year(first) && is_day_and_month(third, second)) /* 2010-04-03 */
        return true;
    if (is_year(third) && (is_day_and_month(first, second) || is_day_and_month(second, first)))
        return true; /* 3.4.2010, and as in America */
    if (RUN_IS_ONE_OF(second, ordinals))
        second = third;
    if (is_year(second)) { /* April 3rd, 2010 */
        struct run month = run_before(t, first);
        date->at = month.at;
        return is_day(first) && is_month_name(month) && first.at - month.end <= RUN_GAP;
    }
    if (run_is(second, "of"))
        second = run_after(t, second);
    return is_day(first) && is_year(run_after(t, second)) && is_month_name(second);
}

bool
guard_names_birth(const struct plain_text *t)
{
    static const char letters[] = "bB";
    for (const char *letter = letters; *letter; letter++)
        for (const char *p = t->begin; (p = memchr(p, *letter, (size_t)(t->end - p))); p++) {
            if (t->end - p > 2 && char_lower(p[2]) == 'r')
                return true; /* born, birth */
            for (int back = 1; back <= RUN_GAP + 1 && back <= p - t->begin; back++)
                if (char_lower(p[-back]) == 'o')
                    return true; /* DOB, D.O.B. */
        }
    return false;
}

/* "born", "DOB" or "date of birth", at most four words before: "born in
   Liverpool on the". Not where a cohort is meant, "born between". */
static bool
is_birth(const struct plain_text *t, struct run date)
{
    static const char *const labels[] = {"born", "dob", "birthday", "birthdate"};
    static const char *const cohort[] = {"after", "before", "between", "during",
                                         "from",  "since",  "until"};
    struct run after = {date.at, date.at};
    struct run run = run_before(t, date);

    for (int words = 0; words <= 4 && run_len(run) > 0; words++) {
        struct run before = run_before(t, run);
        if (RUN_IS_ONE_OF(run, cohort) || (run_is_digits(run) && run_len(run) == 4))
            return false; /* or another date is nearer */
        if (RUN_IS_ONE_OF(run, labels))
            return true;
        if (run_is(run, "birth") && (words == 0 || run_is(after, "date") || run_is(before, "of")))
            return true; /* but not "birth mother" */
        if (run_is(run, "b") && run_is(before, "o") && run_is(run_before(t, before), "d"))
            return true; /* D.O.B. */
        after = run;
        run = before;
    }
    return false;
}

bool
guard_find_date_of_birth(const struct plain_text *t, struct run first, struct run *found)
{
    return read_date(t, first, found) && is_birth(t, *found);
}
