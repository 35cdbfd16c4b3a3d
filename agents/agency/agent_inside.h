/* What the daemon is made of, for agent.c, which opens and closes it, and
   agent_turns.c, which runs it. */
#ifndef AGENTS_AGENCY_AGENT_INSIDE_H
#define AGENTS_AGENCY_AGENT_INSIDE_H

#include <sys/types.h>
#include <time.h>

#include "agents/agency/agent.h"
#include "agents/agency/callers.h"
#include "agents/agency/mailboxes.h"
#include "agents/agency/requests.h"
#include "agents/agency/spool/spool.h"
#include "agents/agency/verdicts.h"
#include "agents/agency/watched.h"
#include "agents/libmaat/maat.h"
#include "schema/wire/supervisor.h"

/* What a person must do before the broker can be reached; each is said once. */
enum agent_need {
    NEEDS_NOTHING,
    NEEDS_BOARD,        /* to accept the board's line */
    NEEDS_ENROLMENT,    /* the operator, to let the key in */
    NEEDS_RIGHT_BROKER, /* another answers */
    NEEDS_ANSWER,       /* nobody answers */
};

/* Which file it is: another of the same name is another. */
struct agent_key_file {
    ino_t number;
    struct timespec changed;
};

/* What is open, from the key to the socket; closed in reverse. */
struct agent {
    const struct agent_option *options;
    const char *at; /* which of several boards; NULL: the one there is */
    struct maat_key *key;
    struct agent_key_file key_file;
    int64_t begun; /* with this key: of a clock that never jumps */
    enum agent_need need;
    struct maat_outbox *outboxes;
    struct maat_outbox_id outbox;
    struct mailboxes mailboxes;
    struct batch batch;
    struct maat *broker;
    struct callers *callers;
    struct results *results; /* with the spool */
    struct spool *spool;     /* NULL: none */
    struct verdicts verdicts;
    struct requests requests;
    struct watched watched;
    struct agent_vitals vitals;
    struct pollfd *items;
    struct pollfd *callers_at;
    char refused[AGENT_PATH + 1];
    int64_t note_at, prune_at, tidy_at; /* of a clock that never jumps */
    int signals;
    struct supervisor supervisor;
    bool stopping;
    bool up, stopped; /* the connection, as was told last */
    int64_t put_off;  /* by the broker, since then; 0: it is not */
    bool told_put_off, clock_off;
    bool settled;    /* a verdict came in this turn */
    bool left;       /* lines were left for the next batch */
    bool asked;      /* somebody wants to see how it is */
    struct why *why; /* it can't go on */
};

/* Turns of the loop, until a signal (0) or an error. */
int agent_serve(struct agent *a);

#endif
