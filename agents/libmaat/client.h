/* One program's connection to its board: a link and the peer that carries it.

   For a loop of its own (the agent):
       client_open -> { poll client_descriptor; client_step } ... -> client_close
   For one command (maat):
       client_open -> client_connect -> client_ask | client_settle ... -> client_close

   Nothing is lost where it ends early: what was submitted is in the outbox.    */
#ifndef AGENTS_LIBMAAT_CLIENT_H
#define AGENTS_LIBMAAT_CLIENT_H

#include "agents/libmaat/follow.h"
#include "agents/libmaat/link.h"
#include "schema/wire/peer.h"

/* How a connection, a question or a wait came out; each is what a person must do
   something else about. X(symbol, exit code, text) */
#define CLIENT_OUTCOMES(X)                                                           \
    X(CLIENT_DONE, 0, "done")                                                        \
    X(CLIENT_ABSENT, 1, "there is none such, or this client may not see it")         \
    X(CLIENT_REFUSED, 1, "the broker refused the question")                          \
    X(CLIENT_UNREACHABLE, 3, "the broker can't be reached")                          \
    X(CLIENT_UNKNOWN_KEY, 3, "the broker does not know this key, or it was revoked") \
    X(CLIENT_STRANGER, 3, "what answers there is not the broker of this key file")   \
    X(CLIENT_STOPPED, 3, "nothing more is said to this broker")                      \
    X(CLIENT_MACHINE, 4, "what is kept of the board here can't be read or written")

#define AS_ENUM(symbol, code, text) symbol,
enum client_outcome { CLIENT_OUTCOMES(AS_ENUM) CLIENT_OUTCOME_COUNT };
#undef AS_ENUM

const char *client_outcome_text(enum client_outcome outcome);
int client_exit_code(enum client_outcome outcome);

struct client_session;

/* `identity` is copied; where it does not say where its broker is, and with which key,
   nobody is dialled before client_use. `outboxes` and `outbox` (NULL where nothing is submitted),
   `software`, `events` are borrowed. NULL where memory ends. */
struct client_session *client_open(const struct identity *identity, struct outboxes *outboxes,
                                   const struct outbox_id *outbox, const char *software,
                                   const struct link_events *events, void *context);
void client_close(struct client_session **c);

/* From now on as another: the connection that there is ends, and the next begins at once. */
void client_use(struct client_session *c, const struct identity *identity);

/* The tree head that is kept of this broker's journal (head.h), opened by whoever
   drives the session, and borrowed; before the first step. Without one nothing is
   noticed that the broker does not say of itself. */
void client_keep_head(struct client_session *c, struct head_keeper *head);

/* It means to be the only one that works by its key (link.h); before the first step. */
void client_stand_alone(struct client_session *c);

/* A person takes the journal as it is now; the session dials again. 1, 0 where it had
   not stopped for that, or a negative error of the head. */
int client_forget_head(struct client_session *c);

struct link *client_link(struct client_session *c);

/* What was last known of the connection: "connected to tcp://...", or why not. */
const char *client_state(const struct client_session *c);

/* --- in a loop ------------------------------------------------------------------ */

/* For any loop: readable when client_step has something to do, and until it has done
   it. It stays the same through all connections. */
int client_descriptor(const struct client_session *c);

/* Dials, hears, says: all that can be done without waiting. 0 or a negative error
   of the outbox. */
int client_step(struct client_session *c);

/* Something was queued in the outbox: the descriptor is readable. */
void client_wake(struct client_session *c);

/* Drops the connection and dials again after a while: where the outbox could not
   be written, so that the broker says again what was not noted. */
void client_begin_again(struct client_session *c);

/* Follows a feed as long as the connection is there, and again when it is there
   again; borrowed, until it is let go of. False where there are FOLLOWS_MAX. */
bool client_follow(struct client_session *c, struct follow *f);
void client_unfollow(struct client_session *c, struct follow *f);

/* Asks: each page of the answer is handed to `each`, valid for the call, which returns
   false to end; and then how it came out to `done`, from where the next may be asked.
   Over a lost connection it is asked again. False where one is open, or it is longer
   than any that can be meant. */
typedef bool client_page(void *context, const struct result *page);
typedef void client_answered(void *context, enum client_outcome outcome, const char *reason);
bool client_question(struct client_session *c, const struct query *q, client_page *each,
                     client_answered *done, void *context);

bool client_has_question(const struct client_session *c);

/* Nothing more is told of it. */
void client_drop_question(struct client_session *c);

/* Why dialling again is of no use (a key that is not known any more, a link that
   stopped), else CLIENT_DONE. */
enum client_outcome client_hopeless(const struct client_session *c);

/* --- in a command ----------------------------------------------------------------- */

/* Waits up to `ms` for WELCOME. */
enum client_outcome client_connect(struct client_session *c, int ms);

/* Asks, and waits up to `ms` for each page. Of an error `why` (LINK_REASON bytes) says
   more. */
enum client_outcome client_ask(struct client_session *c, const struct query *q, int ms,
                               client_page *each, void *context, char why[LINK_REASON]);

/* Stays connected for `ms`. */
enum client_outcome client_rest(struct client_session *c, int ms);

/* From now on with this outbox; both are borrowed, the id copied. */
void client_begin(struct client_session *c, struct outboxes *outboxes,
                  const struct outbox_id *outbox);

/* Waits up to `ms` until everything queued in the outbox is settled. */
enum client_outcome client_settle(struct client_session *c, int ms);

/* Lets go of the outboxes, which may then be closed: only asks, until it begins again. */
void client_finish(struct client_session *c);

#endif
