#include "agents/agency/log.h"

#include <unistd.h>

/* One write, so that lines of other processes do not come between. A log that
   can't be written is no reason to stop. */
void
agent_log(struct log_line *line)
{
    struct text whole = log_end(line);
    ssize_t written = write(STDERR_FILENO, whole.at, whole.len);
    (void)written;
}
