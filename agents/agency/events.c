#include "agents/agency/events.h"

/* clang-format off */
const struct log_event agent_events[] = {AGENT_EVENTS(EVENT_ROW)};
/* clang-format on */

static const char *board;

void
agent_events_at(const char *name)
{
    board = name;
}

struct log_line
agent_event(enum agent_event event)
{
    struct log_line line = log_line_of(&agent_events[event]);

    if (board)
        log_word(&line, "at", board);
    return line;
}
