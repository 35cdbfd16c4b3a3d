#include "agents/cli/printed/period.h"

#include <stdarg.h>
#include <stdio.h>

#include "agents/cli/printed/moment.h"
#include "schema/days.h"

enum { MOMENTS = 12, FIRST_YEAR = 1990, LAST_YEAR = 2099 };

static const char *const month_names[] = {"",        "January",  "February", "March",  "April",
                                          "May",     "June",     "July",     "August", "September",
                                          "October", "November", "December"};

static int
length_of_month(int year, int month)
{
    return day_to_civil(day_last_of_month(year, month)).day;
}

/* Between two dates of one period: from one to the other, or one next to the
   other. */
enum joint { JOINT_NONE, JOINT_RANGE, JOINT_LIST };

static enum joint
joint_read(const struct phrase *p, size_t *at)
{
    static const char *const range[] = {"to", "until", "till", NULL};
    static const char *const list[] = {"and", "or", NULL};
    const struct token *t = phrase_token(p, *at);
    bool to = token_is_mark(t, '-') || phrase_match_any(p, *at, range);
    bool and = token_is_mark(t, '/') || token_is_mark(t, '&') || token_is_mark(t, ',')
               || phrase_match_any(p, *at, list);

    *at += to || and;
    return to ? JOINT_RANGE : and? JOINT_LIST : JOINT_NONE;
}

static void __attribute__((format(printf, 3, 4)))
conclude(struct period *out, enum period_kind kind, const char *format, ...)
{
    va_list args;

    out->kind = kind;
    va_start(args, format);
    (void)vsnprintf(out->how, sizeof out->how, format, args);
    va_end(args);
}

/* What a date does not say, it shares with the one after it. */
static void
complete(struct moment *m, const struct moment *next)
{
    if (m->month == UNSAID && m->day != UNSAID)
        m->month = next->month;
    if (m->year == UNSAID && next->year != UNSAID)
        m->year = next->year - (m->month > next->month);
}

/* Is it in the calendar, and in one way? If not, the reason is in `out`. */
static bool
is_date(struct period *out, const struct moment *m)
{
    if (m->unclear)
        conclude(out, PERIOD_UNCLEAR, "%s", m->unclear);
    else if (m->year == UNSAID)
        conclude(out, PERIOD_UNCLEAR, "no year is printed");
    else if (m->month == UNSAID && m->day != UNSAID)
        conclude(out, PERIOD_UNCLEAR, "no month is printed");
    else if (m->year < FIRST_YEAR || m->year > LAST_YEAR)
        conclude(out, PERIOD_IMPOSSIBLE, "no plan is of the year %d", m->year);
    else if (m->month == 0 || m->month > 12)
        conclude(out, PERIOD_IMPOSSIBLE, "there is no month %d", m->month);
    else if (m->day != UNSAID && (m->day < 1 || m->day > length_of_month(m->year, m->month)))
        conclude(out, PERIOD_IMPOSSIBLE, "there is no %d %s %d", m->day, month_names[m->month],
                 m->year);
    else
        return true;
    return false;
}

static bool
last_day(struct period *out, const struct moment *m, int32_t *last)
{
    if (!is_date(out, m))
        return false;
    int month = m->month == UNSAID ? 12 : m->month;
    if (m->day == UNSAID)
        *last = day_last_of_month(m->year, month);
    else
        *last = day_from_civil((struct civil){m->year, month, m->day});
    if (m->weekday && day_weekday(*last) != m->weekday) {
        conclude(out, PERIOD_IMPOSSIBLE, "%d %s %d was another day of the week", m->day,
                 month_names[month], m->year);
        return false;
    }
    *last += m->extra;
    return true;
}

/* Do two dates of a list follow one another, so that they are one period? */
static bool
adjacent(const struct moment *a, const struct moment *b, int32_t a_last, int32_t b_last)
{
    if (a->month == UNSAID || b->month == UNSAID || (a->day == UNSAID) != (b->day == UNSAID))
        return false;
    return a->day == UNSAID ? a->year * 12 + a->month + 1 == b->year * 12 + b->month
                            : a_last + 1 == b_last;
}

static void
judge(struct period *out, struct moment *m, const enum joint *joints, size_t n)
{
    int32_t before = INT32_MIN;

    for (size_t i = n - 1; i-- > 0;)
        complete(&m[i], &m[i + 1]);
    for (size_t i = 0; i < n; i++) {
        if (!last_day(out, &m[i], &out->last))
            return;
        if (out->last <= before) {
            conclude(out, PERIOD_UNCLEAR, "the period ends before it begins");
            return;
        }
        if (joints[i] == JOINT_LIST && !adjacent(&m[i - 1], &m[i], before, out->last)) {
            conclude(out, PERIOD_UNCLEAR, "more than one date");
            return;
        }
        out->assumed = out->assumed || m[i].assumed;
        before = out->last;
    }
    const struct moment *last = &m[n - 1];
    out->year = n == 1 && last->month == UNSAID;
    conclude(out, PERIOD_DAY, "%s",
             n > 1                 ? "the last day of the period"
             : last->note          ? last->note
             : last->day == UNSAID ? "the last day of the month"
                                   : "as printed");
}

void
period_read(struct period *out, const struct phrase *p, size_t at)
{
    struct moment moments[MOMENTS];
    enum joint joints[MOMENTS] = {JOINT_NONE};
    size_t end = at;
    size_t n = 0;

    *out = (struct period){.kind = PERIOD_NONE};
    while (n < MOMENTS) {
        size_t next = end;
        enum joint joint = n ? joint_read(p, &next) : JOINT_NONE;
        size_t taken = n && joint == JOINT_NONE ? 0 : moment_read(&moments[n], p, next);
        if (!taken)
            break;
        joints[n++] = joint;
        end = next + taken;
    }
    out->tokens = end - at;
    if (n)
        judge(out, moments, joints, n);
}
