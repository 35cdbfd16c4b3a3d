/* The broker's metrics: what Prometheus is told. */
#ifndef BROKER_METRICS_H
#define BROKER_METRICS_H

#include "broker/vitals.h"

extern const struct metric broker_metrics[];
extern const unsigned broker_metric_count;

#endif
