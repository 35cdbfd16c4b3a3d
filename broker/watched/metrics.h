/* The broker's metrics: what Prometheus is told. */
#ifndef BROKER_WATCHED_METRICS_H
#define BROKER_WATCHED_METRICS_H

#include "broker/watched/vitals.h"

extern const struct metrics broker_metrics;

#endif
