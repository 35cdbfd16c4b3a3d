/* Days, as people write them and as London lives them.

   A day is the number of days since 1970-01-01 in the Gregorian calendar, so
   that days are compared and subtracted as numbers. Nothing here asks for the
   time or for the host's time zone: two hosts, and the same host ten years on,
   get the same answer. */
#ifndef SCHEMA_DAYS_H
#define SCHEMA_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_MIN INT32_C(-25567) /* 1900-01-01 */
#define DAY_MAX INT32_C(84005)  /* 2199-12-31 */

enum { DAY_TEXT = 11 }; /* "2016-07-13" and its end */

enum { MONDAY = 1, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

struct civil {
    int year, month, day; /* from 1 */
};

/* The date must be one of the calendar's. */
int32_t day_from_civil(struct civil date);
struct civil day_to_civil(int32_t day);

int32_t day_last_of_month(int year, int month);

/* MONDAY to SUNDAY. */
int day_weekday(int32_t day);

/* True if the `len` bytes of `text` are a day from DAY_MIN to DAY_MAX, written
   exactly as YYYY-MM-DD, that the calendar has. */
bool day_parse(const char *text, size_t len, int32_t *day);

/* The reverse; `day` must be from DAY_MIN to DAY_MAX. */
void day_format(int32_t day, char out[DAY_TEXT]);

/* London's day at a moment, in microseconds since 1970-01-01 UTC. Times before
   1996 are taken by today's rule of summer time. */
int32_t day_in_london(int64_t utc);

/* The same moment as London's clocks show it: "2016-07-13 09:05". */
enum { TIME_TEXT = 17 };
void time_format_in_london(int64_t utc, char out[TIME_TEXT]);

/* The first microsecond, UTC, of the London day after `day`: where it ends. */
int64_t day_ends_at(int32_t day);

#endif
