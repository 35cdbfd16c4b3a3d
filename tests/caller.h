/* A client of a running broker, for system tests: submits lines of JSON through
   an outbox of its own, asks, and says what became of it. */
#ifndef TESTS_CALLER_H
#define TESTS_CALLER_H

#include "agents/libmaat/client.h"
#include "tests/rig.h"

struct caller {
    struct identity identity;
    struct outboxes *outboxes;
    struct outbox_id outbox;
    struct client_session *session;
    struct arena *arena;
    char said[LINK_REASON + 100];
    char *json;   /* of the last answer */
    int64_t seen; /* the newest journal number that was told */
};

/* The key file of the rig's directory, with the broker's address put in. */
void caller_identity(struct rig *r, const char *key_file, struct identity *out);

/* By that key file; its outboxes lie in DIR/`key_file`.outbox. `begin` does not
   connect. */
struct caller *caller_begin(struct rig *r, const char *key_file);
struct caller *caller_open(struct rig *r, const char *key_file);
void caller_close(struct caller **c);

/* Submits and waits: "accepted 17", or "rule status" as refused. In the line
   single quotes stand for JSON's, and SEEN for the newest number, with the epoch. */
const char *caller_say(struct caller *c, const char *line, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, and fails the test where it is not accepted. */
void caller_must(struct caller *c, const char *line, ...) __attribute__((format(printf, 2, 3)));

/* Only queues. */
void caller_queue(struct caller *c, const char *line, ...) __attribute__((format(printf, 2, 3)));

/* Asks (a query as JSON) and returns the answer as JSON, its last page where it has
   several; or "not-found", or why it was refused. */
const char *caller_ask(struct caller *c, const char *query, ...)
    __attribute__((format(printf, 2, 3)));

/* A new client by the operator, whose key file DIR/`key_file` is made. */
void caller_enrol(struct rig *r, struct caller *operator, const char * id, const char *role,
                  const char *key_file);

#endif
