#include "broker/clock.h"

#include "schema/days.h"

void
clock_begin(struct clock *c, int64_t last)
{
    *c = (struct clock){.last = last, .believed = last};
}

bool
clock_read(struct clock *c, int64_t host)
{
    int64_t jumped = host > c->believed ? host - c->believed : c->believed - host;

    if (c->believed && jumped > CLOCK_JUMP)
        return false;
    c->believed = host;
    return true;
}

void
clock_confirm(struct clock *c, int64_t host)
{
    c->believed = host;
}

int64_t
clock_time(const struct clock *c, int64_t host)
{
    return host > c->last ? host : c->last;
}

int32_t
clock_day(struct clock *c, int64_t host)
{
    int64_t time = clock_time(c, host);

    if (time < c->day_from || time >= c->day_to) {
        c->day = day_in_london(time);
        c->day_from = day_ends_at(c->day - 1);
        c->day_to = day_ends_at(c->day);
    }
    return c->day;
}
