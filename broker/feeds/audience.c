#include "broker/feeds/audience.h"

struct audience
audience_of(const struct feeds *f)
{
    struct audience a = {0};

    for (const struct follower *at = f->first; at; at = at->next) {
        int64_t behind = f->ledger->number - at->upto;
        if (follower_is_over(at))
            continue;
        a.followers++;
        a.starved += at->starved;
        if (behind > a.lag)
            a.lag = behind;
    }
    return a;
}
