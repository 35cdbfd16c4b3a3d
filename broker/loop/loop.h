/* The broker at work: one thread that reads frames, has them answered, hands
   batches of entries to the journal's actor, lets answers leave when they are
   durable, and has the state written now and then by a thread of its own.     */
#ifndef BROKER_LOOP_LOOP_H
#define BROKER_LOOP_LOOP_H

#include "broker/service.h"
#include "schema/why.h"
#include "schema/wire/monitor.h"
#include "schema/wire/zap.h"

/* What it works with; all borrowed. */
struct loop_parts {
    const char *dir; /* on the file system that must have room */
    struct ledger *ledger;
    struct hub *hub;
    struct zap *zap;
    int signals;             /* a signalfd: what comes here ends the loop */
    struct monitor *monitor; /* who is shown how it is (vitals.h), if asked; NULL: nobody */
    const struct guard *guard;
    const struct run_option *options;
    const uint8_t *signing; /* CHECKPOINT_KEY bytes */
};

/* Serves until a signal; then takes nothing more, makes durable and answers what
   was taken, has the state written as far as there is time, and returns 0. Negative:
   the machine failed so that going on is no use; nothing that was not durable has been
   told to anyone. */
int loop_run(const struct loop_parts *parts, struct why *why);

#endif
