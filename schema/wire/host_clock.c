#include "schema/wire/host_clock.h"

int64_t
clock_microseconds(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
clock_print(int64_t utc, char text[CLOCK_TEXT])
{
    time_t seconds = (time_t)(utc / 1000000);
    struct tm tm;

    (void)strftime(text, CLOCK_TEXT, "%Y-%m-%d %H:%MZ", gmtime_r(&seconds, &tm));
}
