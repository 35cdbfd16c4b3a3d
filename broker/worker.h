/* A thread that does one piece of work after the other, while the loop goes on:

       worker_start -> { worker_do -> (its fd is readable) -> worker_take } ...
                    -> worker_stop                                             */
#ifndef BROKER_WORKER_H
#define BROKER_WORKER_H

#include <stdbool.h>

struct worker;

/* What it does with a job; what this returns is the report. */
typedef int worker_run(void *context, void *job);

/* 0, or a negative errno. */
int worker_start(struct worker **out, worker_run *run, void *context);

/* What its thread is called where the system lists threads: 15 characters at most. */
void worker_name(struct worker *w, const char *name);

/* Waits for a job that is under way. */
void worker_stop(struct worker **out);

/* Hands over a job, which belongs to the thread until its report was taken; one
   at a time. */
void worker_do(struct worker *w, void *job);

/* To be polled for reading: a report is there. */
int worker_fd(const struct worker *w);

/* The same, asked without a system call. */
bool worker_has_reported(const struct worker *w);

/* The report, if there is one, into *result. */
bool worker_take(struct worker *w, int *result);

/* The same, once it is there: waits for the job that it was given. 0, or a negative
   errno. */
int worker_wait(struct worker *w, int *result);

#endif
