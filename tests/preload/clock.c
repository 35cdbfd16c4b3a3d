/* The time of day as tests and the demo would have it, for our programs, which have no
   clock to set. Preloaded (build/V/clock.so), it reads a small file whenever a program
   asks for the time:

       +SECONDS or -SECONDS   the host's clock, so far ahead or behind
       =SECONDS               a clock that stands still, so long after 1970 began

   The file may be replaced while programs run: whole, by a rename. CLOCK_MONOTONIC
   stays the host's, so that heartbeats and deadlines go on. It keeps nothing outside
   the process, and a program that can't be told the time ends.                      */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SETTING "MAAT_TEST_CLOCK"
#define MACHINE_TROUBLE 4

typedef int host_clock(clockid_t, struct timespec *);

static int
ask_host(clockid_t id, struct timespec *ts)
{
    static _Atomic(host_clock *) found;
    host_clock *ask = atomic_load_explicit(&found, memory_order_relaxed);

    if (!ask) {
        void *symbol = dlsym(RTLD_NEXT, "clock_gettime");
        memcpy(&ask, &symbol, sizeof ask); /* ISO C has no cast for it */
        atomic_store_explicit(&found, ask, memory_order_relaxed);
    }
    return ask(id, ts);
}

static _Noreturn void
give_up(const char *file, const char *why)
{
    (void)dprintf(2, "clock.so: " SETTING "=%s: %s\n", file, why);
    _exit(MACHINE_TROUBLE);
}

/* What the file says: a sign and a number, and whatever ends the line. */
static char
read_clock(long long *seconds)
{
    const char *file = getenv(SETTING);
    char text[32], *end;

    if (!file)
        give_up("", "must name the file that says what time it is");
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        give_up(file, strerror(errno));
    ssize_t len = read(fd, text, sizeof text - 1);
    (void)close(fd);
    if (len < 0)
        give_up(file, strerror(errno));
    text[len] = '\0';
    *seconds = strtoll(text + (*text == '='), &end, 10);
    if (!*text || !strchr("+-=", *text) || end < text + 2 || (*end && strcmp(end, "\n") != 0))
        give_up(file, "must hold +SECONDS, -SECONDS or =SECONDS");
    return *text;
}

static int
tell(clockid_t id, struct timespec *ts)
{
    const int errno_before = errno;
    long long seconds;

    if (read_clock(&seconds) == '=') {
        *ts = (struct timespec){.tv_sec = seconds};
    } else {
        if (ask_host(id, ts) != 0)
            return -1;
        ts->tv_sec += seconds;
    }
    errno = errno_before;
    return 0;
}

/* --- what stands in front of the C library's ----------------------------------------- */

int
clock_gettime(clockid_t id, struct timespec *ts)
{
    return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE ? tell(id, ts) : ask_host(id, ts);
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec ts;

    if (zone)
        memset(zone, 0, sizeof(struct timezone));
    if (tell(CLOCK_REALTIME, &ts) != 0)
        return -1;
    *tv = (struct timeval){.tv_sec = ts.tv_sec, .tv_usec = ts.tv_nsec / 1000};
    return 0;
}

time_t
time(time_t *out)
{
    struct timespec ts;

    if (tell(CLOCK_REALTIME_COARSE, &ts) != 0)
        return -1;
    if (out)
        *out = ts.tv_sec;
    return ts.tv_sec;
}

int
timespec_get(struct timespec *ts, int base)
{
    return base == TIME_UTC && tell(CLOCK_REALTIME, ts) == 0 ? base : 0;
}
