/* Questions about the past, one after the other: the frame that asked waits here
   while a thread folds the past that its answer needs.

       past_queue_start -> { past_queue_add ... -> (its fd is readable)
                             -> past_queue_take -> past_queue_keep } ...
                         -> past_queue_stop

   What is folded is durable: a failure of the journal changes nothing here.   */
#ifndef BROKER_QUERIES_PAST_QUEUE_H
#define BROKER_QUERIES_PAST_QUEUE_H

#include "broker/queries/past_shelf.h"
#include "schema/wire/hub.h"

struct past_queue;

/* 0, or a negative errno. */
int past_queue_start(struct past_queue **out, struct journal *journal);

/* Drops what waits; a fold under way is cut short. */
void past_queue_stop(struct past_queue **out);

/* How many questions of this key wait, with the one that is being folded for. */
size_t past_queue_waiting(const struct past_queue *q, const uint8_t key[CURVE_KEY]);

/* Takes the frame over. */
void past_queue_add(struct past_queue *q, struct hub_frame *frame, const struct past_of *of);

/* To be polled for reading: a past is there. */
int past_queue_fd(const struct past_queue *q);

/* The oldest question and its past, for the caller to release, and to free or have
   kept: true; *result is what past_fold returned. */
bool past_queue_take(struct past_queue *q, struct hub_frame *frame, struct past *past, int *result);

/* Takes the past over, for the next that asks for the same within SHELF_TIME. */
void past_queue_keep(struct past_queue *q, struct past *past, int64_t now);

/* Frees what nobody has asked for so long. */
void past_queue_tidy(struct past_queue *q, int64_t now);

#endif
