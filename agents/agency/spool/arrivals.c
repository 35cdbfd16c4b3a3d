#include "agents/agency/spool/arrivals.h"

#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "schema/wire/host_clock.h"

enum {
    SECOND = 1000000,
    SHARE = 100, /* looking takes one of so many parts of the time at most */
};

static const int64_t HOUR = INT64_C(3600) * SECOND;

void
spool_arrivals_begin(struct spool_arrivals *a, const struct spool_folder *folder)
{
    *a = (struct spool_arrivals){.folder = folder,
                                 .notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (a->notify >= 0
        && inotify_add_watch(a->notify, folder->root, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR)
               < 0) {
        (void)close(a->notify);
        a->notify = -1;
    }
}

void
spool_arrivals_end(struct spool_arrivals *a)
{
    spool_names_free(&a->names);
    spool_names_free(&a->news);
    if (a->notify >= 0)
        (void)close(a->notify);
}

/* Whether the log is to tell of it, as it then has. */
static bool
must_be_told(struct spool_arrivals *a, const char *name)
{
    int64_t now = clock_microseconds(CLOCK_MONOTONIC);
    unsigned at = 0;

    while (at < SPOOL_TOLD && strcmp(a->told[at].name, name) != 0)
        at++;
    if (at < SPOOL_TOLD && now < a->told[at].again)
        return false;
    if (at == SPOOL_TOLD) {
        at = a->told_next;
        a->told_next = (a->told_next + 1) % SPOOL_TOLD;
        (void)snprintf(a->told[at].name, sizeof a->told[at].name, "%s", name);
    }
    a->told[at].again = now + HOUR;
    return true;
}

void
spool_arrivals_odd(struct spool_arrivals *a, const char *name, const char *reason)
{
    struct log_line line = agent_event(AGENT_SPOOL_FILE_LEFT);

    if (!must_be_told(a, name))
        return;
    log_word(&line, "file", name);
    log_word(&line, "reason", reason);
    log_write(&line);
}

/* Only what is new is looked at: the folder may hold the results of years. */
void
spool_arrivals_hear(struct spool_arrivals *a)
{
    _Alignas(struct inotify_event) char events[4096];
    const struct inotify_event *e;
    ssize_t len;

    while (a->notify >= 0 && (len = read(a->notify, events, sizeof events)) > 0)
        for (const char *at = events; at < events + len; at += sizeof *e + e->len) {
            e = (const struct inotify_event *)(const void *)at;
            if (e->mask & IN_Q_OVERFLOW)
                a->look_at = 0;
            else if (e->len)
                spool_names_add(a->folder, &a->news, e->name);
        }
}

static void
tell_odd(void *context, const char *name, const char *reason)
{
    spool_arrivals_odd(context, name, reason);
}

/* The more there is to be looked through, the seldomer. */
static void
look(struct spool_arrivals *a, int64_t now)
{
    if (now < a->look_at)
        return;
    int rc = spool_names_list(a->folder, SPOOL_WAITS, &a->names, tell_odd, a);
    int64_t pause = (clock_microseconds(CLOCK_MONOTONIC) - now) * SHARE;
    a->look_at = now + (pause > SECOND ? pause : SECOND);
    if (rc)
        spool_arrivals_odd(a, a->folder->root, strerror(-rc));
}

/* What came becomes what waits. */
static void
take_news(struct spool_arrivals *a)
{
    struct spool_names done = a->names;

    done.count = done.next = 0;
    a->names = a->news;
    a->news = done;
    spool_names_sort(&a->names);
}

const char *
spool_arrivals_next(struct spool_arrivals *a, int64_t now)
{
    if (a->names.next == a->names.count)
        take_news(a);
    if (a->names.next == a->names.count)
        look(a, now);
    return a->names.next < a->names.count ? a->names.at[a->names.next++].name : NULL;
}
