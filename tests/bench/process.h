/* What another process uses, as the kernel counts it. */
#ifndef TESTS_BENCH_PROCESS_H
#define TESTS_BENCH_PROCESS_H

#include <sys/types.h>

enum { THREADS_MAX = 32, THREAD_NAME = 16 };

/* How long it has run, in microseconds. */
double process_cpu(pid_t id);

/* How long each of its threads has run, and all of it, in microseconds. The first thread
   is "loop", libzmq's are "I/O", and those that have no name of their own "rest". */
struct process_time {
    double all;
    unsigned count;
    struct thread_time {
        char name[THREAD_NAME];
        double us;
    } thread[THREADS_MAX];
};
void process_time(pid_t id, struct process_time *out);

/* From then until now, by the threads that are there now. */
void process_time_since(pid_t id, const struct process_time *then, struct process_time *out);

/* Waits until it has next to nothing left to do, as writing what it was told a moment ago,
   which would take the disk from whoever is measured next. */
void process_rest(pid_t id);

/* Memory in MiB: its own (RssAnon), and pages of files that are mapped (RssFile). */
struct process_memory {
    double own, mapped;
};
struct process_memory process_memory(pid_t id);

#endif
