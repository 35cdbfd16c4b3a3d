#include "schema/wire/supervisor.h"

#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

enum { MORE_TIME = 120 * 1000000 };

/* A line each: what a path or a peer put into the text may not begin another. */
static void
tell(const char *lines, const char *status)
{
    char text[SUPERVISOR_STATUS];

    (void)snprintf(text, sizeof text, "%s", status);
    for (char *at = text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    (void)sd_notifyf(0, "%sSTATUS=%s", lines, text);
}

void
supervisor_starting(const char *doing)
{
    char lines[40];

    (void)snprintf(lines, sizeof lines, "EXTEND_TIMEOUT_USEC=%d\n", MORE_TIME);
    tell(lines, doing);
}

void
supervisor_ready(struct supervisor *s)
{
    uint64_t patience = 0;

    *s = (struct supervisor){0};
    if (sd_watchdog_enabled(0, &patience) > 0)
        s->feed_every = (int64_t)(patience / 2);
    (void)sd_notify(0, "READY=1");
}

void
supervisor_alive(struct supervisor *s, int64_t now, const char *status)
{
    if (s->feed_every && now >= s->feed_at) {
        s->feed_at = now + s->feed_every;
        (void)sd_notify(0, "WATCHDOG=1");
    }
    if (strncmp(s->status, status, sizeof s->status - 1) == 0)
        return;
    (void)snprintf(s->status, sizeof s->status, "%s", status);
    tell("", s->status);
}

void
supervisor_stopping(void)
{
    tell("STOPPING=1\n", "stopping: what was taken is written");
}

void
supervisor_failed(const char *why)
{
    tell("", why);
}
