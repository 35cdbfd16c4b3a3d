#include "broker/watched/vitals.h"

#include <stdio.h>

/* Microseconds: from what the fastest disk takes, to what nobody waits for. */
static const int64_t moments[] = {100,   250,    500,    1000,   2500,    5000,    10000,  25000,
                                  50000, 100000, 250000, 500000, 1000000, 2500000, 5000000};
static const int64_t sizes[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, BATCH_ENTRIES};

#define WITHIN(list)                                                   \
    {                                                                  \
        .bounds = (list), .bound_count = sizeof(list) / sizeof *(list) \
    }

void
vitals_begin(struct vitals *v, int64_t host)
{
    *v = (struct vitals){.started = host,
                         .acknowledged = WITHIN(moments),
                         .synced = WITHIN(moments),
                         .batches = WITHIN(sizes)};
}

void
vitals_count_batch(struct vitals *v, const struct batch *b, int64_t age, int64_t sync)
{
    int64_t refused = 0;

    for (int code = 0; code < FAULT_CODE_COUNT; code++) {
        v->refused[code] += b->refused[code];
        refused += b->refused[code];
    }
    v->accepted += b->count - refused;
    histogram_add(&v->acknowledged, age, b->count);
    histogram_add(&v->synced, sync, 1);
    histogram_add(&v->batches, b->count, 1);
}

const char *
vitals_trouble(const struct vitals *v)
{
    for (int closing = OPEN_TO_ALL + 1; closing < CLOSING_COUNT; closing++)
        if (v->closed[closing])
            return closing_reason[closing];
    if (v->syncing > VITALS_SYNC_PATIENCE)
        return "the broker's disk has not taken a batch for 5 seconds and more";
    if (v->read_only)
        return "the broker's disk is mounted read-only";
    if (v->disk_free < v->disk_reserve)
        return closing_reason[CLOSED_FULL];
    return NULL;
}
