/* What a command submits: gathered, checked as the broker will check it, then sent,
   to the broker or to the local agent, and each result said. Cut off at any point,
   the same command again goes on where it was (run.h) and does not do it twice.

       sending_open -> sending_begin -> { sending_add ... } -> sending_run        */
#ifndef AGENTS_CLI_SENDING_SENDING_H
#define AGENTS_CLI_SENDING_SENDING_H

#include "agents/cli/sending/sent.h"
#include "agents/cli/talk.h"
#include "schema/guard.h"

/* One that was gathered, for those who send. */
struct submission {
    struct sent sent;
    struct bytes body;
    uint8_t same[DIGEST_SIZE]; /* of what it says, whatever was seen */
    uint64_t row;              /* whose row it changes: some bytes of a digest */
    bool unseen;               /* `seen` is filled in when it goes */
    size_t after;              /* unseen: it goes after this many, of which the last changes the
                                  same row */
};

struct sending {
    struct talk *talk; /* borrowed */
    struct submission *list;
    size_t count, cap;
    int64_t line; /* the next one's, in a file; 0: in none */
    struct arena *scratch;
    struct guard guard;
};

/* talk_begin for commands that only submit: through an agent nobody else is spoken
   to, and no key is needed. */
int sending_open(struct talk *t, const struct invocation *in, struct arena *arena);

void sending_begin(struct sending *s, struct talk *t);
void sending_end(struct sending *s);

/* One more. `label` says to a person which it is ("da-2016/1.1 assure"); both are
   copied. EXIT_DONE, or EXIT_REFUSED after the fault was said with the label. */
int sending_add(struct sending *s, enum submission_kind kind, const union body *body,
                const char *label);

/* The same of one made from no view at all: `seen` will be the newest entry that is
   known when it goes, with what earlier ones of this command did to the same row. */
int sending_add_unseen(struct sending *s, enum submission_kind kind, const union body *body,
                       const char *label);

/* Sends all and prints a result for each, in their order: "da-2016/1.1 assure:
   accepted as entry 17", or as JSON. With --dry-run only says what would be sent.
   EXIT_DONE; EXIT_REFUSED where one was refused (the others were sent all the
   same); or why it could not be sent: the same command again goes on. */
int sending_run(struct sending *s);

/* One submission, from beginning to end. */
int sending_one(struct talk *t, enum submission_kind kind, const union body *body,
                const char *label);

/* Whether an earlier run of the same was cut off, so that sending_run would go on with
   it. EXIT_DONE, or what is wrong was said. */
int sending_begun(struct sending *s, bool *begun);

/* What became of submission i of the last run. */
bool sending_accepted(const struct sending *s, size_t i);
enum fault_code sending_refusal(const struct sending *s, size_t i);

/* And its body, as it was sent: of the earlier run, where this one went on with it. */
struct bytes sending_body(const struct sending *s, size_t i);

#endif
