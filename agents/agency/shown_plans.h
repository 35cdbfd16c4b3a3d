/* The plans that a broker has shown this agent: asked of it when somebody wants to know,
   and remembered in a file beside the outbox, so that they are known when it is down. For
   an agent that stands for one of several boards (front.h); others never ask.

       shown_plans_load -> { shown_plans_ask, shown_plans_list } ... -> shown_plans_end  */
#ifndef AGENTS_AGENCY_SHOWN_PLANS_H
#define AGENTS_AGENCY_SHOWN_PLANS_H

#include "agents/agency/plan_list.h"
#include "agents/libmaat/maat.h"
#include "schema/local.h"

enum { SHOWN_PLANS_PATH = 1100 };

struct shown_plans {
    char path[SHOWN_PLANS_PATH];
    struct plan_list list;
    bool asking;    /* an answer is waited for */
    int64_t ask_at; /* not again before, of a clock that never jumps */
};

void shown_plans_load(struct shown_plans *p, const char *dir);
void shown_plans_end(struct shown_plans *p);

/* Asks the broker, unless that was done a moment ago. The answer comes in maat_step. */
void shown_plans_ask(struct shown_plans *p, struct maat *broker);

/* The next ones after this one, empty to begin: `plans` and `more` of an answer. */
void shown_plans_list(const struct shown_plans *p, struct text after, struct answer *out);

#endif
