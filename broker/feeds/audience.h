/* Those who follow, counted for who watches over the broker. */
#ifndef BROKER_FEEDS_AUDIENCE_H
#define BROKER_FEEDS_AUDIENCE_H

#include "broker/feeds/feeds.h"

struct audience {
    int64_t followers;
    int64_t starved; /* of them, those who grant no credit */
    int64_t lag;     /* entries that the one furthest behind was not told of */
};

struct audience audience_of(const struct feeds *f);

#endif
