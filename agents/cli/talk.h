/* One command's conversation with its board: whose key, where the broker is, what
   it said of itself. Whatever goes wrong is said on stderr, and the exit code
   returned.

       talk_open -> talk_connect -> talk_ask ... -> talk_close                    */
#ifndef AGENTS_CLI_TALK_H
#define AGENTS_CLI_TALK_H

#include "agents/cli/config.h"
#include "agents/libmaat/maat.h"
#include "schema/commands.h"
#include "schema/guard.h"
#include "schema/messages.h"

/* A page of an answer, valid for the call; returns false to end. */
typedef bool talk_page(void *context, const struct result *page);

struct talk {
    const struct invocation *in;
    struct arena *arena; /* the command's, of its whole life */
    struct common_option options;
    struct config config;
    struct maat_key *key;
    struct maat *broker;    /* NULL: only an agent is spoken with */
    struct welcome welcome; /* once connected; texts are in the arena */
    talk_page *each;        /* of the question that is asked */
    void *context;
    int ms; /* patience */
};

/* Finds out whose key it is; connects to nothing. */
int talk_open(struct talk *t, const struct invocation *in, struct arena *arena);
int talk_connect(struct talk *t);
void talk_close(struct talk *t);

/* The first half of talk_connect: what was seen last of the board's journal is known,
   and nobody is spoken with. */
int talk_open_broker(struct talk *t);

/* Both of the first. On anything but EXIT_DONE there is nothing to close. */
int talk_begin(struct talk *t, const struct invocation *in, struct arena *arena);

/* Asks; each page of the answer is handed over, valid for the call. What is absent
   or not to be seen is said by naming `what` ("da-2016/1.1"). */
int talk_ask(struct talk *t, const struct query *q, const char *what, talk_page *each,
             void *context);

/* A record that the library handed over, decoded; it lives as long as both that and the
   arena. */
void talk_read(struct arena *arena, const struct record *r, const struct maat_record *from,
               void *out);

/* What the broker will look for in texts, with the board's own mailboxes. */
struct guard talk_guard(struct talk *t);

/* --- what is wrong, said on stderr ------------------------------------------------- */

/* Why the conversation ended so; `more` is added. Returns the exit code. */
int talk_ended(const struct talk *t, enum maat_outcome outcome, const char *more);

/* "maat: ..." with the exit code handed through. */
int talk_complain(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The command's own options, decoded, texts read from where they are
   (given_text.h): EXIT_DONE, or what is wrong was said. */
int talk_options(const struct invocation *in, struct arena *arena, void *out);

#endif
