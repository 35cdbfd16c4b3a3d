/* What is asked of the agent on its socket: how it is, what was refused; and what
   a person says of that. */
#ifndef AGENTS_AGENCY_REQUESTS_H
#define AGENTS_AGENCY_REQUESTS_H

#include "agents/agency/shown_plans.h"
#include "agents/agency/spool/spool.h"
#include "agents/agency/vitals.h"
#include "agents/libmaat/maat.h"
#include "schema/local.h"
#include "schema/messages.h"

/* A person has dealt with a refusal. */
typedef void refusal_dealt(void *context, const struct maat_outbox_id *outbox, int64_t n);

struct requests {
    struct maat_outbox *outboxes;
    struct maat *broker;
    const struct spool *spool; /* NULL: none */
    const char *software;
    char name[PATH_MAX_LEN + 1], board[TITLE_MAX + 1]; /* empty before the first WELCOME */
    const struct agent_vitals *vitals;                 /* borrowed, as are these two */
    const char *outbox;                                /* its folder */
    struct maat_key *const *key;                       /* the agent's, which may become another */
    bool knows_clock;
    int64_t clock_ahead;       /* of the broker's; microseconds */
    struct maat_shared shared; /* the newest who worked by the same key, if one ever did */
    struct shown_plans plans;  /* to be loaded and ended by whoever has these requests */
    bool room;
    refusal_dealt *dealt;
    void *context;
};

void requests_init(struct requests *r, struct maat_outbox *outboxes, struct maat *broker,
                   const struct spool *spool, const char *software, refusal_dealt *dealt,
                   void *context);

/* What else there is to tell of it. */
void requests_watch(struct requests *r, const struct agent_vitals *vitals, const char *outbox,
                    struct maat_key *const *key);

/* `wall` is the time of day when it was heard. */
void requests_welcome(struct requests *r, const struct welcome *w, int64_t wall);

/* Another program works by the same key, or does no longer, and is told of all the same. */
void requests_shared(struct requests *r, const struct maat_shared *shared);

/* Whether there is room in the outbox, as it was seen last. Says so in the log
   where it changes. */
void requests_tell_room(struct requests *r, bool room);

/* How the agent is; texts are in the arena, or live as long as it does. 0 or an error of the
   outbox. */
int requests_status(struct requests *r, struct arena *arena, struct agent_status *out);

/* A conversation_ask; `context` is the struct requests. */
void requests_answer(void *context, struct arena *arena, const struct request *request,
                     struct answer *out);

#endif
