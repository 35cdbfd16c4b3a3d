#include "schema/days.h"

#include <assert.h>
#include <string.h>

#define HOUR INT64_C(3600000000)
#define DAY (24 * HOUR)

/* Both ways after C. Neri and L. Schneider, "Euclidean affine functions and their application
   to calendar algorithms" (2022), where the numbers that have no name here are explained. A
   year begins in March, so that the leap day is its last; and nothing is negative, since as
   many eras of 400 years are added before and taken away after. */
enum {
    ERAS = 15000, /* of any int32_t */
    ERA_YEARS = 400,
    ERA_DAYS = 146097,
    MARCH_TO_JANUARY = 306, /* days */
    SHORTEST_MONTH = 28,
    EPOCH = 719468, /* days from 0000-03-01 to 1970-01-01 */
};
#define BEFORE (INT64_C(1) * ERAS * ERA_DAYS + EPOCH)

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t
day_from_civil(struct civil date)
{
    unsigned next_year = date.month <= 2;
    uint64_t year = (unsigned)(date.year + ERAS * ERA_YEARS) - next_year;
    uint64_t month = (unsigned)date.month + 12 * next_year;
    uint64_t century = year / 100;
    uint64_t of_years = 1461 * year / 4 - century + century / 4;
    uint64_t of_months = (979 * month - 2919) / 32;

    return (int32_t)((int64_t)(of_years + of_months) + date.day - 1 - BEFORE);
}

struct civil
day_to_civil(int32_t day)
{
    uint64_t quarters = 4 * (uint64_t)(day + BEFORE) + 3;
    uint64_t century = quarters / ERA_DAYS;
    uint64_t product = UINT64_C(2939745) * (quarters % ERA_DAYS | 3);
    unsigned day_of_year = (unsigned)product / 2939745 / 4;
    unsigned months = 2141 * day_of_year + 197913;
    int next_year = day_of_year >= MARCH_TO_JANUARY;

    return (struct civil){
        .year = (int)(100 * century + (product >> 32)) - ERAS * ERA_YEARS + next_year,
        .month = (int)(months >> 16) - 12 * next_year,
        .day = (int)((months & UINT16_MAX) / 2141) + 1,
    };
}

int32_t
day_last_of_month(int year, int month)
{
    struct civil next = {year + month / 12, month % 12 + 1, 1};
    return day_from_civil(next) - 1;
}

int
day_weekday(int32_t day)
{
    const int64_t monday = -3; /* 1969-12-29 */
    return (int)(day - monday - floor_div(day - monday, 7) * 7) + MONDAY;
}

/* As a number, or -1. */
static int
two_digits(const char *text)
{
    unsigned tens = (unsigned char)text[0] - (unsigned)'0';
    unsigned ones = (unsigned char)text[1] - (unsigned)'0';

    return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

bool
day_parse(const char *text, size_t len, int32_t *day)
{
    if (len != DAY_TEXT - 1 || text[4] != '-' || text[7] != '-')
        return false;
    int century = two_digits(text);
    int year = two_digits(text + 2);
    struct civil date = {century * 100 + year, two_digits(text + 5), two_digits(text + 8)};
    if (century < 0 || year < 0 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    int32_t parsed = day_from_civil(date);
    if (date.day > SHORTEST_MONTH && parsed > day_last_of_month(date.year, date.month))
        return false;
    if (parsed < DAY_MIN || parsed > DAY_MAX)
        return false;
    *day = parsed;
    return true;
}

static void
write_two_digits(char *at, int number)
{
    at[0] = (char)('0' + number / 10);
    at[1] = (char)('0' + number % 10);
}

void
day_format(int32_t day, char out[DAY_TEXT])
{
    assert(day >= DAY_MIN && day <= DAY_MAX);
    struct civil date = day_to_civil(day);
    memcpy(out, "0000-00-00", DAY_TEXT);
    write_two_digits(out, date.year / 100);
    write_two_digits(out + 2, date.year % 100);
    write_two_digits(out + 5, date.month);
    write_two_digits(out + 8, date.day);
}

static int32_t
last_sunday(int year, int month)
{
    int32_t last = day_last_of_month(year, month);
    return last - day_weekday(last) % SUNDAY;
}

/* The moment at which a London day begins. Summer time, an hour ahead of UTC,
   is from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday
   of October: Summer Time Act 1972, section 1, as the Summer Time Order 2002
   (SI 2002/262) has it, and so in fact since 1996. Both changes come after
   midnight, so the Sunday in March still begins in winter and the one in
   October still in summer. */
static int64_t
begins_at(int32_t day)
{
    int year = day_to_civil(day).year;
    bool summer = day > last_sunday(year, 3) && day <= last_sunday(year, 10);
    return day * DAY - (summer ? HOUR : 0);
}

int32_t
day_in_london(int64_t utc)
{
    int32_t day = (int32_t)floor_div(utc, DAY);
    return utc < begins_at(day + 1) ? day : day + 1; /* London is never behind UTC */
}

static bool
is_summer(int64_t utc)
{
    int year = day_to_civil((int32_t)floor_div(utc, DAY)).year;
    return utc >= last_sunday(year, 3) * DAY + HOUR && utc < last_sunday(year, 10) * DAY + HOUR;
}

void
time_format_in_london(int64_t utc, char out[TIME_TEXT])
{
    int64_t local = utc + (is_summer(utc) ? HOUR : 0);
    int32_t day = (int32_t)floor_div(local, DAY);
    int minutes = (int)((local - day * DAY) / (HOUR / 60));

    day_format(day, out);
    memcpy(out + DAY_TEXT - 1, " 00:00", sizeof " 00:00");
    write_two_digits(out + 11, minutes / 60);
    write_two_digits(out + 14, minutes % 60);
}

int64_t
day_ends_at(int32_t day)
{
    return begins_at(day + 1);
}
