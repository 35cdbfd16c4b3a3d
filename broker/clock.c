#include "broker/clock.h"

void
clock_begin(struct clock *c, int64_t last)
{
    *c = (struct clock){last, last};
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
