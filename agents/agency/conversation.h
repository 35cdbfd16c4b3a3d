/* One caller's conversation with the agent: its lines in, an answer out for each,
   in order. What can't be answered yet (a verdict that is waited for) holds up
   the answers after it, not the lines. A caller that does not read its answers
   is not read from either; it never holds up another.                        */
#ifndef AGENTS_AGENCY_CONVERSATION_H
#define AGENTS_AGENCY_CONVERSATION_H

#include "agents/agency/batch.h"
#include "agents/files/lines.h"
#include "agents/files/outgoing.h"
#include "schema/local.h"

enum { CONVERSATION_ANSWERS = 256 };

/* An answer that is due. */
struct due {
    enum { DUE_READY, DUE_QUEUEING, DUE_VERDICT } state;
    bool wait;
    unsigned at; /* queueing: its place in the batch */
    struct maat_outbox_id outbox;
    int64_t n;  /* the verdict on this is waited for */
    char *text; /* ready: the line; owned */
};

struct conversation {
    int fd;
    int64_t heard; /* when it last said something: of a clock that never jumps */
    bool mute;     /* it hears nothing any more; what it said is taken all the same */
    struct due due[CONVERSATION_ANSWERS]; /* a ring */
    unsigned first, count;
    struct outgoing out; /* answers */
    struct lines lines;
};

/* What is asked that is no submission. Texts of the answer live in the arena. */
typedef void conversation_ask(void *context, struct arena *arena, const struct request *request,
                              struct answer *out);

struct conversation *conversation_begin(int fd, int64_t now);
void conversation_end(struct conversation **c);

/* It may be read from: there is room for what it says. */
bool conversation_may_read(const struct conversation *c);

/* Reads what is there; lines are taken by conversation_take. */
void conversation_read(struct conversation *c, int64_t now);

/* Takes lines, `most` of them, until the batch is full, or there is none, or no room
   for its answer. True if lines may be left. */
bool conversation_take(struct conversation *c, struct batch *b, unsigned most,
                       conversation_ask *ask, void *context);

/* The batch was queued in this outbox, `first` being the n of its first; or, where
   `later` is not NULL, it was not, and why. */
void conversation_queued(struct conversation *c, struct arena *arena,
                         const struct maat_outbox_id *outbox, int64_t first, const char *later);

/* Answers with the verdicts that have come. 0 or an error of the outbox. */
int conversation_settle(struct conversation *c, struct arena *arena, struct maat_outbox *outboxes);

/* After a fork: the old outbox's n is now the new one's. */
void conversation_renumber(struct conversation *c, const struct maat_outbox_id *from, int64_t n,
                           const struct maat_outbox_id *to, int64_t new_n);

/* Sends what is ready, as far as the socket takes it. */
void conversation_flush(struct conversation *c);

/* It is gone, and hears nothing more. */
void conversation_mute(struct conversation *c);

/* Nothing is said or due any more. */
bool conversation_is_over(const struct conversation *c);

#endif
