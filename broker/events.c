#include "broker/events.h"

/* clang-format off */
const struct log_event broker_events[] = {BROKER_EVENTS(EVENT_ROW)};
/* clang-format on */

struct log_line
broker_event(enum broker_event event)
{
    return log_line_of(&broker_events[event]);
}
