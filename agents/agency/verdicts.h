/* What the broker's verdicts mean for people: a line beside the spool's file, and a
   file in the folder of refusals. Each is said once, also where the agent is killed
   between the verdict and what is said of it, or a disk is full for a while: the
   outbox remembers up to which n all was said.                               */
#ifndef AGENTS_AGENCY_VERDICTS_H
#define AGENTS_AGENCY_VERDICTS_H

#include "agents/agency/spool/results.h"
#include "schema/arena.h"
#include "schema/records.h"

struct verdicts {
    struct maat_outbox *outboxes;
    struct results *results; /* NULL: there is no spool */
    const char *refused;     /* folder */
    struct arena *arena;
    struct maat_outbox_id outbox;
    int64_t said;       /* noted: up to this n all is said, of this outbox */
    int64_t last;       /* the last that was said, or is to be when it can */
    int64_t from_spool; /* none after this n came from the spool */
    bool behind;        /* something could not be said, */
    bool told;          /* and the log has told so */
};

/* What a file of the spool is to a submission that came from it: "spool FILE:LINE". */
enum { VERDICTS_SOURCE = 330 };
void verdicts_source(const char *file, int64_t line, char source[VERDICTS_SOURCE]);

/* Borrows all; says what was not said when the agent ended. 0 or an error of the
   outbox. */
int verdicts_open(struct verdicts *v, struct maat_outbox *outboxes,
                  const struct maat_outbox_id *outbox, struct results *results,
                  const char *refused);
void verdicts_close(struct verdicts *v);

/* After a fork. */
void verdicts_use(struct verdicts *v, const struct maat_outbox_id *outbox);

/* Of what is in the outbox now some may have come from the spool: each is looked up when
   it is accepted, which those that come after needn't be. */
void verdicts_expect(struct verdicts *v);

/* A verdict has come, as the library tells it. */
void verdicts_say(struct verdicts *v, const struct maat_kept *verdict);

/* Now and then, and at the end: says what could not be said, and notes how far it
   is. 0 or an error of the outbox. */
int verdicts_note(struct verdicts *v);

#endif
