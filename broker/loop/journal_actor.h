/* The journal's own thread: it appends one batch after the other, each with one
   sync, while the loop judges the next.

       journal_actor_start -> { journal_actor_append -> (its fd is readable)
                                -> journal_actor_take } ... -> journal_actor_stop */
#ifndef BROKER_LOOP_JOURNAL_ACTOR_H
#define BROKER_LOOP_JOURNAL_ACTOR_H

#include <stdbool.h>

#include "broker/pending.h"

struct journal_actor;

/* 0, or a negative errno. */
int journal_actor_start(struct journal_actor **out, struct journal *journal);

/* Waits for a batch that is under way. */
void journal_actor_stop(struct journal_actor **out);

/* Hands over a batch, which must stay as it is until its report was taken; one
   at a time. */
void journal_actor_append(struct journal_actor *a, uint64_t generation, const struct batch *batch);

/* To be polled for reading: a report is there. */
int journal_actor_fd(const struct journal_actor *a);

/* The same, asked without a system call. */
bool journal_actor_has_reported(const struct journal_actor *a);

/* The report, if there is one: what journal_append returned, into *result. */
bool journal_actor_take(struct journal_actor *a, int *result);

/* How long the batch took of which that was the report: microseconds. */
int64_t journal_actor_took(const struct journal_actor *a);

#endif
