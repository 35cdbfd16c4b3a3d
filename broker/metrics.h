/* The broker's metrics: what Prometheus is told. */
#ifndef BROKER_METRICS_H
#define BROKER_METRICS_H

#include "broker/vitals.h"

extern const struct metrics broker_metrics;

#endif
