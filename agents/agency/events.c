#include "agents/agency/events.h"

/* clang-format off */
const struct log_event agent_events[] = {AGENT_EVENTS(EVENT_ROW)};
/* clang-format on */

struct log_line
agent_event(enum agent_event event)
{
    return log_line_of(&agent_events[event]);
}
