/* The host's clocks. */
#ifndef SCHEMA_WIRE_HOST_CLOCK_H
#define SCHEMA_WIRE_HOST_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Of CLOCK_REALTIME since 1970; of CLOCK_MONOTONIC since some moment, without jumps. */
int64_t clock_microseconds(clockid_t clock);

/* A time of day for a person: "2016-07-13 09:05Z". */
enum { CLOCK_TEXT = 32 };
void clock_print(int64_t utc, char text[CLOCK_TEXT]);

#endif
