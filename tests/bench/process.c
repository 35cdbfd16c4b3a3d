#include "tests/bench/process.h"

#include <dirent.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "tests/t.h"

/* libzmq's threads that read, write, encrypt and decrypt. */
#define ZMQ_IO "ZMQbg/IO/"

static bool
read_file(const char *path, char *text, size_t size)
{
    FILE *f = fopen(path, "r");

    if (!f)
        return false;
    text[fread(text, 1, size - 1, f)] = '\0';
    (void)fclose(f);
    return true;
}

/* --- time ------------------------------------------------------------------------------- */

double
process_cpu(pid_t id)
{
    struct timespec ts;
    clockid_t clock;

    CHECK_INT(0, clock_getcpuclockid(id, &clock));
    CHECK_INT(0, clock_gettime(clock, &ts));
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static struct thread_time *
thread_named(struct process_time *t, const char *name)
{
    for (unsigned i = 0; i < t->count; i++)
        if (strcmp(t->thread[i].name, name) == 0)
            return &t->thread[i];
    CHECK(t->count < THREADS_MAX);
    struct thread_time *added = &t->thread[t->count++];
    (void)snprintf(added->name, sizeof added->name, "%s", name);
    added->us = 0;
    return added;
}

/* A thread that is not named has the name of the process. */
static void
add_thread(pid_t id, long thread, const char *process, struct process_time *out)
{
    char path[128];
    char name[64];
    char ran[128];

    (void)snprintf(path, sizeof path, "/proc/%d/task/%ld/comm", (int)id, thread);
    if (!read_file(path, name, sizeof name))
        return; /* it has ended meanwhile */
    (void)snprintf(path, sizeof path, "/proc/%d/task/%ld/schedstat", (int)id, thread);
    if (!read_file(path, ran, sizeof ran))
        return;
    name[strcspn(name, "\n")] = '\0';
    const char *known = name;
    if (thread == id)
        known = "loop";
    else if (strcmp(name, process) == 0)
        known = "rest";
    else if (strncmp(name, ZMQ_IO, strlen(ZMQ_IO)) == 0)
        known = "I/O";
    thread_named(out, known)->us += strtod(ran, NULL) / 1e3;
}

void
process_time(pid_t id, struct process_time *out)
{
    char path[64];
    char process[64];

    *out = (struct process_time){.all = process_cpu(id)};
    (void)snprintf(path, sizeof path, "/proc/%d/comm", (int)id);
    CHECK(read_file(path, process, sizeof process));
    process[strcspn(process, "\n")] = '\0';
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)id);
    DIR *tasks = opendir(path);
    CHECK(tasks != NULL);
    for (const struct dirent *e; (e = readdir(tasks));)
        if (e->d_name[0] != '.')
            add_thread(id, strtol(e->d_name, NULL, 10), process, out);
    (void)closedir(tasks);
}

void
process_time_since(pid_t id, const struct process_time *then, struct process_time *out)
{
    struct process_time before = *then;

    process_time(id, out);
    out->all -= before.all;
    for (unsigned i = 0; i < out->count; i++)
        out->thread[i].us -= thread_named(&before, out->thread[i].name)->us;
}

/* The broker's state is written when nothing has come for 200 ms. */
enum { REST_MS = 300, RESTS = 50 };
#define REST_US 3000 /* of them, which timers take */

void
process_rest(pid_t id)
{
    double ran = process_cpu(id);

    for (int i = 0; i < RESTS; i++) {
        double before = ran;
        (void)poll(NULL, 0, REST_MS);
        ran = process_cpu(id);
        if (ran - before < REST_US)
            return;
    }
}

/* --- memory ------------------------------------------------------------------------------- */

static double
mib_of(const char *status, const char *name)
{
    const char *at = strstr(status, name);

    CHECK(at != NULL);
    return strtod(at + strlen(name), NULL) / 1024; /* it tells KiB */
}

struct process_memory
process_memory(pid_t id)
{
    char path[64];
    char text[4096];

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)id);
    CHECK(read_file(path, text, sizeof text));
    return (struct process_memory){mib_of(text, "RssAnon:"), mib_of(text, "RssFile:")};
}
