/* What a command of the agent asks the broker itself, by the agent's key, beside an agent that
   runs or not. What goes wrong is said on stderr, and the exit code returned.

       question_open -> question_ask ... -> question_close                          */
#ifndef AGENTS_AGENCY_COMMANDS_QUESTION_H
#define AGENTS_AGENCY_COMMANDS_QUESTION_H

#include "agents/libmaat/maat.h"
#include "schema/commands.h"
#include "schema/messages.h"

struct question {
    struct arena *arena; /* the command's */
    struct maat *broker;
    struct maat_key *key;
    struct text client; /* who the broker says that this is */

    /* Of the question at hand: takes a page, valid for the call; returns false to end. */
    bool (*each)(void *context, const struct result *page);
    void *context;
};

/* Connects, by the agent's configuration. Close it whatever this returns. */
int question_open(struct question *q, const struct invocation *in, struct arena *arena);
void question_close(struct question *q);

int question_ask(struct question *q, const struct query *said,
                 bool (*each)(void *context, const struct result *page), void *context);

#endif
